import { eq } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../db/client.ts';
import { deploys, platforms } from '../../db/schema/index.ts';

/** True if the platform exists. */
export async function hasPlatform(db: ReadDb, id: string): Promise<boolean> {
  const rows = await db.select({ id: platforms.id }).from(platforms).where(eq(platforms.id, id));
  return rows.length > 0;
}

/** True if the deploy is known. */
export async function hasDeploy(db: ReadDb, id: string): Promise<boolean> {
  const rows = await db.select({ id: deploys.id }).from(deploys).where(eq(deploys.id, id));
  return rows.length > 0;
}

/** Adds a deploy; one of the same id stays as it is. */
export async function insertDeploy(tx: Tx, row: typeof deploys.$inferInsert): Promise<void> {
  await tx.insert(deploys).values(row).onConflictDoNothing();
}
