import type { BlastRadius, OffboardInput, PersonView } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { usePersonMutations } from '../use-users-mutations.ts';
import type { KeyChoices } from './key-choice.tsx';
import { OffboardRadius } from './offboard-radius.tsx';

/** Asks before somebody leaves for good, with everything that ends shown first. */
export function OffboardDialog({ person, onClose }: { person: PersonView; onClose(): void }) {
  const trpc = useTRPC();
  const { data, error, refetch, isFetching } = useQuery(
    trpc.users.blastRadius.queryOptions({ id: person.id }, { staleTime: 0 }),
  );
  if (data !== undefined && data.refusal === null) return <Confirm person={person} radius={data} onClose={onClose} />;
  const failure = error === null ? null : describeError(error);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Offboard ${person.name}`}
      description={
        data?.refusal ?? (failure === null ? 'Reading what would end…' : `${failure.message} ${failure.remedy}`)
      }
      footer={
        <>
          {failure !== null && (
            <Button icon="refresh" pending={isFetching} onClick={() => void refetch()}>
              Try again
            </Button>
          )}
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Close
          </Button>
        </>
      }
    />
  );
}

interface ConfirmProps {
  person: PersonView;
  radius: BlastRadius;
  onClose(): void;
}

function Confirm({ person, radius, onClose }: ConfirmProps) {
  const toasts = useToasts();
  const { offboard } = usePersonMutations();
  const [choices, setChoices] = useState<KeyChoices>({});
  const undecided = radius.keys.find((key) => choices[key.id] === 'undecided');
  const leave = async (reason: string) => {
    const keys = radius.keys.map((key) => fateOf(key.id, choices[key.id]));
    const ended = await offboard.mutateAsync({ id: person.id, reason, keys });
    const slots = ended.endedSlots === 0 ? '' : ` ${ended.endedSlots} on-call slots ended.`;
    const kept = ended.transferredKeys === 0 ? '' : ` ${ended.transferredKeys} passed on.`;
    toasts.show({
      message: `${person.name} is offboarded.`,
      detail: `${ended.endedSessions} sessions, ${ended.removedGrants} roles and ${ended.revokedKeys} keys ended.${kept}${slots}`,
    });
  };
  return (
    <ActDialog
      title={`Offboard ${person.name}?`}
      cost="Everything below ends at once and for good. The row stays for the record."
      confirmLabel="Offboard"
      typeName={person.name}
      missing={undecided === undefined ? null : `Choose who takes over ${undecided.name}, or revoke it.`}
      onAct={leave}
      onClose={onClose}
    >
      <OffboardRadius
        radius={radius}
        choices={choices}
        onChoose={(id, choice) => setChoices({ ...choices, [id]: choice })}
      />
    </ActDialog>
  );
}

function fateOf(keyId: string, choice: KeyChoices[string]): OffboardInput['keys'][number] {
  return typeof choice === 'object' ? { keyId, becomes: 'transfer', to: choice.id } : { keyId, becomes: 'revoke' };
}
