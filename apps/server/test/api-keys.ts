import { DAY_MS } from '@qd/shared/time';
import type { Db } from '../src/db/client.ts';
import { apiKeys } from '../src/db/schema/index.ts';

type Row = typeof apiKeys.$inferInsert;

/** A key as stored, thirty days old and good for sixty more; its hash is of no text. Give `id` eight characters. */
export function keyRow(id: string, now: Date, over: Partial<Row> = {}): Row {
  const at = (days: number) => new Date(now.getTime() + days * DAY_MS);
  return {
    id,
    name: `Key ${id}`,
    platform: 'hashinsight',
    environment: 'prod',
    prefix: 'hsi',
    hash: Buffer.from(id.padEnd(32, '.')),
    pepperVersion: 1,
    scopes: ['slo:read'],
    lineageId: id,
    createdAt: at(-30),
    activatedAt: at(-30),
    expiresAt: at(60),
    ...over,
  };
}

/** Stores keys; see `keyRow`. */
export async function addKeys(stores: { db: Db }, rows: readonly Row[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 1_000) await stores.db.insert(apiKeys).values(rows.slice(i, i + 1_000));
}
