import type { SloDefinition, SourceChoiceView } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { paths } from '../../../lib/paths.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { usePlatformScope, useTo, useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Call } from '../../../ui/call.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { QueryTrouble } from '../slo-query-trouble.tsx';
import { useDefinitionMutations } from '../use-slo-mutations.ts';
import { emptyDraft, type SloDraft } from './draft/draft.ts';
import { copyDraft } from './draft/fill-draft.ts';
import { useDraft } from './draft/use-draft.ts';
import { FormLoading } from './form-loading.tsx';
import { onPlatform } from './form/basics-part.tsx';
import { SloForm } from './form/slo-form.tsx';
import { KeptNote } from './kept-note.tsx';
import { useFormSources } from './use-form-sources.ts';

/** A new objective: from platform, source, query, target and name to its first figures. */
export function SloNewPage() {
  const can = useCan();
  if (!can('slo:write')) {
    return (
      <>
        <h1 className="sr-only">New SLO</h1>
        <Forbidden title="Your role cannot define SLOs.">Owners and admins can. Ask one of them.</Forbidden>
      </>
    );
  }
  return <Ready />;
}

function Ready() {
  const trpc = useTRPC();
  const { sources, platforms, error, isFetching, retry } = useFormSources();
  const [from] = useUrlParam('from');
  const origin = useQuery(trpc.slo.definitions.get.queryOptions({ id: from ?? '' }, { enabled: from !== null }));
  const trouble = error ?? origin.error;
  if (sources === undefined || platforms === undefined || (from !== null && origin.data === undefined)) {
    if (trouble === null) return <FormLoading words="Reading the sources…" />;
    return (
      <QueryTrouble
        what="The form"
        pageTitle="New SLO"
        error={trouble}
        retrying={isFetching || origin.isFetching}
        onRetry={() => {
          retry();
          if (from !== null) void origin.refetch();
        }}
      />
    );
  }
  const copied = from === null ? null : (origin.data?.definition ?? null);
  return <NewForm key={from ?? ''} sources={sources} platforms={platforms} from={from} copied={copied} />;
}

interface NewFormProps {
  sources: readonly SourceChoiceView[];
  platforms: readonly { id: string; name: string }[];
  from: string | null;
  copied: SloDefinition | null;
}

/** An empty form: on the platform the reader looks at, or on the only one there is. */
function firstDraft({ sources, platforms, copied }: NewFormProps, scope: string | null): SloDraft {
  if (copied !== null) return copyDraft(copied, serverNow());
  const platform = platforms.find(({ id }) => id === scope) ?? (platforms.length === 1 ? platforms[0] : undefined);
  const draft = emptyDraft(platform?.id ?? '', serverNow());
  return platform === undefined ? draft : { ...draft, ...onPlatform(platform.id, sources) };
}

function NewForm(props: NewFormProps) {
  const { sources, platforms, from } = props;
  const navigate = useNavigate();
  const to = useTo();
  const toasts = useToasts();
  const [scope] = usePlatformScope();
  const [initial] = useState(() => firstDraft(props, scope));
  const state = useDraft(from === null ? 'new' : `copy:${from}`, initial, 0);
  const { create } = useDefinitionMutations();
  const save = async (definition: SloDefinition) => {
    const { id } = await create.mutateAsync(definition);
    state.forget();
    toasts.show({
      message: `${definition.name} is being measured.`,
      detail: 'The first figures arrive within a minute.',
    });
    await navigate(to(paths.slo(id)));
  };
  return (
    <>
      <Call>What do you promise, and how is it counted?</Call>
      <SloForm
        draft={state.draft}
        onDraft={state.setDraft}
        platforms={platforms}
        sources={sources}
        platformFixed={false}
        saveLabel="Create SLO"
        onSave={save}
        onCancel={() => {
          state.forget();
          void navigate(to(paths.slos));
        }}
      >
        {state.foundAt !== null && <KeptNote foundAt={state.foundAt} onDiscard={state.discard} />}
        <CopyFrom from={from} />
      </SloForm>
    </>
  );
}

/** Another objective as the start of this one. */
function CopyFrom({ from }: { from: string | null }) {
  const trpc = useTRPC();
  const [, setFrom] = useUrlParam('from');
  const { data, error } = useQuery(trpc.slo.list.queryOptions({}));
  const rows = data?.rows.filter(({ isDemo }) => !isDemo) ?? [];
  if (rows.length === 0 && error === null) return null;
  return (
    <Field
      label="Copy from an existing SLO"
      aside="optional"
      error={error === null ? undefined : describeError(error).message}
      className="max-w-[420px]"
    >
      <Select value={from ?? ''} onChange={(event) => setFrom(event.target.value === '' ? null : event.target.value)}>
        <option value="">Start empty</option>
        {rows.map(({ id, name, platformName }) => (
          <option key={id} value={id}>
            {platformName}, {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
