import type { AccountView } from '@qd/shared/users';
import { Button } from '../../../ui/button.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { Part } from './part.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { Refused } from './refused.tsx';
import { useRecoveryMutation } from './use-account-mutations.ts';

export interface RecoveryPartProps {
  account: AccountView;
  /** Codes just made, which are shown this once; null when there are none. */
  codes: readonly string[] | null;
  onCodes(codes: readonly string[] | null): void;
}

/** Codes for the day the phone is lost: how many are left, and new ones. */
export function RecoveryPart({ account, codes, onCodes }: RecoveryPartProps) {
  const renew = useRecoveryMutation();
  const left = account.recoveryCodesLeft;
  const hasFactor = account.totp.length + account.passkeys.length > 0;
  return (
    <Part
      title="Recovery codes"
      note="for the day the others are lost"
      actions={
        <Button
          size="s"
          icon="refresh"
          pending={renew.isPending}
          disabledReason={hasFactor ? undefined : 'Set up an authenticator app or a passkey first'}
          onClick={() => renew.mutate(undefined, { onSuccess: ({ codes: fresh }) => onCodes(fresh) })}
        >
          Make new codes
        </Button>
      }
    >
      <div className="border-t border-ink py-2">
        {hasFactor ? (
          <p className="flex flex-wrap items-baseline gap-x-2.5">
            <StatusWord tone={left === 0 ? 'crit' : left <= 3 ? 'warn' : 'ok'}>
              {left === 1 ? '1 code left' : `${left} codes left`}
            </StatusWord>
            <span className="text-ink-3">New ones put the old ones out of use.</span>
          </p>
        ) : (
          <p className="text-ink-3">They come with the first second factor.</p>
        )}
        <Refused error={renew.error} />
      </div>
      {codes !== null && <RecoveryCodes codes={codes} email={account.email} onKept={() => onCodes(null)} />}
    </Part>
  );
}
