import type { PersonSession, PersonView } from '@qd/shared/users';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { describeError } from '../../../lib/errors.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { seenWords } from '../person-words.ts';
import { usePersonMutations } from '../use-users-mutations.ts';
import { PanelSection } from './panel-section.tsx';
import { useWhyNot } from './why-not.ts';

/** Where the person is signed in. */
export function SessionsSection({ person, now }: { person: PersonView; now: number }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.users.sessions.queryOptions({ id: person.id }));
  const [ending, setEnding] = useState<PersonSession | null>(null);
  return (
    <PanelSection title="Sessions">
      {error !== null && (
        <p role="alert" className="text-crit">
          {describeError(error).message}
        </p>
      )}
      {data?.length === 0 && <p className="text-ink-3">Signed in nowhere.</p>}
      <ul>
        {data?.map((session) => (
          <SessionLine key={session.id} person={person} session={session} now={now} onEnd={() => setEnding(session)} />
        ))}
      </ul>
      {ending !== null && <EndDialog person={person} session={ending} onClose={() => setEnding(null)} />}
    </PanelSection>
  );
}

interface SessionLineProps {
  person: PersonView;
  session: PersonSession;
  now: number;
  onEnd(): void;
}

function SessionLine({ person, session, now, onEnd }: SessionLineProps) {
  const { zone } = useTimeZone();
  const whyNot = useWhyNot(person);
  return (
    <li className="flex items-start gap-2 py-1">
      <span className="min-w-0 flex-1">
        {session.device} {session.isCurrent && <Tag>yours, now</Tag>}
        <span className="block text-small text-ink-3 wrap-anywhere">
          {session.address},{' '}
          <span title={formatDateTime(session.lastSeenAt, zone, now)}>{seenWords(session.lastSeenAt, zone, now)}</span>,{' '}
          {session.assurance === 2 ? 'two factors' : 'one factor'}
        </span>
      </span>
      <Button
        size="s"
        aria-label={`End the session ${session.device}`}
        disabledReason={whyNot('end_sessions')}
        onClick={onEnd}
      >
        End
      </Button>
    </li>
  );
}

function EndDialog({ person, session, onClose }: { person: PersonView; session: PersonSession; onClose(): void }) {
  const { endSession } = usePersonMutations();
  const toasts = useToasts();
  const end = async (reason: string) => {
    await endSession.mutateAsync({ id: person.id, sessionId: session.id, reason });
    toasts.show({ message: `A session of ${person.name} has ended.`, detail: session.device });
  };
  return (
    <ActDialog
      title={`End the session ${session.device}?`}
      cost="It is refused from its next call on. The person can sign in again."
      confirmLabel="End session"
      onAct={end}
      onClose={onClose}
    />
  );
}
