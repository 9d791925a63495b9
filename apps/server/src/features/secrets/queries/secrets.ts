import type { SecretCounts, SecretState } from '@qd/shared/secrets';
import { and, asc, count, desc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { platforms, secretRotations, secrets, users } from '../../../db/schema/index.ts';

/** An entry as stored. */
export type SecretRow = typeof secrets.$inferSelect;

/** An entry with the name of the person who answers for it, if any. */
export interface OwnedSecret {
  secret: SecretRow;
  ownerName: string | null;
}

export type RotationRow = typeof secretRotations.$inferSelect;

/** Which entries: on these platforms (`*` for all), in these states at `now`, archived ones too or not. */
export interface SecretScope {
  platforms: '*' | readonly string[];
  states?: readonly SecretState[] | undefined;
  archived: boolean;
  now: Date;
  dueSoonMs: number;
}

/** As `secretState` of the shared rules has it. */
function stateAt({ now, dueSoonMs }: SecretScope): SQL<SecretState> {
  const at = now.toISOString();
  const soon = new Date(now.getTime() + dueSoonMs).toISOString();
  return sql`case
    when ${secrets.cadence} = 'manual' then 'manual'
    when ${secrets.lastRotatedAt} is null or ${secrets.nextDueAt} is null then 'never'
    when ${secrets.nextDueAt} <= ${at}::timestamptz then 'overdue'
    when ${secrets.nextDueAt} <= ${soon}::timestamptz then 'due_soon'
    else 'ok' end`;
}

function inScope(scope: SecretScope): SQL | undefined {
  return and(
    scope.platforms === '*' ? undefined : inArray(secrets.platform, [...scope.platforms]),
    scope.archived ? undefined : isNull(secrets.archivedAt),
    scope.states === undefined ? undefined : inArray(stateAt(scope), [...scope.states]),
  );
}

function owned(db: ReadDb | Tx) {
  return db
    .select({ secret: secrets, ownerName: users.name })
    .from(secrets)
    .leftJoin(users, eq(users.id, secrets.ownerId));
}

/** A page of entries by platform and name; one more than `limit`. */
export async function selectSecrets(
  db: ReadDb,
  scope: SecretScope,
  page: { afterId: string | null; limit: number },
): Promise<OwnedSecret[]> {
  const after = sql`(${secrets.platform}, ${secrets.name}, ${secrets.id}) > (select s.platform, s.name, s.id from secrets s where s.id = ${page.afterId})`;
  return owned(db)
    .where(and(inScope(scope), page.afterId === null ? undefined : after))
    .orderBy(asc(secrets.platform), asc(secrets.name), asc(secrets.id))
    .limit(page.limit + 1);
}

/** How many entries there are, counted up to `most`. */
export async function secretCount(db: ReadDb, scope: SecretScope, most: number): Promise<number> {
  const some = db.select({ id: secrets.id }).from(secrets).where(inScope(scope)).limit(most).as('some');
  const [found] = await db.select({ rows: count() }).from(some);
  return found?.rows ?? 0;
}

/** How many entries stand in each state, archived ones left out. */
export async function countSecrets(db: ReadDb, scope: SecretScope): Promise<SecretCounts> {
  const state = stateAt(scope).as('state');
  const standing = db
    .select({ state })
    .from(secrets)
    .where(inScope({ ...scope, states: undefined, archived: false }))
    .as('standing');
  const rows = await db.select({ state: standing.state, rows: count() }).from(standing).groupBy(standing.state);
  const found = new Map(rows.map((row) => [row.state, row.rows]));
  const of = (name: SecretState): number => found.get(name) ?? 0;
  return { ok: of('ok'), due_soon: of('due_soon'), overdue: of('overdue'), never: of('never'), manual: of('manual') };
}

/** One entry, or null. */
export async function selectSecret(db: ReadDb | Tx, id: string): Promise<OwnedSecret | null> {
  const [row] = await owned(db).where(eq(secrets.id, id));
  return row ?? null;
}

/** One entry, locked until the transaction ends, or null. */
export async function lockSecret(tx: Tx, id: string): Promise<SecretRow | null> {
  const [row] = await tx.select().from(secrets).where(eq(secrets.id, id)).for('update');
  return row ?? null;
}

/** Rotations of an entry, the latest first, each with who recorded it; one more than `limit`. */
export async function selectRotations(
  db: ReadDb,
  secretId: string,
  page: { afterId: string | null; limit: number },
): Promise<{ rotation: RotationRow; recordedByName: string | null }[]> {
  const after = sql`(${secretRotations.rotatedAt}, ${secretRotations.id}) < (select r.rotated_at, r.id from secret_rotations r where r.id = ${page.afterId})`;
  return db
    .select({ rotation: secretRotations, recordedByName: users.name })
    .from(secretRotations)
    .leftJoin(users, eq(users.id, secretRotations.recordedBy))
    .where(and(eq(secretRotations.secretId, secretId), page.afterId === null ? undefined : after))
    .orderBy(desc(secretRotations.rotatedAt), desc(secretRotations.id))
    .limit(page.limit + 1);
}

/** Names of entries in use on a platform. */
export async function selectNames(db: ReadDb | Tx, platform: string): Promise<string[]> {
  const rows = await db
    .select({ name: secrets.name })
    .from(secrets)
    .where(and(eq(secrets.platform, platform), isNull(secrets.archivedAt)));
  return rows.map((row) => row.name);
}

/** True if the platform exists. */
export async function platformExists(db: ReadDb | Tx, id: string): Promise<boolean> {
  const rows = await db.select({ id: platforms.id }).from(platforms).where(eq(platforms.id, id));
  return rows.length > 0;
}

/** True if somebody active has this id. */
export async function isActivePerson(db: ReadDb | Tx, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, id), eq(users.state, 'active')));
  return rows.length > 0;
}
