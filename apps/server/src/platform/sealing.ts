import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { derivedKey } from './derived-key.ts';

/** Stored as the first byte, so that a later key can replace this one row by row. */
const CURRENT_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Locks secrets that must be read again (AES-256-GCM), so that a copy of the database alone opens none. */
export interface Sealing {
  /** Seals a text for one place, e.g. `totp_factors:totp_1`; it opens nowhere else. */
  seal(text: string, place: string): Uint8Array;
  /** The text sealed for the place. Throws when it was changed, moved, or sealed with another ENCRYPTION_PASSWORD. */
  open(sealed: Uint8Array, place: string): string;
}

/**
 * Sealing with a key derived from ENCRYPTION_PASSWORD. Layout: version (1 byte), nonce (12), ciphertext, tag (16).
 * Nonces are random: NIST SP 800-38D §8.3 allows 2^32 of them under one key, far more than there will be secrets.
 */
export function createSealing(encryptionPassword: string): Sealing {
  const key = derivedKey(encryptionPassword, `sealing v${CURRENT_VERSION}`);
  return {
    seal: (text, place) => seal(key, text, place),
    open: (sealed, place) => open(key, Buffer.from(sealed), place),
  };
}

function seal(key: KeyObject, text: string, place: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(CURRENT_VERSION), nonce, sealed, cipher.getAuthTag()]);
}

function open(key: KeyObject, sealed: Buffer, place: string): string {
  if (sealed[0] !== CURRENT_VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw unreadable(place);
  try {
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bound(place));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (error) {
    throw unreadable(place, error);
  }
}

function bound(place: string): Buffer {
  return Buffer.from(`v${CURRENT_VERSION} ${place}`, 'utf8');
}

function unreadable(place: string, cause?: unknown): Error {
  return new Error(`what is sealed for ${place} cannot be opened: it was changed, or ENCRYPTION_PASSWORD is another`, {
    cause,
  });
}
