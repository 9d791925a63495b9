import { and, asc, count, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { passkeys, recoveryCodes, totpFactors } from '../../../db/schema/index.ts';

export type TotpRow = typeof totpFactors.$inferSelect;
export type PasskeyRow = typeof passkeys.$inferSelect;

/** The confirmed authenticator apps of a person, oldest first. */
export async function selectTotps(db: ReadDb, userId: string): Promise<TotpRow[]> {
  return db
    .select()
    .from(totpFactors)
    .where(and(eq(totpFactors.userId, userId), isNotNull(totpFactors.confirmedAt)))
    .orderBy(asc(totpFactors.createdAt), asc(totpFactors.id));
}

/** A started authenticator app that no code has confirmed yet, or null. */
export async function selectStartedTotp(tx: Tx, key: { id: string; userId: string }): Promise<TotpRow | null> {
  const [row] = await tx
    .select()
    .from(totpFactors)
    .where(and(eq(totpFactors.id, key.id), eq(totpFactors.userId, key.userId), isNull(totpFactors.confirmedAt)));
  return row ?? null;
}

/** Stores a started authenticator app in place of any the person started before and never confirmed. */
export async function insertTotp(tx: Tx, row: typeof totpFactors.$inferInsert): Promise<void> {
  await tx.delete(totpFactors).where(and(eq(totpFactors.userId, row.userId), isNull(totpFactors.confirmedAt)));
  await tx.insert(totpFactors).values(row);
}

/** Takes a time step of an app; false when it, or a later one, was taken before. Confirms the app if it was not. */
export async function takeTotpStep(tx: Tx, id: string, taken: { step: number; now: Date }): Promise<boolean> {
  const rows = await tx
    .update(totpFactors)
    .set({
      lastStep: taken.step,
      lastUsedAt: taken.now,
      confirmedAt: sql`coalesce(${totpFactors.confirmedAt}, ${taken.now.toISOString()}::timestamptz)`,
    })
    .where(and(eq(totpFactors.id, id), lt(totpFactors.lastStep, taken.step)))
    .returning({ id: totpFactors.id });
  return rows.length > 0;
}

/** Removes an authenticator app of a person and gives it, or null. */
export async function deleteTotp(tx: Tx, key: { id: string; userId: string }): Promise<TotpRow | null> {
  const [row] = await tx
    .delete(totpFactors)
    .where(and(eq(totpFactors.id, key.id), eq(totpFactors.userId, key.userId)))
    .returning();
  return row ?? null;
}

/** Removes authenticator apps that were started before the instant and never confirmed. */
export async function deleteUnconfirmedTotps(tx: Tx, before: Date): Promise<void> {
  await tx.delete(totpFactors).where(and(isNull(totpFactors.confirmedAt), lt(totpFactors.createdAt, before)));
}

/** The passkeys of a person, oldest first. */
export async function selectPasskeys(db: ReadDb, userId: string): Promise<PasskeyRow[]> {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
}

/** A passkey by its credential id, or null. */
export async function selectPasskey(db: ReadDb, id: string): Promise<PasskeyRow | null> {
  const [row] = await db.select().from(passkeys).where(eq(passkeys.id, id));
  return row ?? null;
}

/** Stores a passkey; false when the credential is known already. */
export async function insertPasskey(tx: Tx, row: typeof passkeys.$inferInsert): Promise<boolean> {
  const stored = await tx.insert(passkeys).values(row).onConflictDoNothing().returning({ id: passkeys.id });
  return stored.length > 0;
}

/**
 * Notes a use of a passkey; false when its signature counter did not rise. Authenticators without a counter always say 0
 * (WebAuthn §6.1.1).
 */
export async function takePasskeyCounter(
  tx: Tx,
  id: string,
  used: { counter: number; isBackedUp: boolean; now: Date },
): Promise<boolean> {
  const rises = lt(passkeys.counter, used.counter);
  const rows = await tx
    .update(passkeys)
    .set({ counter: used.counter, isBackedUp: used.isBackedUp, lastUsedAt: used.now })
    .where(and(eq(passkeys.id, id), used.counter === 0 ? eq(passkeys.counter, 0) : rises))
    .returning({ id: passkeys.id });
  return rows.length > 0;
}

/** Names a passkey of a person; gives its former name, or null when there is none such. */
export async function renamePasskey(
  tx: Tx,
  key: { id: string; userId: string },
  label: string,
): Promise<{ before: string } | null> {
  const mine = and(eq(passkeys.id, key.id), eq(passkeys.userId, key.userId));
  const [row] = await tx.select({ label: passkeys.label }).from(passkeys).where(mine).for('update');
  if (!row) return null;
  await tx.update(passkeys).set({ label }).where(mine);
  return { before: row.label };
}

/** Removes a passkey of a person and gives it, or null. */
export async function deletePasskey(tx: Tx, key: { id: string; userId: string }): Promise<PasskeyRow | null> {
  const [row] = await tx
    .delete(passkeys)
    .where(and(eq(passkeys.id, key.id), eq(passkeys.userId, key.userId)))
    .returning();
  return row ?? null;
}

/** Stores new recovery codes in place of all the person had. */
export async function replaceRecoveryCodes(
  tx: Tx,
  userId: string,
  codes: (typeof recoveryCodes.$inferInsert)[],
): Promise<void> {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await tx.insert(recoveryCodes).values(codes);
}

/** Uses a recovery code up; true for the one caller who got it. */
export async function takeRecoveryCode(
  tx: Tx,
  code: { userId: string; hash: Uint8Array; now: Date },
): Promise<boolean> {
  const rows = await tx
    .update(recoveryCodes)
    .set({ usedAt: code.now })
    .where(and(eq(recoveryCodes.userId, code.userId), eq(recoveryCodes.hash, code.hash), isNull(recoveryCodes.usedAt)))
    .returning({ id: recoveryCodes.id });
  return rows.length > 0;
}

/** How many recovery codes a person has left, and whether they were ever given any. */
export async function countRecoveryCodes(db: ReadDb, userId: string): Promise<{ left: number; given: number }> {
  const [row] = await db
    .select({ left: sql<number>`(count(*) filter (where ${recoveryCodes.usedAt} is null))::int`, given: count() })
    .from(recoveryCodes)
    .where(eq(recoveryCodes.userId, userId));
  return { left: row?.left ?? 0, given: Number(row?.given ?? 0) };
}

/** Takes every second factor off a person; gives how many there were. Recovery codes go along, uncounted. */
export async function deleteFactors(tx: Tx, userId: string): Promise<{ totp: number; passkeys: number }> {
  const apps = await tx
    .delete(totpFactors)
    .where(eq(totpFactors.userId, userId))
    .returning({ at: totpFactors.confirmedAt });
  const keys = await tx.delete(passkeys).where(eq(passkeys.userId, userId)).returning({ id: passkeys.id });
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return { totp: apps.filter((app) => app.at !== null).length, passkeys: keys.length };
}

/** Removes recovery codes of a person who has no second factor left to recover. */
export async function deleteRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx
    .delete(recoveryCodes)
    .where(
      and(
        eq(recoveryCodes.userId, userId),
        sql`not ${or(
          sql`exists (select from ${totpFactors} where ${totpFactors.userId} = ${userId} and ${totpFactors.confirmedAt} is not null)`,
          sql`exists (select from ${passkeys} where ${passkeys.userId} = ${userId})`,
        )}`,
      ),
    );
}
