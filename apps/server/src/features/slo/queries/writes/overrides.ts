import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';
import { sloOverrides } from '../../../../db/schema/index.ts';

/** Adds an override. */
export async function insertOverride(tx: Tx, row: typeof sloOverrides.$inferInsert): Promise<void> {
  await tx.insert(sloOverrides).values(row);
}

/** Ends an override; false when it was ended before. */
export async function endOverride(tx: Tx, id: string, at: Date): Promise<boolean> {
  const rows = await tx
    .update(sloOverrides)
    .set({ withdrawnAt: at })
    .where(and(eq(sloOverrides.id, id), isNull(sloOverrides.withdrawnAt)))
    .returning({ id: sloOverrides.id });
  return rows.length > 0;
}
