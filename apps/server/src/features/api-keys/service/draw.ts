import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { formatKey, formatShortKey, type KeyEnvironment } from '@qd/shared/api-keys';
import { pepperedHash } from '../../../platform/pepper.ts';
import type { ApiKeysDeps } from './deps.ts';

/** A secret just drawn: `text` is the whole key, shown once and kept nowhere; the rest is stored. */
export interface DrawnSecret {
  text: string;
  hash: Uint8Array;
  pepperVersion: number;
}

/** Draws the secret of a key whose id is known. Throws RangeError for a prefix that cannot stand in a key. */
export function drawSecret(
  { peppers }: Pick<ApiKeysDeps, 'peppers'>,
  key: { id: string; format: 'v2' | 'seed16'; prefix: string; environment: KeyEnvironment },
): DrawnSecret {
  const { prefix, environment } = key;
  const { text } =
    key.format === 'v2'
      ? formatKey({ prefix, environment, kid: key.id }, randomBytes, crc32)
      : formatShortKey({ prefix, environment }, randomBytes);
  return { text, hash: pepperedHash(peppers.current, text), pepperVersion: peppers.current.version };
}
