import { emailKey } from '@qd/shared/users';
import { inArray } from 'drizzle-orm';
import type { ReadDb } from '../client.ts';
import { users } from '../schema/index.ts';

/** Says what a person is called; keys, commands and people who are gone are called what was stored. */
export type NameOf = (stored: string) => string;

/** Names of the people behind the e-mail addresses that stand beside changes. */
export async function personNames(db: ReadDb, stored: readonly string[]): Promise<NameOf> {
  const keys = [...new Set(stored.filter((text) => text.includes('@')).map(emailKey))];
  const rows =
    keys.length === 0
      ? []
      : await db.select({ key: users.emailKey, name: users.name }).from(users).where(inArray(users.emailKey, keys));
  const names = new Map(rows.map(({ key, name }) => [key, name]));
  return (text) => (text.includes('@') ? names.get(emailKey(text)) : undefined) ?? text;
}
