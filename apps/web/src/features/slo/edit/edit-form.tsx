import type { SloDefinition, SourceChoiceView } from '@qd/shared/slo';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Call } from '../../../ui/call.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { useDefinitionMutations } from '../use-slo-mutations.ts';
import { ArchiveButton } from './archive-button.tsx';
import { BeforeSave } from './before-save.tsx';
import { isSame, mergeDefinitions } from './compare.ts';
import { Conflict } from './conflict.tsx';
import { fillDraft } from './draft/fill-draft.ts';
import { readDraft } from './draft/read-draft.ts';
import { useDraft } from './draft/use-draft.ts';
import { SloForm } from './form/slo-form.tsx';
import { KeptNote } from './kept-note.tsx';

/** A definition and the revision that says it. */
export interface Stored {
  definition: SloDefinition;
  revision: number;
}

export interface EditFormProps {
  id: string;
  /** What is stored now; it may move on while this form is open. */
  stored: Stored;
  sources: readonly SourceChoiceView[];
  /** Reads what is stored again. */
  onRead(): Promise<Stored | undefined>;
}

/** Where the changes are made from: it stays until the person decides, whatever is saved meanwhile. */
interface Base extends Stored {
  isMerged: boolean;
}

/** The form of an objective that is stored; on a conflict it begins again from what is stored now. */
export function EditForm(props: EditFormProps) {
  const [base, setBase] = useState<Base>({ ...props.stored, isMerged: false });
  const [reason, setReason] = useState('');
  return <EditFrom key={base.revision} {...props} base={base} onBase={setBase} reason={reason} onReason={setReason} />;
}

interface EditFromProps extends EditFormProps {
  base: Base;
  onBase(base: Base): void;
  reason: string;
  onReason(reason: string): void;
}

function EditFrom({ id, stored, sources, onRead, base, onBase, reason, onReason }: EditFromProps) {
  const navigate = useNavigate();
  const to = useTo();
  const toasts = useToasts();
  const { update } = useDefinitionMutations();
  const [initial] = useState(() => fillDraft(base.definition, serverNow()));
  const state = useDraft(id, initial, base.revision);
  const { platform } = base.definition;
  const platformName = sources.find((one) => one.platformId === platform)?.platformName ?? platform;
  const sourceName = (sourceId: string) => sources.find((one) => one.id === sourceId)?.name ?? sourceId;
  const { definition: ours } = readDraft(state.draft);
  const isConflict = stored.revision > base.revision && !isSame(stored.definition, base.definition);
  // A revision that says the same is no conflict: the change is made from it.
  const from = isConflict ? base.revision : stored.revision;
  const save = async (definition: SloDefinition) => {
    try {
      const { revision } = await update.mutateAsync({ id, revision: from, definition, reason: reason.trim() });
      state.forget();
      toasts.show({ message: `${definition.name} is saved.`, detail: `Revision ${revision}.` });
      await navigate(to(paths.slo(id)));
    } catch (error) {
      const isOld = describeError(error).fields.some(({ field }) => field === 'revision');
      const now = isOld ? await onRead() : undefined;
      // Somebody was faster: what they saved is shown beside ours, and the person decides.
      if (now === undefined || now.revision <= from) throw error;
    }
  };
  const merge = () => {
    if (ours === null) return;
    const merged = mergeDefinitions(base.definition, stored.definition, ours).definition;
    state.moveTo(fillDraft(merged, serverNow()), stored.revision);
    onBase({ ...stored, isMerged: true });
  };
  const takeTheirs = () => {
    state.forget();
    onBase({ ...stored, isMerged: false });
  };
  return (
    <>
      <div className="flex flex-wrap items-start gap-3">
        <Call>What changes about {base.definition.name}?</Call>
        <ArchiveButton slo={{ id, name: base.definition.name }} />
      </div>
      <SloForm
        draft={state.draft}
        onDraft={state.setDraft}
        platforms={[{ id: platform, name: platformName }]}
        sources={sources}
        platformFixed
        saveLabel="Save changes"
        saveRefused={refusal(state.isChanged, isConflict)}
        onSave={save}
        onCancel={() => {
          state.forget();
          void navigate(to(paths.slo(id)));
        }}
        beforeSave={(definition) => (
          <BeforeSave
            base={base.definition}
            definition={definition}
            sources={sources}
            reason={reason}
            onReason={onReason}
          />
        )}
      >
        {isConflict && (
          <Conflict
            id={id}
            base={base.definition}
            theirs={stored.definition}
            revision={stored.revision}
            ours={ours}
            sourceName={sourceName}
            onMerge={merge}
            onTakeTheirs={takeTheirs}
          />
        )}
        {!isConflict && base.isMerged && (
          <p role="status" className="font-medium">
            Your changes stand on top of revision {base.revision} now. Look them over, then save.
          </p>
        )}
        {!isConflict && !base.isMerged && state.foundAt !== null && (
          <KeptNote foundAt={state.foundAt} onDiscard={state.discard} />
        )}
      </SloForm>
    </>
  );
}

function refusal(isChanged: boolean, isConflict: boolean): string | undefined {
  if (isConflict) return 'Someone saved meanwhile. Decide above how to go on.';
  return isChanged ? undefined : 'There is nothing to save.';
}
