import type { PersonView } from '@qd/shared/users';
import { lazy, Suspense, useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { formatCount } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { usePersonMutations } from '../use-users-mutations.ts';
import { SuspendedSlots } from './suspended-slots.tsx';
import { useWhyNot } from './why-not.ts';

const OffboardDialog = lazy(() => import('./offboard-dialog.tsx').then((m) => ({ default: m.OffboardDialog })));

type Open = 'suspend' | 'reinstate' | 'end_sessions' | 'offboard' | null;

/** What can be done to the whole person; what cannot says why. */
export function PersonActs({ person }: { person: PersonView }) {
  const [open, setOpen] = useState<Open>(null);
  const whyNot = useWhyNot(person);
  if (person.state === 'offboarded') return null;
  const isSuspended = person.state === 'suspended';
  const close = () => setOpen(null);
  return (
    <div className="mt-4 border-t border-line pt-3">
      <div className="flex flex-wrap gap-2">
        <Button
          size="s"
          disabledReason={person.sessions === 0 ? 'No session is open.' : whyNot('end_sessions')}
          onClick={() => setOpen('end_sessions')}
        >
          End sessions
        </Button>
        {isSuspended ? (
          <Button size="s" disabledReason={whyNot('reinstate')} onClick={() => setOpen('reinstate')}>
            Reinstate
          </Button>
        ) : (
          <Button size="s" variant="danger" disabledReason={whyNot('suspend')} onClick={() => setOpen('suspend')}>
            Suspend
          </Button>
        )}
        <Button size="s" variant="danger" disabledReason={whyNot('offboard')} onClick={() => setOpen('offboard')}>
          Offboard
        </Button>
      </div>
      {open === 'offboard' ? (
        <Suspense>
          <OffboardDialog person={person} onClose={close} />
        </Suspense>
      ) : (
        open !== null && <StateDialog person={person} act={open} onClose={close} />
      )}
    </div>
  );
}

function reachWords(person: PersonView): string {
  const parts = [
    person.sessions === 1 ? '1 session' : `${formatCount(person.sessions)} sessions`,
    person.grants.length === 1 ? '1 role' : `${formatCount(person.grants.length)} roles`,
    person.memberships.length === 1
      ? '1 platform account'
      : `${formatCount(person.memberships.length)} platform accounts`,
    person.apiKeys === 1 ? '1 API key' : `${formatCount(person.apiKeys)} API keys`,
  ];
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

interface StateDialogProps {
  person: PersonView;
  act: 'suspend' | 'reinstate' | 'end_sessions';
  onClose(): void;
}

function StateDialog({ person, act, onClose }: StateDialogProps) {
  const { suspend, reinstate, endSessions } = usePersonMutations();
  const toasts = useToasts();
  const { id, name } = person;
  if (act === 'end_sessions') {
    const end = async (reason: string) => {
      const { ended } = await endSessions.mutateAsync({ id, reason });
      toasts.show({ message: `${name} is signed out everywhere.`, detail: `${ended} ended.` });
    };
    return (
      <ActDialog
        title={`End the sessions of ${name}?`}
        cost={`${person.sessions === 1 ? 'The open session ends' : `All ${person.sessions} open sessions end`} at once. They can sign in again.`}
        confirmLabel="End sessions"
        onAct={end}
        onClose={onClose}
      />
    );
  }
  if (act === 'reinstate') {
    const letIn = async (reason: string) => {
      await reinstate.mutateAsync({ id, reason });
      toasts.show({ message: `${name} is reinstated.`, detail: 'They can sign in again.' });
    };
    return (
      <ActDialog
        title={`Reinstate ${name}?`}
        cost={`They get back what they had: ${reachWords({ ...person, sessions: 0 }).replace('0 sessions, ', '')}. Sessions stay ended.`}
        confirmLabel="Reinstate"
        danger={false}
        onAct={letIn}
        onClose={onClose}
      />
    );
  }
  const stop = async (reason: string) => {
    await suspend.mutateAsync({ id, reason });
    toasts.show({ message: `${name} is suspended.`, detail: 'Their sessions have ended.' });
  };
  return (
    <ActDialog
      title={`Suspend ${name}?`}
      cost={`${reachWords(person)} stop working at once. Nothing is deleted; reinstating gives them back, but for the sessions.`}
      confirmLabel="Suspend"
      typeName={name}
      onAct={stop}
      onClose={onClose}
    >
      <SuspendedSlots userId={id} />
    </ActDialog>
  );
}
