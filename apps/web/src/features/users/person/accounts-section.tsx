import type { ApprovalNotice } from '@qd/shared/approvals';
import type { MembershipView, PersonView } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { Button } from '../../../ui/button.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useRightsMutations } from '../use-users-mutations.ts';
import { AccountForm } from './account-form.tsx';
import { PanelSection } from './panel-section.tsx';
import { useWhyNot } from './why-not.ts';

type Editing = MembershipView | 'new' | null;
type Asking = { account: MembershipView; act: 'suspend' | 'reinstate' | 'remove' } | null;

/** Accounts on the platforms themselves. They give nothing in the console. */
export function AccountsSection({ person, now }: { person: PersonView; now: number }) {
  const { list } = usePlatformNames();
  const [editing, setEditing] = useState<Editing>(null);
  const [asking, setAsking] = useState<Asking>(null);
  const [approval, setApproval] = useState<ApprovalNotice | null>(null);
  const whyNot = useWhyNot(person)('assign');
  const hasAll = list.every(({ id }) => person.memberships.some((one) => one.platform === id));
  const close = () => setEditing(null);
  return (
    <PanelSection
      title="On platforms"
      action={
        editing === null && (
          <Button
            size="s"
            icon="plus"
            disabledReason={whyNot ?? (hasAll ? 'They have an account on every platform.' : undefined)}
            onClick={() => setEditing('new')}
          >
            Add account
          </Button>
        )
      }
    >
      {person.memberships.length === 0 && editing === null && <p className="text-ink-3">No account on any platform.</p>}
      <ul>
        {person.memberships.map((account) => (
          <li key={account.id} className="py-1">
            <AccountLine
              account={account}
              whyNot={whyNot}
              onChange={() => setEditing(account)}
              onAsk={(act) => setAsking({ account, act })}
            />
            {editing !== null && editing !== 'new' && editing.id === account.id && (
              <AccountForm person={person} account={account} onAsked={setApproval} onClose={close} />
            )}
          </li>
        ))}
      </ul>
      {editing === 'new' && <AccountForm person={person} account={null} onAsked={setApproval} onClose={close} />}
      {approval !== null && <ApprovalNote approval={approval} now={now} />}
      {asking !== null && <AskDialog person={person} {...asking} onClose={() => setAsking(null)} />}
    </PanelSection>
  );
}

interface AccountLineProps {
  account: MembershipView;
  whyNot: string | undefined;
  onChange(): void;
  onAsk(act: 'suspend' | 'reinstate' | 'remove'): void;
}

function AccountLine({ account, whyNot, onChange, onAsk }: AccountLineProps) {
  const isOff = account.state === 'suspended';
  const of = `${account.title} on ${account.platformName}`;
  return (
    <>
      <p>
        <b className="font-strong">{account.platformName}</b>, {account.title}{' '}
        {isOff && <StatusWord tone="warn">Suspended</StatusWord>}
      </p>
      <div className="mt-1 flex flex-wrap gap-1.5">
        <Button size="s" aria-label={`Change ${of}`} disabledReason={whyNot} onClick={onChange}>
          Change
        </Button>
        <Button
          size="s"
          variant="ghost"
          aria-label={`${isOff ? 'Reinstate' : 'Suspend'} ${of}`}
          disabledReason={whyNot}
          onClick={() => onAsk(isOff ? 'reinstate' : 'suspend')}
        >
          {isOff ? 'Reinstate' : 'Suspend'}
        </Button>
        <Button
          size="s"
          variant="ghost"
          aria-label={`Remove ${of}`}
          disabledReason={whyNot}
          onClick={() => onAsk('remove')}
        >
          Remove
        </Button>
      </div>
    </>
  );
}

const askWords = {
  suspend: { verb: 'Suspend', cost: 'The platform refuses them from now on. Their role is kept.' },
  reinstate: { verb: 'Reinstate', cost: 'The platform lets them in again, in the role they had.' },
  remove: { verb: 'Remove', cost: 'Their role there ends at once. It can be given again.' },
} as const;

interface AskDialogProps {
  person: PersonView;
  account: MembershipView;
  act: keyof typeof askWords;
  onClose(): void;
}

function AskDialog({ person, account, act, onClose }: AskDialogProps) {
  const { suspendAccount, removeAccount } = useRightsMutations();
  const toasts = useToasts();
  const { verb, cost } = askWords[act];
  const { platform, platformName, updatedAt } = account;
  const run = async (reason: string) => {
    const seen = { id: person.id, platform, seenAt: updatedAt, reason };
    if (act === 'remove') await removeAccount.mutateAsync(seen);
    else await suspendAccount.mutateAsync({ ...seen, state: act === 'suspend' ? 'suspended' : 'active' });
    toasts.show({ message: `${verb} account: done.`, detail: `${person.name} on ${platformName}.` });
  };
  return (
    <ActDialog
      title={`${verb} the ${platformName} account of ${person.name}?`}
      cost={cost}
      confirmLabel={`${verb} account`}
      danger={act !== 'reinstate'}
      onAct={run}
      onClose={onClose}
    />
  );
}
