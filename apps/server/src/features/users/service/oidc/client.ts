import { OIDC_CALLBACK_PATH } from '@qd/shared/users';
import type { OidcClient } from '../../../../adapters/oidc/port.ts';
import type { Sealing } from '../../../../platform/sealing.ts';
import type { ProviderRow } from '../../queries/oidc.ts';

/** The console as a provider knows it. `origin` is how browsers reach it. */
export function clientOf(
  sealing: Sealing,
  provider: Pick<ProviderRow, 'id' | 'issuer' | 'clientId' | 'sealedSecret'>,
  origin: string,
): OidcClient {
  const { id, issuer, clientId, sealedSecret } = provider;
  const clientSecret = sealedSecret === null ? null : sealing.open(sealedSecret, placeOf(id));
  return { issuer, clientId, clientSecret, redirectUri: `${origin}${OIDC_CALLBACK_PATH}` };
}

/** Where a provider's secret is sealed for. */
export const placeOf = (id: string): string => `oidc_providers:${id}`;
