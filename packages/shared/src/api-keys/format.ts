import { base62, isBase62, toBase62, type RandomBytes } from './base62.ts';

/** Environments a key may belong to; the word stands in the key itself. */
export const keyEnvironments = ['prod', 'staging', 'dev', 'test'] as const;
export type KeyEnvironment = (typeof keyEnvironments)[number];

/** Lengths of the parts after `_key_`: public id (47 bits), secret (190 bits), CRC-32 in base 62. */
export const KID_LENGTH = 8;
export const SECRET_LENGTH = 32;
export const CHECKSUM_LENGTH = 6;
export const BODY_LENGTH = KID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;

/** CRC-32 (as in zlib) of an ASCII text, as an unsigned number. It catches typing faults; it is no security. */
export type Crc32 = (text: string) => number;

/** A key taken apart. */
export interface ApiKeyParts {
  /** The whole key, as it is sent. */
  text: string;
  /** Short name in front: 2 to 8 of a-z and 0-9. */
  prefix: string;
  environment: KeyEnvironment;
  /** Public part: shown in lists, logs and support calls. */
  kid: string;
  secret: string;
}

/** True if the text can stand in front of a key. */
export function isKeyPrefix(text: string): boolean {
  return /^[a-z0-9]{2,8}$/.test(text);
}

/** A prefix for keys of a platform whose own is not chosen: the first eight letters and digits of its id. */
export function defaultKeyPrefix(platformId: string): string {
  const letters = platformId.replaceAll(/[^a-z0-9]/g, '').slice(0, 8);
  return isKeyPrefix(letters) ? letters : 'qd';
}

/**
 * Makes a new key `{prefix}_{environment}_key_{kid}{secret}{checksum}`; 46 characters follow `_key_`.
 * `kid` is an id drawn before, by which the key is known already. Throws RangeError for a prefix that is not 2 to 8 of a-z and 0-9,
 * and for an id of another shape.
 */
export function formatKey(
  parts: { prefix: string; environment: KeyEnvironment; kid?: string | undefined },
  randomBytes: RandomBytes,
  crc32: Crc32,
): ApiKeyParts {
  if (!isKeyPrefix(parts.prefix)) throw new RangeError('a key prefix has 2 to 8 of a-z and 0-9');
  const kid = parts.kid ?? base62(KID_LENGTH, randomBytes);
  if (kid.length !== KID_LENGTH || !isBase62(kid)) throw new RangeError('the id of a key has 8 letters and digits');
  const secret = base62(SECRET_LENGTH, randomBytes);
  const checked = `${parts.prefix}_${parts.environment}_key_${kid}${secret}`;
  return { ...parts, kid, secret, text: checked + checksumOf(checked, crc32) };
}

/** The id of a key whose text holds none: eight characters, as in keys that do. */
export function drawKeyId(randomBytes: RandomBytes): string {
  return base62(KID_LENGTH, randomBytes);
}

/** The six characters that end a key, computed from everything before them. */
export function checksumOf(checked: string, crc32: Crc32): string {
  return toBase62(crc32(checked), CHECKSUM_LENGTH);
}

const shape = /^([a-z0-9]{2,8})_(prod|staging|dev|test)_key_([0-9A-Za-z]+)$/;

/** Takes a key apart; null when it has another shape or its checksum does not fit. Costs about a microsecond. */
export function readKey(text: string, crc32: Crc32): ApiKeyParts | null {
  const parts = splitKey(text);
  return parts !== null && hasChecksum(text, crc32) ? parts : null;
}

/** As `readKey`, without looking at the checksum. */
export function splitKey(text: string): ApiKeyParts | null {
  const [, prefix, environment, body] = shape.exec(text) ?? [];
  if (!prefix || !environment || !body || body.length !== BODY_LENGTH || !isBase62(body)) return null;
  return {
    text,
    prefix,
    environment: keyEnvironments.find((e) => e === environment) ?? 'test',
    kid: body.slice(0, KID_LENGTH),
    secret: body.slice(KID_LENGTH, KID_LENGTH + SECRET_LENGTH),
  };
}

/** True if a text's last six characters are the checksum of the rest. */
export function hasChecksum(text: string, crc32: Crc32): boolean {
  const end = text.length - CHECKSUM_LENGTH;
  return end > 0 && text.slice(end) === checksumOf(text.slice(0, end), crc32);
}

/** Anything in a text shaped like a key of ours, long or short; for finding keys where they must not be. */
export const keyLike = /([a-z0-9]{2,8}_(?:prod|staging|dev|test)_key_)([0-9A-Za-z]{16,})/;
