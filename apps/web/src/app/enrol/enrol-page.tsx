import type { NewFactor } from '@qd/shared/users';
import { useState } from 'react';
import { PasskeySetup } from '../../features/users/account/passkey-setup.tsx';
import { RecoveryCodes } from '../../features/users/account/recovery-codes.tsx';
import { TotpSetup } from '../../features/users/account/totp-setup.tsx';
import { knowsPasskeys } from '../../lib/passkeys.ts';
import { useUser } from '../../lib/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useSignOut } from '../shell/use-sign-out.ts';
import { EntryFrame } from '../sign-in/entry-frame.tsx';
import { StepUpHost } from '../step-up/step-up-host.tsx';

type Kind = 'totp' | 'passkey';

/** A role asks for a second factor and grace is over: nothing else is open until one is set up. */
export function EnrolPage({ onDone }: { onDone(): void }) {
  const user = useUser();
  const { signOut, failure } = useSignOut();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [kind, setKind] = useState<Kind>('totp');
  const onAdded = (added: NewFactor): void => {
    if (added.recoveryCodes === null) onDone();
    else setCodes(added.recoveryCodes);
  };
  if (codes !== null) {
    return (
      <EntryFrame title="Second factor" call="Your second factor is set up.">
        <RecoveryCodes codes={codes} email={user.email} onKept={onDone} />
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title="Second factor" call={`Set up a second factor to go on, ${user.name}.`}>
      <div className="grid gap-4">
        <p className="text-ink-2">
          Your role asks for one, and the time to set it up is over. What you may do comes back as soon as it is there.
        </p>
        {knowsPasskeys() && (
          <Segmented
            label="Kind of second factor"
            value={kind}
            onChange={setKind}
            options={[
              { value: 'totp', label: 'Authenticator app' },
              { value: 'passkey', label: 'Passkey' },
            ]}
          />
        )}
        {kind === 'totp' ? (
          <TotpSetup suggestedLabel="Authenticator app" onDone={onAdded} />
        ) : (
          <PasskeySetup suggestedLabel="Passkey" onDone={onAdded} />
        )}
        <Button variant="ghost" icon="sign-out" className="justify-self-start" onClick={signOut}>
          Sign out
        </Button>
        {failure !== null && (
          <p role="alert" className="font-medium text-crit">
            You are still signed in. {failure.message}
          </p>
        )}
      </div>
      <StepUpHost />
    </EntryFrame>
  );
}
