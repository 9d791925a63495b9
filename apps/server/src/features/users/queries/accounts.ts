import { eq } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { users } from '../../../db/schema/index.ts';

/** A person as stored. */
export type UserRow = typeof users.$inferSelect;

/** What sign-in needs of an account. */
export type Account = Pick<UserRow, 'id' | 'email' | 'name' | 'passwordHash' | 'state'>;

const account = {
  id: users.id,
  email: users.email,
  name: users.name,
  passwordHash: users.passwordHash,
  state: users.state,
};

/** The account of an address, or null. */
export async function selectAccount(db: ReadDb, emailKey: string): Promise<Account | null> {
  const [row] = await db.select(account).from(users).where(eq(users.emailKey, emailKey));
  return row ?? null;
}

/** The account of an address, locked until the transaction ends, or null. */
export async function lockAccount(tx: Tx, emailKey: string): Promise<Account | null> {
  const [row] = await tx.select(account).from(users).where(eq(users.emailKey, emailKey)).for('update');
  return row ?? null;
}

/** Stores a person; false when the address is taken. */
export async function insertUser(tx: Tx, row: typeof users.$inferInsert): Promise<boolean> {
  const inserted = await tx
    .insert(users)
    .values(row)
    .onConflictDoNothing({ target: users.emailKey })
    .returning({ id: users.id });
  return inserted.length > 0;
}

/** Replaces a password hash. */
export async function updatePasswordHash(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
}
