import type { ApprovalNotice } from '@qd/shared/approvals';
import type { GrantView, PersonView } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { formatDay } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { PermissionDiff } from '../permission-diff.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useRoleChoices } from '../use-role-choices.ts';
import { useRightsMutations } from '../use-users-mutations.ts';
import { GrantForm } from './grant-form.tsx';
import { PanelSection } from './panel-section.tsx';
import { lostBy, sentenceOf } from './rights.ts';
import { useWhyNot } from './why-not.ts';

/** Roles of the console: what the person holds, why, and until when. */
export function RolesSection({ person, now }: { person: PersonView; now: number }) {
  const [isGiving, setIsGiving] = useState(false);
  const [taken, setTaken] = useState<GrantView | null>(null);
  const [approval, setApproval] = useState<ApprovalNotice | null>(null);
  const whyNot = useWhyNot(person)('grant');
  return (
    <PanelSection
      title="Console roles"
      action={
        !isGiving && (
          <Button size="s" icon="plus" disabledReason={whyNot} onClick={() => setIsGiving(true)}>
            Give a role
          </Button>
        )
      }
    >
      {person.grants.length === 0 && <p className="text-ink-3">None. Nothing of the console is open to them.</p>}
      <ul>
        {person.grants.map((grant) => (
          <GrantLine key={grant.id} grant={grant} now={now} whyNot={whyNot} onTake={() => setTaken(grant)} />
        ))}
      </ul>
      {approval !== null && <ApprovalNote approval={approval} now={now} />}
      {isGiving && <GrantForm person={person} onAsked={setApproval} onClose={() => setIsGiving(false)} />}
      {taken !== null && <TakeDialog person={person} grant={taken} onClose={() => setTaken(null)} />}
    </PanelSection>
  );
}

interface GrantLineProps {
  grant: GrantView;
  now: number;
  whyNot: string | undefined;
  onTake(): void;
}

function GrantLine({ grant, now, whyNot, onTake }: GrantLineProps) {
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  const by = grant.grantedBy?.name ?? 'the console';
  const end = grant.expiresAt === null ? '' : `, until the end of ${formatDay(grant.expiresAt - 1, zone, now)}`;
  return (
    <li className="flex items-start gap-2 py-1">
      <span className="min-w-0 flex-1">
        <b className="font-strong">{grant.title}</b> on {nameOf(grant.platform)}
        {end}
        <span className="block text-small text-ink-3 wrap-anywhere">
          {grant.reason === '' ? '' : `${grant.reason}. `}By {by}, {formatDay(grant.createdAt, zone, now)}
        </span>
      </span>
      <IconButton
        icon="minus"
        label={`Take back ${grant.title} on ${nameOf(grant.platform)}`}
        onClick={onTake}
        {...(whyNot !== undefined && { disabledReason: whyNot })}
      />
    </li>
  );
}

function TakeDialog({ person, grant, onClose }: { person: PersonView; grant: GrantView; onClose(): void }) {
  const { nameOf } = usePlatformNames();
  const choices = useRoleChoices();
  const toasts = useToasts();
  const { revoke } = useRightsMutations();
  const { role, platform, title } = grant;
  const diff = lostBy(person.grants, grant, choices);
  return (
    <ActDialog
      title={`Take back ${title} from ${person.name}?`}
      cost={`On ${nameOf(platform)}, at once. It can be given again.`}
      confirmLabel="Take back role"
      onAct={async (reason) => {
        await revoke.mutateAsync({ userId: person.id, role, platform, reason });
        toasts.show({ message: `${person.name} is no longer ${title}.`, detail: `On ${nameOf(platform)}.` });
      }}
      onClose={onClose}
    >
      <div className="mb-3">
        <PermissionDiff {...diff} sentenceOf={sentenceOf} />
      </div>
    </ActDialog>
  );
}
