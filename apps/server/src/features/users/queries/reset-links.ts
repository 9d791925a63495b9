import type { ResetLinkKind, UserState } from '@qd/shared/users';
import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { resetLinks, users } from '../../../db/schema/index.ts';

/** A link back in that can still be used, and whose it is. */
export interface OpenResetLink {
  id: string;
  kind: ResetLinkKind;
  createdBy: string | null;
  expiresAt: Date;
  person: { id: string; name: string; email: string; emailKey: string; state: UserState };
}

const isOpen = (now: Date) => and(isNull(resetLinks.usedAt), gt(resetLinks.expiresAt, now));

/** Stores a link; links of the person that were not used yet end with it. */
export async function insertResetLink(tx: Tx, row: typeof resetLinks.$inferInsert): Promise<void> {
  await endResetLinks(tx, row.userId, row.createdAt);
  await tx.insert(resetLinks).values(row);
}

/** Ends the links of a person that were not used yet. */
export async function endResetLinks(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx
    .update(resetLinks)
    .set({ expiresAt: now })
    .where(and(eq(resetLinks.userId, userId), isOpen(now)));
}

/** The link of a token that can still be used by a person who may sign in, or null. */
export async function selectOpenResetLink(db: ReadDb, tokenHash: Uint8Array, now: Date): Promise<OpenResetLink | null> {
  const { id, kind, createdBy, expiresAt } = resetLinks;
  const person = { id: users.id, name: users.name, email: users.email, emailKey: users.emailKey, state: users.state };
  const [row] = await db
    .select({ id, kind, createdBy, expiresAt, person })
    .from(resetLinks)
    .innerJoin(users, and(eq(users.id, resetLinks.userId), eq(users.state, 'active')))
    .where(and(eq(resetLinks.tokenHash, tokenHash), isOpen(now)));
  return row ?? null;
}

/** Uses a link up; true for the one caller who got it. */
export async function useResetLink(tx: Tx, id: string, now: Date): Promise<boolean> {
  const used = await tx
    .update(resetLinks)
    .set({ usedAt: now })
    .where(and(eq(resetLinks.id, id), isOpen(now)))
    .returning({ id: resetLinks.id });
  return used.length > 0;
}

/** Forgets links that ran out before the instant; what was done with them is in the log. */
export async function deleteResetLinksBefore(tx: Tx, before: Date): Promise<void> {
  await tx.delete(resetLinks).where(lt(resetLinks.expiresAt, before));
}
