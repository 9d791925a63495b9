import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { candidateOf, drawKeyId, formatKey } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { createFakeTombstones, type FakeTombstones } from '../src/adapters/tombstones/fake.ts';
import { apiKeys } from '../src/db/schema/index.ts';
import { createTombstoneKeeper, type TombstoneKeeper } from '../src/features/api-keys/service/ending/tombstones.ts';
import { onlyPepper } from '../src/features/api-keys/service/peppers.ts';
import { createKeys, type Keys, type VerifierDeps } from '../src/features/api-keys/service/verifier.ts';
import { derivePepper, pepperedHash, type Peppers } from '../src/platform/pepper.ts';
import { silentLog } from './silent-log.ts';
import type { TestStores } from './stores.ts';

/** Peppers of consoles in tests. */
export const testPeppers: Peppers = onlyPepper(derivePepper('a password of at least 32 characters'));

/** What ending keys works with, over a ledger in memory. */
export function endingDeps(ledger: FakeTombstones = createFakeTombstones()): {
  peppers: Peppers;
  ledger: FakeTombstones;
  tombstones: TombstoneKeeper;
} {
  return {
    peppers: testPeppers,
    ledger,
    tombstones: createTombstoneKeeper(ledger, silentLog, { now: () => new Date() }),
  };
}

/** A verifier as one replica has it, over the stores and the context of whoever changes keys there. */
export function keysOver(
  stores: Pick<TestStores, 'kv'>,
  ctx: Omit<VerifierDeps, 'kv'>,
  options: Partial<VerifierDeps> & { peppers?: Peppers } = {},
): Keys {
  const { peppers = testPeppers, ...deps } = options;
  return createKeys({ kv: stores.kv, ...ctx, ...deps }, peppers);
}

/** A fresh text of a key as this console draws them. */
export function keyText(environment: 'prod' | 'staging' | 'dev' | 'test' = 'prod', prefix = 'hsi'): string {
  return formatKey({ prefix, environment }, randomBytes, crc32).text;
}

/**
 * Stores a key that works, without going through whoever may create one: on `hashinsight`, for production, with `miners:read` and
 * `slo:read`, for 90 days. `text` gives its format and id.
 */
export async function plantKey(
  stores: Pick<TestStores, 'db' | 'clock'>,
  row: Partial<typeof apiKeys.$inferInsert> = {},
  { text = keyText(row.environment), peppers = testPeppers }: { text?: string; peppers?: Peppers } = {},
): Promise<{ id: string; text: string }> {
  const candidate = candidateOf(text, crc32);
  if (candidate === null) throw new Error('the text is no key in any format');
  const id = candidate.format === 'v2' ? candidate.kid : drawKeyId(randomBytes);
  const now = stores.clock.now();
  await stores.db.insert(apiKeys).values({
    id,
    lineageId: id,
    name: 'Miner ingest',
    platform: 'hashinsight',
    environment: 'prod',
    format: candidate.format,
    prefix: candidate.format === 'opaque' ? '' : candidate.prefix,
    hash: pepperedHash(peppers.current, text),
    pepperVersion: peppers.current.version,
    scopes: ['miners:read', 'slo:read'],
    createdAt: now,
    activatedAt: now,
    expiresAt: new Date(now.getTime() + 90 * DAY_MS),
    ...row,
  });
  return { id, text };
}
