import { hkdfSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { formatKey } from '@qd/shared/api-keys';
import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHash, type Peppers } from '../../../../platform/pepper.ts';
import { ingest } from '../../../../platform/write.ts';
import { upsertProbe } from '../../queries/revocation.ts';

/** Far more than the letters of a key take, even when some bytes are thrown away. */
const BYTES = 2_048;

/**
 * The text of the key revocation is measured with. Every replica derives the same one from the current pepper (HKDF-SHA-256,
 * RFC 5869), so that it is stored nowhere. It opens nothing.
 */
export function probeText(peppers: Peppers): string {
  const bytes = new Uint8Array(hkdfSync('sha256', peppers.current.key, '', 'quarterdeck revocation probe', BYTES));
  let used = 0;
  const next = (count: number): Uint8Array => bytes.slice(used, (used += count));
  return formatKey({ prefix: 'qd', environment: 'test' }, next, crc32).text;
}

/** Makes sure that the probe is there, under the current pepper. */
export async function storeProbe(ctx: Pick<Ctx, 'db' | 'now'>, peppers: Peppers): Promise<void> {
  const hash = pepperedHash(peppers.current, probeText(peppers));
  const { version } = peppers.current;
  await ingest(ctx, (tx) => upsertProbe(tx, { hash, pepperVersion: version, now: ctx.now() }));
}
