import { eq, inArray, ne } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { heldUntil } from '../../../db/queries/oncall.ts';
import { oncallSlots, platforms, users } from '../../../db/schema/index.ts';

/** What is planned on these platforms, which nobody else changes until the transaction ends, and the ids of who has not left. */
export async function lockRotas(tx: Tx, of: readonly string[]) {
  const ids = [...of];
  await tx
    .select({ id: platforms.id })
    .from(platforms)
    .where(inArray(platforms.id, ids))
    .orderBy(platforms.id)
    .for('no key update');
  const { id, platformId, userId, role, startsAt } = oncallSlots;
  const slots = await tx
    .select({ id, platformId, userId, role, startsAt, endsAt: heldUntil })
    .from(oncallSlots)
    .where(inArray(platformId, ids));
  const present = await tx.select({ id: users.id }).from(users).where(ne(users.state, 'offboarded'));
  return { slots, people: new Set(present.map((person) => person.id)) };
}

/** Adds slots of the demo. */
export async function insertDemoSlots(tx: Tx, rows: (typeof oncallSlots.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(oncallSlots).values(rows);
}

/** Removes every slot of the demo. */
export async function deleteDemoSlots(tx: Tx): Promise<void> {
  await tx.delete(oncallSlots).where(eq(oncallSlots.isDemo, true));
}
