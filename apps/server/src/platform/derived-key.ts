import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const KEY_BYTES = 32;

/** A key for one purpose, derived from ENCRYPTION_PASSWORD by HKDF-SHA-256 (RFC 5869). `purpose` keeps keys apart. */
export function derivedKey(encryptionPassword: string, purpose: string): KeyObject {
  const bytes = hkdfSync('sha256', encryptionPassword, '', `quarterdeck ${purpose}`, KEY_BYTES);
  return createSecretKey(Buffer.from(bytes));
}
