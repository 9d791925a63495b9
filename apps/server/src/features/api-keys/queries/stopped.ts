import { and, asc, eq, gt, gte, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { apiKeys, auditEvents, keyRotations } from '../../../db/schema/index.ts';
import { rowsOf } from './raw.ts';

/** What the ledger keeps of a key, and since when it is stopped in which way. */
export interface StoppedRow {
  id: string;
  hash: Uint8Array | null;
  pepperVersion: number;
  revokedAt: Date | null;
  /** When a rotation ended it, once nobody can change that any more. */
  endedAt: Date | null;
  quarantinedAt: Date | null;
}

/**
 * Keys that were revoked, or ended by a rotation, at or after an instant (null: ever), and all that are quarantined, by id,
 * without those of the demo. A rotation is final when it is closed or was an emergency, or when its end is older than `settledBy`.
 */
export async function selectStopped(
  db: ReadDb,
  page: { since: Date | null; now: Date; settledBy: Date; afterId: string; limit: number },
): Promise<StoppedRow[]> {
  const { id, hash, pepperVersion, revokedAt, endsAt, quarantinedAt } = apiKeys;
  const since = (instant: typeof revokedAt | typeof endsAt) =>
    page.since === null ? undefined : gte(instant, page.since);
  const closed = sql`exists (select 1 from ${keyRotations} r where r.old_key_id = ${id}
    and (r.is_emergency or r.outcome in ('completed', 'closed_early')))`;
  const final = and(isNull(revokedAt), lte(endsAt, page.now), or(lte(endsAt, page.settledBy), closed));
  const rows = await db
    .select({ id, hash, pepperVersion, revokedAt, endsAt, quarantinedAt, isFinal: sql<boolean | null>`${final}` })
    .from(apiKeys)
    .where(
      and(
        or(
          and(isNotNull(revokedAt), since(revokedAt)),
          and(final, since(endsAt)),
          and(isNull(revokedAt), isNotNull(quarantinedAt)),
        ),
        gt(id, page.afterId),
        eq(apiKeys.isDemo, false),
        eq(apiKeys.isProbe, false),
      ),
    )
    .orderBy(asc(id))
    .limit(page.limit);
  return rows.map(({ endsAt: end, isFinal, ...row }) => ({ ...row, endedAt: isFinal === true ? end : null }));
}

/**
 * Which of these keys the tables hold as not revoked. One that a rotation ended at `endedAt` counts only where the tables let it work
 * longer than that.
 */
export async function selectRevived(
  db: ReadDb,
  ends: readonly { id: string; endedAt: Date | null }[],
): Promise<string[]> {
  const ids = sql.param(ends.map(({ id }) => id));
  const instants = sql.param(ends.map(({ endedAt }) => endedAt?.toISOString() ?? null));
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`select k.id from ${apiKeys} k join unnest(${ids}::text[], ${instants}::timestamptz[]) as e (id, ended_at) on e.id = k.id
        where k.revoked_at is null
          and (e.ended_at is null or k.ends_at is null or date_trunc('milliseconds', k.ends_at) > e.ended_at)`,
  );
  return rows.map(({ id }) => id);
}

/** Which of these keys the tables hold as neither quarantined nor revoked. */
export async function selectNotStopped(db: ReadDb, ids: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`select k.id from ${apiKeys} k where k.id = any(${sql.param([...ids])}::text[])
        and k.revoked_at is null and k.quarantined_at is null`,
  );
  return rows.map(({ id }) => id);
}

/** Whether the log says that a key was released from the quarantine that began at an instant. */
export async function wasReleased(db: ReadDb, of: { id: string; quarantinedAt: Date }): Promise<boolean> {
  const { targetKind, targetId, action, status, before } = auditEvents;
  const [row] = await db
    .select({ seq: auditEvents.seq })
    .from(auditEvents)
    .where(
      and(
        eq(targetKind, 'api-key'),
        eq(targetId, of.id),
        eq(action, 'api-keys.released'),
        eq(status, 'success'),
        sql`${before} ->> 'quarantinedAt' = ${of.quarantinedAt.toISOString()}`,
      ),
    )
    .limit(1);
  return row !== undefined;
}
