import { and, count, eq, lt } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { devices } from '../../../db/schema/index.ts';

/** Notes that a known browser of a person was used; gives its id, or null when it is not known. */
export async function touchDevice(
  tx: Tx,
  device: { userId: string; tokenHash: Uint8Array; userAgent: string; now: Date },
): Promise<string | null> {
  const [row] = await tx
    .update(devices)
    .set({ userAgent: device.userAgent, lastSeenAt: device.now })
    .where(and(eq(devices.userId, device.userId), eq(devices.tokenHash, device.tokenHash)))
    .returning({ id: devices.id });
  return row?.id ?? null;
}

/** How many browsers a person has signed in from. */
export async function countDevices(tx: Tx, userId: string): Promise<number> {
  const [row] = await tx.select({ known: count() }).from(devices).where(eq(devices.userId, userId));
  return Number(row?.known ?? 0);
}

/** Stores a new browser of a person. */
export async function insertDevice(tx: Tx, row: typeof devices.$inferInsert): Promise<void> {
  await tx.insert(devices).values(row).onConflictDoNothing();
}

/** Forgets browsers not used since the instant. */
export async function deleteDevicesBefore(tx: Tx, before: Date): Promise<void> {
  await tx.delete(devices).where(lt(devices.lastSeenAt, before));
}
