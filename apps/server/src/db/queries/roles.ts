import { eq } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { roles } from '../schema/index.ts';

/** A role made here, as stored. */
export type RoleRow = typeof roles.$inferSelect;

/** A role made here, or null. */
export async function selectRole(db: ReadDb, id: string): Promise<RoleRow | null> {
  const [row] = await db.select().from(roles).where(eq(roles.id, id));
  return row ?? null;
}

/**
 * A role made here, kept as it is until the transaction ends, or null. Whoever gives the role waits for whoever edits it:
 * otherwise one could hand out a permission the other is adding, and hold it themselves nowhere.
 */
export async function holdRole(tx: Tx, id: string): Promise<RoleRow | null> {
  const [row] = await tx.select().from(roles).where(eq(roles.id, id)).for('share');
  return row ?? null;
}
