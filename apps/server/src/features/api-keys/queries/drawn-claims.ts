import { and, asc, eq, gt, gte, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyClaims } from '../../../db/schema/index.ts';

/** A claim link that was used, and when. */
export interface DrawnClaimRow {
  id: string;
  pepperVersion: number;
  at: Date;
}

/** Links used at or after an instant (null: ever), by id, without those of the demo. */
export async function selectDrawnClaims(
  db: ReadDb,
  page: { since: Date | null; afterId: string; limit: number },
): Promise<DrawnClaimRow[]> {
  const { id, claimedAt } = keyClaims;
  const rows = await db
    .select({ id, at: claimedAt, pepperVersion: apiKeys.pepperVersion })
    .from(keyClaims)
    .innerJoin(apiKeys, eq(apiKeys.id, keyClaims.keyId))
    .where(
      and(
        isNotNull(claimedAt),
        page.since === null ? undefined : gte(claimedAt, page.since),
        gt(id, page.afterId),
        eq(apiKeys.isDemo, false),
      ),
    )
    .orderBy(asc(id))
    .limit(page.limit);
  return rows.flatMap(({ at, ...row }) => (at === null ? [] : [{ ...row, at }]));
}

/** Which of these links the tables hold as open. */
export async function selectOpenClaims(db: ReadDb, ids: readonly string[]): Promise<string[]> {
  const { id, claimedAt, cancelledAt } = keyClaims;
  const open = and(inArray(id, [...ids]), isNull(claimedAt), isNull(cancelledAt));
  const rows = await db.select({ id }).from(keyClaims).where(open);
  return rows.map((row) => row.id);
}

/** Ends one link that nobody used by the tables; gives its key, null when it was used or over. */
export async function cancelOpenClaim(
  tx: Tx,
  id: string,
  now: Date,
): Promise<{ keyId: string; recipientEmail: string } | null> {
  const { keyId, recipientEmail, claimedAt, cancelledAt } = keyClaims;
  const [row] = await tx
    .update(keyClaims)
    .set({ cancelledAt: now })
    .where(and(eq(keyClaims.id, id), isNull(claimedAt), isNull(cancelledAt)))
    .returning({ keyId, recipientEmail });
  return row ?? null;
}
