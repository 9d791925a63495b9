import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyConsumers, keyNotices, platforms } from '../../../db/schema/index.ts';
import { rowsOf } from './raw.ts';

/** A notice as stored. */
export type KeyNoticeRow = typeof keyNotices.$inferSelect;

/** A consumer of a key that ends soon or ended lately, and what it was told about this end. */
export interface NoticeCandidate {
  keyId: string;
  consumerId: string;
  endsMs: number;
  /** Start of the rotation that ends the key; null where it just expires. */
  startedMs: number | null;
  sent: number[];
}

/**
 * Consumers of working or lately ended keys that end within the span, by rotation or by their expiry; of keys that are being
 * rotated all, however far the end. After the pair given, in order of key and consumer. One statement.
 */
export async function selectNoticeCandidates(
  db: ReadDb,
  of: { from: Date; to: Date; after: { keyId: string; consumerId: string }; limit: number },
): Promise<NoticeCandidate[]> {
  const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
  return rowsOf<NoticeCandidate>(
    db,
    sql`
    with ending as (
      select k.id, k.lineage_id, r.started_at, date_trunc('milliseconds', least(k.ends_at, k.expires_at)) as ends_at
      from api_keys k
      left join lateral (
        select started_at from key_rotations
        where old_key_id = k.id and outcome is distinct from 'cancelled' order by started_at desc limit 1
      ) r on k.ends_at is not null
      where k.revoked_at is null and k.quarantined_at is null and k.activated_at is not null and not k.is_probe and not k.is_demo
        and least(k.ends_at, k.expires_at) >= ${at(of.from)}
        and (k.ends_at is not null or k.expires_at <= ${at(of.to)})
    )
    select e.id as "keyId", c.id as "consumerId", (extract(epoch from e.ends_at) * 1000)::float8 as "endsMs",
      (extract(epoch from e.started_at) * 1000)::float8 as "startedMs",
      coalesce((select json_agg(n.days_before) from key_notices n
        where n.key_id = e.id and n.consumer_id = c.id and n.ends_at = e.ends_at and n.days_before is not null),
        '[]'::json) as sent
    from ending e join key_consumers c on c.lineage_id = e.lineage_id and c.removed_at is null
    where (e.id, c.id) > (${of.after.keyId}, ${of.after.consumerId})
    order by e.id, c.id
    limit ${of.limit}::int`,
  );
}

/** Stores a notice; false when the same step about the same end was stored before. */
export async function insertKeyNotice(tx: Tx, row: typeof keyNotices.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(keyNotices).values(row).onConflictDoNothing().returning({ id: keyNotices.id });
  return inserted.length > 0;
}

/** What a consumer was told of a key last, and what the message met with. Instants are epoch ms. */
export interface LatestNotice {
  consumerId: string;
  toldMs: number;
  acknowledgedMs: number | null;
  status: 'queued' | 'sent' | 'failed' | null;
  lastError: string | null;
}

/** The newest notice of each consumer about a key. One statement. */
export async function selectLatestNotices(db: ReadDb, keyId: string): Promise<LatestNotice[]> {
  return rowsOf<LatestNotice>(
    db,
    sql`
    select distinct on (n.consumer_id) n.consumer_id as "consumerId",
      (extract(epoch from n.sent_at) * 1000)::float8 as "toldMs",
      (select (extract(epoch from max(a.acknowledged_at)) * 1000)::float8 from key_notices a
        where a.key_id = n.key_id and a.consumer_id = n.consumer_id) as "acknowledgedMs",
      m.status, m.last_error as "lastError"
    from key_notices n
    left join notifications m on m.dedup_key = 'key-notice:' || n.id
    where n.key_id = ${keyId}
    order by n.consumer_id, n.sent_at desc, n.id desc`,
  );
}

/** A notice and what it speaks of. */
export interface NoticeOfToken {
  notice: KeyNoticeRow;
  key: typeof apiKeys.$inferSelect;
  consumer: typeof keyConsumers.$inferSelect;
  platformName: string | null;
}

/** The notice with the hash of a token, or null. */
export async function selectNoticeByToken(db: ReadDb, tokenHash: Uint8Array): Promise<NoticeOfToken | null> {
  const [row] = await db
    .select({ notice: keyNotices, key: apiKeys, consumer: keyConsumers, platformName: platforms.name })
    .from(keyNotices)
    .innerJoin(apiKeys, eq(apiKeys.id, keyNotices.keyId))
    .innerJoin(keyConsumers, eq(keyConsumers.id, keyNotices.consumerId))
    .leftJoin(platforms, eq(platforms.id, apiKeys.platform))
    .where(eq(keyNotices.tokenHash, tokenHash));
  return row ?? null;
}

/** Marks a notice as acknowledged; false when it was before. */
export async function markAcknowledged(tx: Tx, id: string, now: Date): Promise<boolean> {
  const marked = await tx
    .update(keyNotices)
    .set({ acknowledgedAt: now })
    .where(and(eq(keyNotices.id, id), isNull(keyNotices.acknowledgedAt)))
    .returning({ id: keyNotices.id });
  return marked.length > 0;
}

/** When each consumer of a key was last reminded by hand. */
export async function selectLastReminders(
  tx: Tx,
  keyId: string,
  consumerIds: readonly string[],
): Promise<Map<string, Date>> {
  if (consumerIds.length === 0) return new Map();
  const rows = await tx
    .select({ consumerId: keyNotices.consumerId, sentAt: keyNotices.sentAt })
    .from(keyNotices)
    .where(
      and(eq(keyNotices.keyId, keyId), isNull(keyNotices.daysBefore), inArray(keyNotices.consumerId, [...consumerIds])),
    )
    .orderBy(desc(keyNotices.sentAt));
  return new Map(rows.toReversed().map((row) => [row.consumerId, row.sentAt]));
}
