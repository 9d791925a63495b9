import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyRevocationProbes } from '../../../db/schema/index.ts';
import { rowsOf } from './raw.ts';

/** Id of the key by which revocation is measured. */
export const PROBE_ID = 'revocation-probe';

/** Stores the probe, or its hash anew where it was made under another pepper. */
export async function upsertProbe(tx: Tx, row: { hash: Uint8Array; pepperVersion: number; now: Date }): Promise<void> {
  const { hash, pepperVersion, now } = row;
  await tx
    .insert(apiKeys)
    .values({
      id: PROBE_ID,
      name: 'Revocation probe',
      platform: '*',
      environment: 'test',
      prefix: 'qd',
      hash,
      pepperVersion,
      lineageId: PROBE_ID,
      isProbe: true,
      createdAt: now,
      activatedAt: now,
    })
    .onConflictDoUpdate({ target: apiKeys.id, set: { hash, pepperVersion } });
}

/** Lets the probe live again when it was ended before an instant by the database's clock; true for the one who did. */
export async function releaseProbe(tx: Tx, restMs: number): Promise<boolean> {
  const rows = await tx
    .update(apiKeys)
    .set({ quarantinedAt: null })
    .where(
      and(
        eq(apiKeys.id, PROBE_ID),
        lt(apiKeys.quarantinedAt, sql`clock_timestamp() - ${restMs}::float8 * interval '1 millisecond'`),
      ),
    )
    .returning({ id: apiKeys.id });
  return rows.length > 0;
}

/** Ends the probe at this instant by the database's clock; true for the one who did. */
export async function endProbe(tx: Tx): Promise<boolean> {
  const rows = await tx
    .update(apiKeys)
    .set({ quarantinedAt: sql`clock_timestamp()` })
    .where(and(eq(apiKeys.id, PROBE_ID), sql`${apiKeys.quarantinedAt} is null`))
    .returning({ id: apiKeys.id });
  return rows.length > 0;
}

/** When the probe was ended (epoch ms, with parts of a millisecond); null while it lives or there is none. */
export async function selectProbeEnd(db: ReadDb): Promise<number | null> {
  const rows = await rowsOf<{ endedMs: number | null }>(
    db,
    sql`select (extract(epoch from quarantined_at) * 1000)::float8 as "endedMs" from api_keys where id = ${PROBE_ID}`,
  );
  return rows[0]?.endedMs ?? null;
}

/** Stores one measurement; a second one of the same replica and instant is the same. */
export async function insertProbe(tx: Tx, row: typeof keyRevocationProbes.$inferInsert): Promise<void> {
  await tx.insert(keyRevocationProbes).values(row).onConflictDoNothing();
}

/** Forgets measurements from before an instant. */
export async function deleteProbesBefore(tx: Tx, before: Date): Promise<void> {
  await tx.delete(keyRevocationProbes).where(lt(keyRevocationProbes.at, before));
}

/** Measurements of a window, counted; latencies in ms. */
export interface ProbeFigures {
  total: number;
  good: number;
  never: number;
  minutes: number;
  firstMs: number | null;
  lastMs: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  slowestMs: number | null;
  replicas: number;
}

/** Counts the measurements since an instant; replicas are those that measured after `recent`. */
export async function selectProbeFigures(
  db: ReadDb,
  of: { since: Date; recent: Date; withinMs: number },
): Promise<ProbeFigures> {
  const rows = await rowsOf<ProbeFigures>(
    db,
    sql`
    select count(*)::float8 as total,
      count(*) filter (where latency_ms <= ${of.withinMs}::float8)::float8 as good,
      count(*) filter (where latency_ms is null)::float8 as never,
      count(distinct date_trunc('minute', at))::float8 as minutes,
      (extract(epoch from min(at)) * 1000)::float8 as "firstMs",
      (extract(epoch from max(at)) * 1000)::float8 as "lastMs",
      percentile_cont(0.5) within group (order by latency_ms) as "p50Ms",
      percentile_cont(0.99) within group (order by latency_ms) as "p99Ms",
      max(latency_ms) as "slowestMs",
      count(distinct replica_id) filter (where at >= ${of.recent.toISOString()}::timestamptz)::float8 as replicas
    from ${keyRevocationProbes}
    where ${gt(keyRevocationProbes.at, of.since)}`,
  );
  const [figures] = rows;
  if (figures === undefined) throw new Error('an aggregate without a row');
  return figures;
}
