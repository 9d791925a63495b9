import { randomUUID } from 'node:crypto';
import { emailKey } from '@qd/shared/users';
import type { Db } from '../src/db/client.ts';
import { grants, memberships, platforms, users } from '../src/db/schema/index.ts';

/** A person as tests describe them; what is left out is usual. */
export interface Somebody {
  name: string;
  email?: string;
  state?: (typeof users.$inferInsert)['state'];
  lastSeenAt?: Date | null;
  createdAt?: Date;
  /** `role@platform`, the platform `*` where none is named. */
  roles?: string[];
  accounts?: string[];
}

const since = new Date('2026-01-01T00:00:00Z');

/** Platforms people may have accounts on. */
export async function addPlatforms(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .insert(platforms)
    .values(ids.map((id) => ({ id, name: `The ${id}`, createdAt: since })))
    .onConflictDoNothing();
}

/** Stores people past every rule; gives their ids in order. */
export async function addPeople(db: Db, people: readonly Somebody[]): Promise<string[]> {
  const rows = people.map((person) => {
    const email = person.email ?? `${person.name.toLowerCase().replaceAll(' ', '.')}@example.com`;
    return { person, email, id: `usr_${randomUUID()}` };
  });
  await db.insert(users).values(
    rows.map(({ id, email, person }) => ({
      id,
      email,
      emailKey: emailKey(email),
      name: person.name,
      state: person.state ?? ('active' as const),
      createdAt: person.createdAt ?? since,
      lastSeenAt: person.lastSeenAt ?? null,
    })),
  );
  const given = rows.flatMap(({ id, person }) => (person.roles ?? []).map((text) => ({ userId: id, ...placed(text) })));
  const accounts = rows.flatMap(({ id, person }) =>
    (person.accounts ?? []).map((text) => ({ userId: id, ...placed(text) })),
  );
  const stamp = { reason: 'test', createdAt: since };
  if (given.length > 0) {
    await db.insert(grants).values(given.map((row) => ({ id: `grt_${randomUUID()}`, ...stamp, ...row })));
  }
  if (accounts.length > 0) {
    await db.insert(memberships).values(
      accounts.map((row) => ({
        id: `mbr_${randomUUID()}`,
        state: 'active' as const,
        updatedAt: since,
        ...stamp,
        ...row,
      })),
    );
  }
  return rows.map((row) => row.id);
}

function placed(text: string): { role: string; platform: string } {
  const [role = '', platform = '*'] = text.split('@');
  return { role, platform };
}
