import { and, asc, desc, eq, gte, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { auditCheckpoints, auditEvents, auditSegments, facts } from '../../../db/schema/index.ts';

/** A checkpoint as stored. */
export type CheckpointRow = typeof auditCheckpoints.$inferSelect;
/** An archived part as stored. */
export type SegmentRow = typeof auditSegments.$inferSelect;

/** The newest checkpoint, or null. */
export async function selectLastCheckpoint(db: ReadDb): Promise<CheckpointRow | null> {
  const [row] = await db.select().from(auditCheckpoints).orderBy(desc(auditCheckpoints.seq)).limit(1);
  return row ?? null;
}

/** Checkpoints, the newest first, before a row. One more than `limit`. */
export async function selectCheckpoints(
  db: ReadDb,
  page: { beforeSeq: number | null; limit: number },
): Promise<CheckpointRow[]> {
  return db
    .select()
    .from(auditCheckpoints)
    .where(page.beforeSeq === null ? undefined : lt(auditCheckpoints.seq, page.beforeSeq))
    .orderBy(desc(auditCheckpoints.seq))
    .limit(page.limit + 1);
}

/** Checkpoints that are not yet outside the database, the oldest first. */
export async function selectUnwritten(db: ReadDb, limit: number): Promise<CheckpointRow[]> {
  return db
    .select()
    .from(auditCheckpoints)
    .where(isNull(auditCheckpoints.writtenAt))
    .orderBy(asc(auditCheckpoints.seq))
    .limit(limit);
}

/** Stores a checkpoint; one for the same row stays as it is. */
export async function insertCheckpoint(tx: Tx, row: typeof auditCheckpoints.$inferInsert): Promise<void> {
  await tx.insert(auditCheckpoints).values(row).onConflictDoNothing();
}

/** Notes that a checkpoint stands outside. */
export async function updateWritten(tx: Tx, seq: number, at: Date): Promise<void> {
  await tx.update(auditCheckpoints).set({ writtenAt: at }).where(eq(auditCheckpoints.seq, seq));
}

/** Archived parts, the newest first, before a row. One more than `limit`. */
export async function selectSegments(
  db: ReadDb,
  page: { beforeSeq: number | null; limit: number },
): Promise<SegmentRow[]> {
  return db
    .select()
    .from(auditSegments)
    .where(page.beforeSeq === null ? undefined : lt(auditSegments.fromSeq, page.beforeSeq))
    .orderBy(desc(auditSegments.fromSeq))
    .limit(page.limit + 1);
}

/** The newest archived part, or null; with `pruned` the newest whose rows are gone. */
export async function selectLastSegment(db: ReadDb, options: { pruned: boolean }): Promise<SegmentRow | null> {
  const [row] = await db
    .select()
    .from(auditSegments)
    .where(options.pruned ? isNotNull(auditSegments.prunedAt) : undefined)
    .orderBy(desc(auditSegments.toSeq))
    .limit(1);
  return row ?? null;
}

/** Parts that may be pruned: archived, read back, still in the database, and over before the row; the oldest first. */
export async function selectPrunable(db: ReadDb, throughSeq: number): Promise<SegmentRow[]> {
  return db
    .select()
    .from(auditSegments)
    .where(
      and(isNotNull(auditSegments.verifiedAt), isNull(auditSegments.prunedAt), lte(auditSegments.toSeq, throughSeq)),
    )
    .orderBy(asc(auditSegments.fromSeq));
}

/** Stores an archived part. */
export async function insertSegment(tx: Tx, row: typeof auditSegments.$inferInsert): Promise<void> {
  await tx.insert(auditSegments).values(row);
}

/** Removes the rows of an archived part from the database and notes it; gives how many there were. */
export async function pruneSegment(tx: Tx, { fromSeq, toSeq }: SegmentRow, at: Date): Promise<number> {
  // Addresses of those who are forgotten go with their last row.
  await tx.execute(sql`
    with gone as materialized (
      select '' as target_kind, lower(user_email) as word from audit_events
        where seq between ${fromSeq} and ${toSeq} and user_email is not null
      union
      select target_kind, target_id from audit_events
        where seq between ${fromSeq} and ${toSeq} and target_kind is not null and target_id is not null
    )
    delete from audit_words w using gone
    where w.target_kind = gone.target_kind and w.word = gone.word
      and not exists (select from audit_events e
        where w.target_kind = '' and lower(e.user_email) = w.word and e.seq not between ${fromSeq} and ${toSeq})
      and not exists (select from audit_events e
        where e.target_kind = w.target_kind and e.target_id = w.word and e.seq not between ${fromSeq} and ${toSeq})`);
  const removed = await tx.execute(sql`
    with gone as (delete from audit_events where seq between ${fromSeq} and ${toSeq} returning 1)
    select count(*)::int as rows from gone`);
  await tx.update(auditSegments).set({ prunedAt: at }).where(eq(auditSegments.fromSeq, fromSeq));
  return (removed as unknown as { rows: { rows: number }[] }).rows[0]?.rows ?? 0;
}

/** The last row written before an instant, or 0 when there is none. */
export async function selectLastSeqBefore(db: ReadDb, before: Date): Promise<number> {
  const [later] = await db
    .select({ seq: auditEvents.seq })
    .from(auditEvents)
    .where(gte(auditEvents.timestamp, before))
    .orderBy(asc(auditEvents.timestamp), asc(auditEvents.seq))
    .limit(1);
  if (later) return later.seq - 1;
  const [last] = await db.select({ seq: auditEvents.seq }).from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
  return last?.seq ?? 0;
}

const SIGNING_KEY = 'audit.signing_key';

/** The stored key pair, or null; the private part is sealed. */
export async function selectSigningKey(db: ReadDb): Promise<unknown> {
  const [row] = await db.select({ value: facts.value }).from(facts).where(eq(facts.key, SIGNING_KEY));
  return row?.value ?? null;
}

/** Stores a key pair unless there is one. */
export async function insertSigningKey(
  tx: Tx,
  value: { verifierKey: string; sealed: string },
  at: Date,
): Promise<void> {
  await tx.insert(facts).values({ key: SIGNING_KEY, value, updatedAt: at }).onConflictDoNothing();
}
