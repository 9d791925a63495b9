import { createHmac, type KeyObject } from 'node:crypto';
import { derivedKey } from './derived-key.ts';

/** A secret that keys the hashes of API keys. It lives outside the database, so a copy of that tests no guesses. */
export interface Pepper {
  /** Stored with each hash, so that a later pepper can replace this one step by step. */
  version: number;
  key: KeyObject;
}

/** The peppers in use: new hashes are made under `current`; `all` has it first, then those older hashes were made under. */
export interface Peppers {
  current: Pepper;
  all: readonly Pepper[];
}

/** The pepper of a console that sets none: derived from ENCRYPTION_PASSWORD. */
export function derivePepper(encryptionPassword: string): KeyObject {
  return derivedKey(encryptionPassword, 'api-keys pepper v1');
}

/** The pepper made of API_KEY_PEPPER. */
export function pepperOf(secret: string): KeyObject {
  return derivedKey(secret, 'api-keys pepper of its own');
}

/** HMAC-SHA-256 of a text under a pepper: 32 bytes. */
export function pepperedHash(pepper: Pick<Pepper, 'key'>, text: string): Uint8Array {
  return createHmac('sha256', pepper.key).update(text).digest();
}

/** The hashes of a text under every pepper in use, in their order; a stored hash equals one of them. */
export function pepperedHashes(peppers: Peppers, text: string): Uint8Array[] {
  return peppers.all.map((pepper) => pepperedHash(pepper, text));
}
