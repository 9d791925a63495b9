import { sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';

/** Which import does it, for whom, when and why. */
export interface Imprint {
  importId: string;
  actorId: string | null;
  reason: string;
  now: Date;
}

/** A person to make. */
export interface NewPerson {
  id: string;
  email: string;
  emailKey: string;
  name: string;
}

/** A grant or an account on a platform to give. */
export interface NewRole {
  id: string;
  userId: string;
  role: string;
  platform: string;
}

const texts = <Row>(rows: readonly Row[], read: (row: Row) => string | null) =>
  sql`${sql.param(rows.map(read))}::text[]`;

/** Makes people, invited; gives the ids of those whose address was still free. */
export async function insertPeople(tx: Tx, people: readonly NewPerson[], by: Imprint): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const made = await tx.execute(sql`
    insert into users (id, email, email_key, name, state, state_since, origin, import_id, created_at)
    select id, email, email_key, name, 'invited', ${iso(by)}::timestamptz, 'import', ${by.importId}, ${iso(by)}::timestamptz
    from unnest(${texts(people, (p) => p.id)}, ${texts(people, (p) => p.email)}, ${texts(people, (p) => p.emailKey)},
      ${texts(people, (p) => p.name)}) as t(id, email, email_key, name)
    on conflict (email_key) do nothing
    returning id`);
  return new Set(rowsOf<{ id: string }>(made).map((row) => row.id));
}

/** Gives new names. Every change raises both versions of the person, whether or not the name is another. */
export async function updatePeople(tx: Tx, people: readonly { id: string; name: string }[]): Promise<void> {
  if (people.length === 0) return;
  await tx.execute(sql`
    update users u set name = t.name, version = u.version + 1, authz_version = u.authz_version + 1
    from unnest(${texts(people, (p) => p.id)}, ${texts(people, (p) => p.name)}) as t(id, name) where u.id = t.id`);
}

/** Gives grants without an end; one that was over begins anew. */
export async function insertGrants(tx: Tx, given: readonly NewRole[], by: Imprint): Promise<void> {
  if (given.length === 0) return;
  await tx.execute(sql`
    insert into grants (id, user_id, role, platform, reason, granted_by, created_at, origin, import_id)
    select id, user_id, role, platform, ${by.reason}, ${by.actorId}::text, ${iso(by)}::timestamptz, 'import', ${by.importId}
    from ${roleRows(given)}
    on conflict (user_id, role, platform) do update set reason = excluded.reason, granted_by = excluded.granted_by,
      created_at = excluded.created_at, expires_at = null, origin = 'import', import_id = excluded.import_id`);
}

/** Gives accounts on platforms, or another role on an account there is. */
export async function upsertMemberships(tx: Tx, given: readonly NewRole[], by: Imprint): Promise<void> {
  if (given.length === 0) return;
  await tx.execute(sql`
    insert into memberships (id, user_id, platform, role, state, reason, granted_by, origin, import_id, created_at, updated_at)
    select id, user_id, platform, role, 'active', ${by.reason}, ${by.actorId}::text, 'import', ${by.importId},
      ${iso(by)}::timestamptz, ${iso(by)}::timestamptz
    from ${roleRows(given)}
    on conflict (user_id, platform) do update set role = excluded.role, state = 'active', reason = excluded.reason,
      granted_by = excluded.granted_by, origin = 'import', import_id = excluded.import_id, updated_at = excluded.updated_at`);
}

function roleRows(given: readonly NewRole[]) {
  return sql`unnest(${texts(given, (g) => g.id)}, ${texts(given, (g) => g.userId)}, ${texts(given, (g) => g.role)},
      ${texts(given, (g) => g.platform)}) as t(id, user_id, role, platform)`;
}

function iso(by: Pick<Imprint, 'now'>): string {
  return by.now.toISOString();
}

/** Both drivers answer raw statements with an object that holds the rows. */
function rowsOf<Row>(result: unknown): Row[] {
  return (result as { rows: Row[] }).rows;
}
