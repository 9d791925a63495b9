import { randomBytes, type KeyObject } from 'node:crypto';
import { normalRecoveryCode, RECOVERY_CODES, recoveryAlphabet } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { pepperedHash } from '../../../../platform/pepper.ts';
import { countRecoveryCodes, replaceRecoveryCodes } from '../../queries/factors.ts';
import { newId } from '../deps.ts';

/** 80 bits, five to a letter. */
const CODE_BYTES = 10;

/** A fresh code as it is shown, e.g. `7k2m-0fqx-9d4t-wz31`. */
export function newRecoveryCode(): string {
  const bits = BigInt(`0x${randomBytes(CODE_BYTES).toString('hex')}`);
  const letters = Array.from({ length: 16 }, (_, i) => recoveryAlphabet[Number((bits >> BigInt(5 * i)) & 31n)] ?? '');
  return letters.join('').replaceAll(/(.{4})(?!$)/g, '$1-');
}

/** What is stored of a code: keyed, and bound to its person. */
export function recoveryHash(key: KeyObject, userId: string, code: string): Uint8Array {
  return pepperedHash({ key }, `${userId}:${normalRecoveryCode(code)}`);
}

/** Gives a person ten new codes in place of those they had. They are shown once and kept nowhere. */
export async function renewRecoveryCodes(tx: Tx, key: KeyObject, of: { userId: string; now: Date }): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const rows = codes.map((code) => ({
    id: newId('rcv'),
    userId: of.userId,
    hash: recoveryHash(key, of.userId, code),
    createdAt: of.now,
  }));
  await replaceRecoveryCodes(tx, of.userId, rows);
  return codes;
}

/** Codes for someone who sets up a first factor; null for someone who has been given codes already. */
export async function firstRecoveryCodes(
  tx: Tx,
  key: KeyObject,
  of: { userId: string; now: Date },
): Promise<string[] | null> {
  const { given } = await countRecoveryCodes(tx, of.userId);
  return given > 0 ? null : renewRecoveryCodes(tx, key, of);
}
