import { knowsPasskeys } from '../../lib/passkeys.ts';
import { PasskeyButton, usePickedPasskey } from './passkey-button.tsx';
import { ProviderLinks, useProviders } from './providers.tsx';

/** Ways in without a password of this console: a passkey, or an identity provider. */
export function OtherWays({ back, onIn }: { back: string; onIn(): void }) {
  const providers = useProviders();
  const hasPasskeys = knowsPasskeys();
  usePickedPasskey(onIn);
  if (!hasPasskeys && providers.length === 0) return null;
  return (
    <div className="mt-4 grid gap-2.5 border-t border-line pt-4">
      {hasPasskeys && <PasskeyButton label="Use a passkey" onIn={onIn} />}
      <ProviderLinks providers={providers} back={back} />
    </div>
  );
}
