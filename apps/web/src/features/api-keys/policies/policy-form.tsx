import type { KeyPolicyView } from '@qd/shared/api-keys';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { ChangeList } from '../change-list.tsx';
import { changesOf, draftOf, readPolicy } from './policy-draft.ts';
import { PolicyFields } from './policy-fields.tsx';

/** How keys of a platform are made from now on; what saving changes is shown before it is saved. */
export function PolicyForm({ view }: { view: KeyPolicyView }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const toasts = useToasts();
  const [draft, setDraft] = useState(() => draftOf(view));
  const [tried, setTried] = useState(false);
  const set = useMutation(
    trpc.apiKeys.policies.set.mutationOptions({
      onSettled: () => void cache.invalidateQueries(trpc.apiKeys.pathFilter()),
      onSuccess: () => toasts.show({ message: `The policy of ${view.platformName} is changed.`, glyph: 'done' }),
    }),
  );
  const read = readPolicy(draft, view);
  const changes = changesOf(draftOf(view), draft);
  const faults = tried && 'faults' in read ? read.faults : {};
  const failure = set.error === null ? null : describeError(set.error);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if ('input' in read && !set.isPending && changes.length > 0) set.mutate(read.input);
  };
  const why = view.canChange ? undefined : 'Your role does not change policies. Owners and admins can.';
  return (
    <form noValidate aria-label={`Policy of ${view.platformName}`} className="grid max-w-[760px] gap-4" onSubmit={save}>
      <PolicyFields
        draft={draft}
        faults={faults}
        readOnly={!view.canChange}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      <ChangeList title="For keys made from now on; keys there are stay as they are." changes={changes} />
      {failure !== null && (
        <p role="alert" className="font-medium text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          pending={set.isPending}
          disabledReason={why ?? (changes.length === 0 ? 'Nothing is changed yet.' : undefined)}
        >
          Save policy
        </Button>
        {changes.length > 0 && (
          <Button variant="ghost" onClick={() => setDraft(draftOf(view))}>
            Undo changes
          </Button>
        )}
      </div>
    </form>
  );
}
