import { type SignInProvider } from '@qd/shared/users';
import { useEffect, useState } from 'react';
import { askProviders } from '../../lib/plain-api.ts';
import { buttonLook } from '../../ui/button.tsx';

/** The identity providers one can sign in through; none until they are known, or when they cannot be asked. */
export function useProviders(): readonly SignInProvider[] {
  const [providers, setProviders] = useState<readonly SignInProvider[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    // The other ways in work without the answer.
    askProviders(abort.signal).then(setProviders, () => undefined);
    return () => abort.abort();
  }, []);
  return providers;
}

/** Links to the sign-in of each identity provider; afterwards one comes back to `back`. */
export function ProviderLinks({ providers, back }: { providers: readonly SignInProvider[]; back: string }) {
  return providers.map(({ id, name }) => (
    <a key={id} href={`/auth/oidc/${id}/start?${new URLSearchParams({ return: back })}`} {...buttonLook()}>
      Sign in with {name}
    </a>
  ));
}
