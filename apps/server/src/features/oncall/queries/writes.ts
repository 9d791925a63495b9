import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { oncallSlots, platforms } from '../../../db/schema/index.ts';

/** Lets one transaction at a time change the slots of a platform; gives its name, or null when there is none. */
export async function lockPlatform(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx
    .select({ name: platforms.name })
    .from(platforms)
    .where(eq(platforms.id, id))
    .for('no key update');
  return row?.name ?? null;
}

/** Stores a slot. */
export async function insertSlot(tx: Tx, row: typeof oncallSlots.$inferInsert): Promise<void> {
  await tx.insert(oncallSlots).values(row);
}

/** Changes a slot; its version rises. */
export async function updateSlot(
  tx: Tx,
  id: string,
  change: Partial<Pick<typeof oncallSlots.$inferInsert, 'userId' | 'endedAt' | 'endedBy' | 'endedReason'>>,
): Promise<void> {
  await tx
    .update(oncallSlots)
    .set({ ...change, version: sql`${oncallSlots.version} + 1` })
    .where(eq(oncallSlots.id, id));
}
