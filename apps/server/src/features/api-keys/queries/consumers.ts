import { and, asc, count, eq, gte, inArray, isNull, max, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyConsumers, keyUsage } from '../../../db/schema/index.ts';

/** A consumer as stored. */
export type ConsumerRow = typeof keyConsumers.$inferSelect;
type NewConsumerRow = typeof keyConsumers.$inferInsert;

const isOf = (lineageId: string) => and(eq(keyConsumers.lineageId, lineageId), isNull(keyConsumers.removedAt));

/** Stores consumers; false when one of that name is there already. */
export async function insertConsumers(tx: Tx, rows: readonly NewConsumerRow[]): Promise<boolean> {
  if (rows.length === 0) return true;
  const inserted = await tx
    .insert(keyConsumers)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ id: keyConsumers.id });
  return inserted.length === rows.length;
}

/** Consumers of a key and its successors, by name. */
export async function selectConsumers(db: ReadDb, lineageId: string): Promise<ConsumerRow[]> {
  return db.select().from(keyConsumers).where(isOf(lineageId)).orderBy(asc(keyConsumers.name), asc(keyConsumers.id));
}

/** What keys of a lineage that are not revoked may do, each scope once. */
export async function selectLineageScopes(db: ReadDb, lineageId: string): Promise<string[]> {
  const rows = await db
    .select({ scopes: apiKeys.scopes })
    .from(apiKeys)
    .where(and(eq(apiKeys.lineageId, lineageId), isNull(apiKeys.revokedAt)));
  return [...new Set(rows.flatMap(({ scopes }) => scopes))];
}

/** How many consumers there are; the row of the lineage's first key is locked, so that they are counted one at a time. */
export async function countConsumersLocked(tx: Tx, lineageId: string): Promise<number> {
  await tx.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.id, lineageId)).for('update');
  const [row] = await tx.select({ n: count() }).from(keyConsumers).where(isOf(lineageId));
  return Number(row?.n ?? 0);
}

/** A consumer with the platform of its keys, or null. */
export async function lockConsumer(tx: Tx, id: string): Promise<{ consumer: ConsumerRow; platform: string } | null> {
  const [row] = await tx
    .select({ consumer: keyConsumers, platform: apiKeys.platform })
    .from(keyConsumers)
    .innerJoin(apiKeys, eq(apiKeys.id, keyConsumers.lineageId))
    .where(and(eq(keyConsumers.id, id), isNull(keyConsumers.removedAt)))
    .for('update', { of: keyConsumers });
  return row ?? null;
}

/** True if another consumer of the lineage has the name. */
export async function isConsumerNameTaken(
  tx: Tx,
  of: { lineageId: string; name: string; exceptId: string },
): Promise<boolean> {
  const rows = await tx
    .select({ id: keyConsumers.id })
    .from(keyConsumers)
    .where(and(isOf(of.lineageId), eq(keyConsumers.name, of.name)));
  return rows.some((row) => row.id !== of.exceptId);
}

/** Changes a consumer. */
export async function updateConsumerRow(tx: Tx, id: string, to: Partial<NewConsumerRow>): Promise<void> {
  await tx.update(keyConsumers).set(to).where(eq(keyConsumers.id, id));
}

/** Calls of one caller with keys of a lineage. */
export interface LineageCaller {
  address: string;
  agent: string;
  calls: number;
  lastAt: Date;
}

/** Who called with any key of a lineage since an instant and was let in, the busiest first. */
export async function selectLineageCallers(
  db: ReadDb,
  of: { lineageId: string; since: Date; limit: number },
): Promise<LineageCaller[]> {
  const keys = db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.lineageId, of.lineageId));
  const calls = sql<number>`sum(${keyUsage.count})`.mapWith(Number);
  const rows = await db
    .select({ address: keyUsage.address, agent: keyUsage.agent, calls, lastAt: max(keyUsage.lastAt) })
    .from(keyUsage)
    .where(and(inArray(keyUsage.keyId, keys), gte(keyUsage.startsAt, of.since), eq(keyUsage.outcome, 'ok')))
    .groupBy(keyUsage.address, keyUsage.agent)
    .orderBy(sql`3 desc`, asc(keyUsage.address), asc(keyUsage.agent))
    .limit(of.limit);
  return rows.map((row) => ({ ...row, lastAt: row.lastAt ?? of.since }));
}
