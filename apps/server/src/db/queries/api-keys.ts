import { and, desc, eq, gt, inArray, isNull, or } from 'drizzle-orm';
import type { Tx } from '../client.ts';
import { apiKeys, keyClaims } from '../schema/index.ts';

/** What of a key decides whom it may act for. */
export type OwnedKeyRow = Pick<typeof apiKeys.$inferSelect, 'id' | 'name' | 'platform' | 'scopes'>;

/**
 * Keys that act for a person and still work, locked until the transaction ends. Successors are locked before the keys they
 * follow, as everywhere.
 */
export async function lockLiveKeysOf(tx: Tx, userId: string, now: Date): Promise<OwnedKeyRow[]> {
  return tx
    .select({ id: apiKeys.id, name: apiKeys.name, platform: apiKeys.platform, scopes: apiKeys.scopes })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.ownerId, userId),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    )
    .orderBy(desc(apiKeys.createdAt), apiKeys.id)
    .for('update');
}

/** Ends keys for ever. */
export async function revokeKeys(
  tx: Tx,
  ids: readonly string[],
  { at, reason, by }: { at: Date; reason: string; by: string | null },
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(apiKeys)
    .set({ revokedAt: at, endReason: reason, endedBy: by })
    .where(inArray(apiKeys.id, [...ids]));
}

/** Lets a key act for somebody else from now on. Links by which it was to be drawn end: they went to whom it acted for. */
export async function setKeyOwner(
  tx: Tx,
  { id, ownerId, now }: { id: string; ownerId: string; now: Date },
): Promise<void> {
  await tx.update(apiKeys).set({ ownerId }).where(eq(apiKeys.id, id));
  await tx
    .update(keyClaims)
    .set({ cancelledAt: now })
    .where(and(eq(keyClaims.keyId, id), isNull(keyClaims.claimedAt), isNull(keyClaims.cancelledAt)));
}
