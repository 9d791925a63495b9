import type { NewClaim } from '@qd/shared/api-keys';
import type { ApiKeysDeps } from '../src/features/api-keys/service/deps.ts';
import { createSealing } from '../src/platform/sealing.ts';
import { testPeppers } from './keys.ts';

/** What making keys works with, without mail; webhooks to 169.254.169.254 are refused. */
export const makingDeps: Pick<ApiKeysDeps, 'peppers' | 'sealing' | 'canMail' | 'receiverFault'> = {
  peppers: testPeppers,
  sealing: createSealing('a password for tests that is long enough'),
  canMail: false,
  receiverFault: (address) => (address.includes('169.254.169.254') ? 'may not be called' : null),
};

/** The token of a claim link that was shown. */
export function claimToken(claim: Pick<NewClaim, 'path'>): string {
  const token = claim.path?.split('#')[1];
  if (token === undefined) throw new Error('no link was shown');
  return token;
}
