import { createHmac, type KeyObject } from 'node:crypto';
import { derivedKey } from './derived-key.ts';

/** The secret that keys the hashes of API keys. It lives outside the database, so a copy of that tests no guesses. */
export interface Pepper {
  /** Stored with each hash, so that a later pepper can replace this one step by step. */
  version: number;
  key: KeyObject;
}

/** The pepper of a version, derived from ENCRYPTION_PASSWORD. */
export function derivePepper(encryptionPassword: string, version = 1): Pepper {
  return { version, key: derivedKey(encryptionPassword, `api-keys pepper v${version}`) };
}

/** HMAC-SHA-256 of a text under the pepper: 32 bytes. */
export function pepperedHash(pepper: Pick<Pepper, 'key'>, text: string): Uint8Array {
  return createHmac('sha256', pepper.key).update(text).digest();
}
