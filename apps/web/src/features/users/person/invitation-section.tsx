import type { NewLink, PersonView } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { describeError } from '../../../lib/errors.ts';
import { formatDateTime, formatWhen } from '../../../lib/format.ts';
import { LinkOnce } from '../../../lib/link-once.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useInviteMutations } from '../use-users-mutations.ts';
import { PanelSection } from './panel-section.tsx';

/** The way in of somebody who has not come in yet. */
export function InvitationSection({ person, now }: { person: PersonView; now: number }) {
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  const can = useCan();
  const toasts = useToasts();
  const { resend, revoke } = useInviteMutations();
  const [link, setLink] = useState<NewLink | null>(null);
  const [asks, setAsks] = useState(false);
  const { invitation } = person;
  if (person.state !== 'invited') return null;
  const refused = can('users:invite') ? undefined : 'Your role does not invite people. Owners, admins and support can.';
  const failure = resend.error === null ? null : describeError(resend.error);
  return (
    <PanelSection title="Invitation">
      {invitation === null ? (
        <p className="text-ink-2">No link of theirs works any more. Send a new one, or revoke the invitation.</p>
      ) : (
        <p className="text-ink-2">
          {invitation.title} on {nameOf(invitation.platform)}, by {invitation.invitedBy?.name ?? 'somebody'},{' '}
          {formatWhen(invitation.createdAt, zone, now)}. Open until {formatDateTime(invitation.expiresAt, zone, now)}.
        </p>
      )}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          size="s"
          disabledReason={refused}
          pending={resend.isPending}
          onClick={() => resend.mutate({ id: person.id }, { onSuccess: setLink })}
        >
          Send a new link
        </Button>
        <Button size="s" variant="danger" disabledReason={refused} onClick={() => setAsks(true)}>
          Revoke invitation
        </Button>
      </div>
      {failure !== null && (
        <p role="alert" className="mt-2 text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
      {link !== null && <LinkOnce link={link} email={person.email} now={now} />}
      {asks && (
        <ActDialog
          title={`Revoke the invitation of ${person.name}?`}
          cost="Their link stops working at once. They can be invited again."
          confirmLabel="Revoke invitation"
          onAct={async (reason) => {
            await revoke.mutateAsync({ id: person.id, reason });
            toasts.show({ message: `The invitation of ${person.name} is revoked.` });
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </PanelSection>
  );
}
