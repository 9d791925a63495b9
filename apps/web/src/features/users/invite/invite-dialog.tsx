import { useId, useState, type FormEvent } from 'react';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { describeError } from '../../../lib/errors.ts';
import { LinkOnce } from '../../../lib/link-once.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { usePlatformScope } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FormFailure, SaveFoot } from '../form-parts.tsx';
import { useInviteMutations } from '../use-users-mutations.ts';
import { emptyDraft, readInvite, type InviteDraft } from './draft.ts';
import { InviteFields } from './invite-fields.tsx';
import { InvitePreview } from './invite-preview.tsx';

/** Invites somebody: what they will see is shown first, their link once. */
export function InviteDialog({ now, onClose }: { now: number; onClose(): void }) {
  const form = useId();
  const { zone } = useTimeZone();
  const [scope] = usePlatformScope();
  const { invite } = useInviteMutations();
  const [draft, setDraft] = useState<InviteDraft>({ ...emptyDraft, platform: scope ?? '*' });
  const [tried, setTried] = useState(false);
  const read = readInvite(draft, zone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ('input' in read && !invite.isPending) invite.mutate(read.input);
  };
  if (invite.data !== undefined) {
    const { link, approval } = invite.data;
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={approval === null ? `${draft.name.trim()} is invited` : 'The invitation waits for approval'}
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        {link !== null && <LinkOnce link={link} email={draft.email.trim()} now={now} />}
        {approval !== null && <ApprovalNote approval={approval} now={now} />}
      </Dialog>
    );
  }
  const serverFaults = Object.fromEntries(
    invite.error === null ? [] : describeError(invite.error).fields.map(({ field, message }) => [field, message]),
  );
  const faults = tried && 'faults' in read ? read.faults : serverFaults;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Invite a person"
      description="They choose their own password. The link works once."
      size="wide"
      footer={<SaveFoot form={form} label="Invite" pending={invite.isPending} onCancel={onClose} />}
    >
      <form id={form} onSubmit={submit} className="grid gap-3" noValidate>
        <InviteFields
          draft={draft}
          onChange={(change) => setDraft({ ...draft, ...change })}
          faults={faults}
          tried={tried}
        />
        {draft.role !== '' && <InvitePreview role={draft.role} platform={draft.platform} />}
        <FormFailure error={invite.error} />
      </form>
    </Dialog>
  );
}
