import type { PasskeyAssertion } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import {
  countRecoveryCodes,
  selectPasskey,
  selectTotps,
  takePasskeyCounter,
  takeRecoveryCode,
  takeTotpStep,
  type TotpRow,
} from '../../queries/factors.ts';
import type { UsersDeps } from '../deps.ts';
import { recoveryHash } from './recovery.ts';
import type { RelyingParty } from './relying-party.ts';
import { totpStep } from './totp.ts';
import { verifyUse } from './webauthn.ts';

/** Where the secret of an app is sealed for. */
export function totpPlace(id: string): string {
  return `totp_factors:${id}`;
}

/** Takes a code of one of the person's apps, once and for all; false when it fits none, or was used before. */
export async function takeTotpCode(
  tx: Tx,
  deps: Pick<UsersDeps, 'sealing'>,
  given: { userId: string; code: string; now: Date },
): Promise<boolean> {
  for (const app of await selectTotps(tx, given.userId)) {
    if (await takeCodeOf(tx, deps, app, given)) return true;
  }
  return false;
}

/** The same for one app, confirmed or not. */
export async function takeCodeOf(
  tx: Tx,
  deps: Pick<UsersDeps, 'sealing'>,
  app: Pick<TotpRow, 'id' | 'sealedSecret'>,
  given: { code: string; now: Date },
): Promise<boolean> {
  const step = totpStep(deps.sealing.open(app.sealedSecret, totpPlace(app.id)), given.code, given.now);
  return step !== null && takeTotpStep(tx, app.id, { step, now: given.now });
}

/** Takes a recovery code; gives how many are left, or null when it is none of the person's or was used before. */
export async function takeRecovery(
  tx: Tx,
  deps: Pick<UsersDeps, 'recoveryKey'>,
  given: { userId: string; code: string; now: Date },
): Promise<number | null> {
  const hash = recoveryHash(deps.recoveryKey, given.userId, given.code);
  if (!(await takeRecoveryCode(tx, { userId: given.userId, hash, now: given.now }))) return null;
  return (await countRecoveryCodes(tx, given.userId)).left;
}

/** How a passkey's answer was found: `copied` when its counter went back, as that of a copy does. */
export type PasskeyVerdict =
  | { is: 'right'; userId: string; label: string }
  | { is: 'wrong' }
  | { is: 'copied'; userId: string; label: string; id: string };

/** Takes a passkey's answer to a challenge. */
export async function takePasskey(
  tx: Tx,
  rp: RelyingParty,
  given: { response: PasskeyAssertion; challenge: string; now: Date },
): Promise<PasskeyVerdict> {
  const passkey = await selectPasskey(tx, given.response.id);
  if (passkey === null) return { is: 'wrong' };
  const { id, userId, label } = passkey;
  const used = await verifyUse(rp, { response: given.response, challenge: given.challenge, passkey });
  if (used === null) return { is: 'wrong' };
  const rose = await takePasskeyCounter(tx, id, { ...used, now: given.now });
  return rose ? { is: 'right', userId, label } : { is: 'copied', userId, label, id };
}
