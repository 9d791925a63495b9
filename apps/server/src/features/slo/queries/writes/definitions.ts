import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';
import { sloRevisions, slos } from '../../../../db/schema/index.ts';
import type { RevisionRecord, SloRecord } from '../definitions.ts';

/** Adds an objective and gives its SLI; null when the slug or the id is taken. */
export async function insertObjective(tx: Tx, row: typeof slos.$inferInsert): Promise<number | null> {
  const [added] = await tx.insert(slos).values(row).onConflictDoNothing().returning({ sliId: slos.sliId });
  return added?.sliId ?? null;
}

/**
 * Changes an objective if it still is at `revision` and in use or not as it was, and gives its SLI; null when somebody
 * else was first. With
 * `isRemeasured` it gets an SLI of its own: what was counted before stays under the old one.
 */
export async function changeObjective(
  tx: Tx,
  { id, revision, archivedAt }: Pick<SloRecord, 'id' | 'revision' | 'archivedAt'>,
  set: Partial<typeof slos.$inferInsert>,
  isRemeasured: boolean,
): Promise<number | null> {
  const afresh = { sliId: sql`default`, measuredSinceMinute: null, readUntilMinute: null };
  const [changed] = await tx
    .update(slos)
    .set({ ...set, lastError: null, archivedAt: null, revision: revision + 1, ...(isRemeasured ? afresh : {}) })
    .where(
      and(
        eq(slos.id, id),
        eq(slos.revision, revision),
        archivedAt === null ? isNull(slos.archivedAt) : isNotNull(slos.archivedAt),
      ),
    )
    .returning({ sliId: slos.sliId });
  return changed?.sliId ?? null;
}

/** Keeps a revision; one that is kept already stays as it is. */
export async function insertRevision(tx: Tx, row: RevisionRecord): Promise<void> {
  await tx.insert(sloRevisions).values(row).onConflictDoNothing();
}

/** Takes an objective out of use; false when it was before. */
export async function archiveObjective(tx: Tx, id: string, at: Date): Promise<boolean> {
  const rows = await tx
    .update(slos)
    .set({ archivedAt: at })
    .where(and(eq(slos.id, id), isNull(slos.archivedAt)))
    .returning({ id: slos.id });
  return rows.length > 0;
}
