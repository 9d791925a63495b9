import type { UserState } from '@qd/shared/users';
import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyRotations, users } from '../../../db/schema/index.ts';
import type { KeyRow } from '../queries.ts';
import { rowsOf } from './raw.ts';
import type { RotationRow } from './rotations.ts';

/** Why and by whom a key was stopped. */
export interface KeyEnd {
  at: Date;
  reason: string;
  by: string | null;
}

/** Ends a key for ever. */
export async function endKey(tx: Tx, id: string, { at, reason, by }: KeyEnd): Promise<void> {
  await tx.update(apiKeys).set({ revokedAt: at, endReason: reason, endedBy: by }).where(eq(apiKeys.id, id));
}

/** Stops a key until it is released; null releases it. */
export async function setQuarantine(tx: Tx, id: string, end: KeyEnd | null): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ quarantinedAt: end?.at ?? null, endReason: end?.reason ?? null, endedBy: end?.by ?? null })
    .where(eq(apiKeys.id, id));
}

/** Rotations of a key that are open: the one it ends with, and the one it began with. */
export async function selectOpenRotationsOf(db: ReadDb | Tx, keyId: string): Promise<RotationRow[]> {
  return db
    .select()
    .from(keyRotations)
    .where(and(isNull(keyRotations.closedAt), or(eq(keyRotations.oldKeyId, keyId), eq(keyRotations.newKeyId, keyId))))
    .orderBy(asc(keyRotations.startedAt));
}

/** A key and whom it acts for. */
export interface KeyWithOwner {
  key: KeyRow;
  owner: { email: string; state: UserState } | null;
}

/** Keys by id, with whom they act for. */
export async function selectKeysWithOwner(db: ReadDb, ids: readonly string[]): Promise<KeyWithOwner[]> {
  if (ids.length === 0) return [];
  return db
    .select({ key: apiKeys, owner: { email: users.email, state: users.state } })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.ownerId))
    .where(and(inArray(apiKeys.id, [...ids]), eq(apiKeys.isProbe, false)))
    .orderBy(asc(apiKeys.id));
}

/** Ids of the keys with any of these hashes (hex), by hash. */
export async function selectKeysByHashes(
  db: ReadDb | Tx,
  hashes: readonly string[],
): Promise<{ id: string; hash: string }[]> {
  return rowsOf(
    db,
    sql`select k.id, encode(k.hash, 'hex') as hash from ${apiKeys} k
        where k.hash in (select decode(h, 'hex') from unnest(${sql.param([...hashes])}::text[]) h) and not k.is_probe`,
  );
}

/** What keys of platforms begin with, and whether any was made elsewhere. */
export async function selectScanFacts(
  db: ReadDb,
  platforms: '*' | string[] = '*',
): Promise<{ prefixes: string[]; opaque: boolean }> {
  const rows = await db
    .selectDistinct({ prefix: apiKeys.prefix, isOpaque: sql<boolean>`${apiKeys.format} = 'opaque'` })
    .from(apiKeys)
    .where(and(eq(apiKeys.isProbe, false), platforms === '*' ? undefined : inArray(apiKeys.platform, platforms)));
  return {
    prefixes: rows.flatMap(({ prefix }) => (prefix === '' ? [] : [prefix])),
    opaque: rows.some(({ isOpaque }) => isOpaque),
  };
}

/** Calls of one caller that were let in. */
export interface CallerTotals {
  address: string;
  agent: string;
  lastHour: number;
  lastDay: number;
  lastMs: number;
}

/** Callers of a key since an instant, the busiest first, at most `limit`. */
export async function selectCallerTotals(
  db: ReadDb,
  of: { keyId: string; hourAgo: Date; dayAgo: Date; limit: number },
): Promise<CallerTotals[]> {
  return rowsOf(
    db,
    sql`
    select address, agent,
      coalesce(sum(count) filter (where starts_at > ${at(of.hourAgo)}), 0)::float8 as "lastHour",
      sum(count)::float8 as "lastDay",
      (extract(epoch from max(last_at)) * 1000)::float8 as "lastMs"
    from key_usage
    where key_id = ${of.keyId} and starts_at > ${at(of.dayAgo)} and outcome = 'ok'
    group by address, agent
    order by 3 desc, 4 desc, address, agent
    limit ${of.limit}::int`,
  );
}

/** Calls with a key in the minutes from one instant up to another. */
export async function selectCallsBetween(db: ReadDb, of: { keyId: string; from: Date; to: Date }): Promise<number> {
  const rows = await rowsOf<{ calls: number }>(
    db,
    sql`select coalesce(sum(count), 0)::float8 as calls from key_minutes
        where key_id = ${of.keyId} and minute_at >= ${at(of.from)} and minute_at < ${at(of.to)}`,
  );
  return rows[0]?.calls ?? 0;
}

function at(instant: Date) {
  return sql`${instant.toISOString()}::timestamptz`;
}
