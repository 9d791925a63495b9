import type { KeyLimitsView, UpdateKeyInput } from '@qd/shared/api-keys';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { ChangeList } from '../change-list.tsx';
import { RangesField, RateField } from './limit-fields.tsx';
import { changesOf, draftOf, readLimits } from './limits-draft.ts';
import { LimitsPreview } from './limits-preview.tsx';
import { ScopeFields } from './scope-fields.tsx';

export interface LimitsFormProps {
  limits: KeyLimitsView;
  /** Person the key acts for. */
  owner: { id: string } | null;
  onClose(): void;
}

/** Changes name, scopes and limits of a key; what changes, and what limits would have refused, is shown before it is saved. */
export function LimitsForm({ limits, owner, onClose }: LimitsFormProps) {
  const trpc = useTRPC();
  const { data: use } = useQuery(trpc.apiKeys.scopeUse.queryOptions({ id: limits.id }));
  const start = draftOf(limits);
  const [typed, setTyped] = useState({ name: start.name, scopes: start.scopes });
  const ranges = useSettled(start.ranges);
  const rate = useSettled(start.rate);
  const draft = { ...typed, ranges: ranges.draft, rate: rate.draft };
  const changes = changesOf(start, draft, use);
  const { save, tried, isPending, failure } = useSave(limits.name, onClose);
  const read = readLimits(draft, limits);
  const faults = tried && 'faults' in read ? read.faults : {};
  return (
    <form
      noValidate
      className="grid gap-3 border-t border-line pt-2"
      onSubmit={(event) => save(event, 'input' in read && changes.length > 0 ? read.input : null)}
    >
      <Field label="Name" required error={faults['name']}>
        <Input
          value={typed.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => setTyped({ ...typed, name: event.target.value })}
        />
      </Field>
      <ScopeFields
        platform={limits.platform}
        owner={owner}
        own={limits.scopes}
        chosen={typed.scopes}
        use={use}
        error={faults['scopes']}
        onChange={(scopes) => setTyped({ ...typed, scopes })}
      />
      <RangesField text={ranges.draft} error={faults['ipAllow']} onChange={ranges.setDraft} />
      <RateField text={rate.draft} error={faults['rateLimitPerMin']} onChange={rate.setDraft} />
      <LimitsPreview id={limits.id} ranges={ranges.settled} rate={rate.settled} />
      <ChangeList title="Saving changes this at once:" changes={changes} />
      {failure !== null && (
        <p role="alert" className="font-medium text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
      <div className="flex gap-2">
        <Button
          type="submit"
          size="s"
          variant="primary"
          pending={isPending}
          disabledReason={changes.length === 0 ? 'Nothing is changed yet.' : undefined}
        >
          Save changes
        </Button>
        <Button size="s" variant="ghost" onClick={onClose}>
          Undo
        </Button>
      </div>
    </form>
  );
}

function useSave(name: string, onDone: () => void) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const toasts = useToasts();
  const [tried, setTried] = useState(false);
  const update = useMutation(
    trpc.apiKeys.update.mutationOptions({
      onSettled: () => void cache.invalidateQueries(trpc.apiKeys.pathFilter()),
      onSuccess: (_answer, input) => {
        onDone();
        toasts.show({ message: `${input.name ?? name} is changed.`, glyph: 'done' });
      },
    }),
  );
  const save = (event: FormEvent, input: UpdateKeyInput | null): void => {
    event.preventDefault();
    setTried(true);
    if (input !== null && !update.isPending) update.mutate(input);
  };
  const failure = update.error === null ? null : describeError(update.error);
  return { save, tried, isPending: update.isPending, failure };
}

/** A text as typed, and as it stood when the typing paused: only then the traffic is asked. */
function useSettled(start: string) {
  const [settled, setSettled] = useState(start);
  const { draft, setDraft } = useSettledText(settled, setSettled);
  return { draft, setDraft, settled };
}
