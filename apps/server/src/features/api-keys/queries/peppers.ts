import { and, asc, count, eq, gt, inArray, isNotNull, isNull, like, ne, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, facts } from '../../../db/schema/index.ts';

const FACT = 'api-keys.pepper.v';

/** A pepper by its version, and a fingerprint that tells nothing about it. */
export interface PepperFact {
  version: number;
  fingerprint: string;
  /** When it was first used. */
  since: Date;
}

/** Every pepper that ever was the current one, oldest first. */
export async function selectPepperFacts(db: ReadDb): Promise<PepperFact[]> {
  const rows = await db
    .select()
    .from(facts)
    .where(like(facts.key, `${FACT}%`));
  const found = rows.map(({ key, value, updatedAt }) => ({
    version: Number(key.slice(FACT.length)),
    fingerprint: String(value),
    since: updatedAt,
  }));
  return found.filter((fact) => Number.isInteger(fact.version)).toSorted((a, b) => a.version - b.version);
}

/** Makes a pepper a version; false when another replica took the number first. */
export async function insertPepperFact(tx: Tx, { version, fingerprint, since }: PepperFact): Promise<boolean> {
  const inserted = await tx
    .insert(facts)
    .values({ key: `${FACT}${version}`, value: fingerprint, updatedAt: since })
    .onConflictDoNothing()
    .returning({ key: facts.key });
  return inserted.length > 0;
}

/** Keys that still work, or will again, and were hashed. */
function live(now: Date) {
  return and(
    isNotNull(apiKeys.hash),
    isNull(apiKeys.revokedAt),
    eq(apiKeys.isProbe, false),
    or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
    or(isNull(apiKeys.endsAt), gt(apiKeys.endsAt, now)),
  );
}

/** How many live keys were hashed under each version. */
export async function countLiveByPepper(db: ReadDb, now: Date): Promise<{ version: number; keys: number }[]> {
  return db
    .select({ version: apiKeys.pepperVersion, keys: count() })
    .from(apiKeys)
    .where(live(now))
    .groupBy(apiKeys.pepperVersion)
    .orderBy(asc(apiKeys.pepperVersion));
}

/** A live key that is still hashed under an older pepper: nobody has used it since. */
export interface Straggler {
  id: string;
  name: string;
  platform: string;
  version: number;
  lastUsedAt: Date | null;
}

/** Live keys under other peppers than the current one, by id, on the platforms given. One more than `limit`. */
export async function selectStragglers(
  db: ReadDb,
  page: { version: number; platforms: '*' | string[]; afterId: string | null; limit: number; now: Date },
): Promise<Straggler[]> {
  const { id, name, platform, pepperVersion, lastUsedAt } = apiKeys;
  return db
    .select({ id, name, platform, version: pepperVersion, lastUsedAt })
    .from(apiKeys)
    .where(
      and(
        ne(pepperVersion, page.version),
        live(page.now),
        inPlatforms(page.platforms),
        page.afterId === null ? undefined : gt(id, page.afterId),
      ),
    )
    .orderBy(asc(id))
    .limit(page.limit + 1);
}

function inPlatforms(platforms: '*' | string[]) {
  return platforms === '*' ? undefined : inArray(apiKeys.platform, platforms);
}

/** Live keys on the platforms given, and how many of them are under the version. */
export async function countPeppered(
  db: ReadDb,
  of: { version: number; platforms: '*' | string[]; now: Date },
): Promise<{ keys: number; current: number }> {
  const [row] = await db
    .select({
      keys: count(),
      current: sql<number>`count(*) filter (where ${eq(apiKeys.pepperVersion, of.version)})`.mapWith(Number),
    })
    .from(apiKeys)
    .where(and(live(of.now), inPlatforms(of.platforms)));
  return row ?? { keys: 0, current: 0 };
}

/** Puts the hashes under the current pepper in the place of older ones, where the key still has the hash that was found. */
export async function updateHashes(
  tx: Tx,
  to: { version: number; keys: readonly { id: string; from: Uint8Array; hash: Uint8Array }[] },
): Promise<void> {
  const rows = to.keys.map(
    ({ id, from, hash }) => sql`(${id}::text, decode(${hex(from)}, 'hex'), decode(${hex(hash)}, 'hex'))`,
  );
  await tx.execute(
    sql`update ${apiKeys} set hash = made.hash, pepper_version = ${to.version}
        from (values ${sql.join(rows, sql`, `)}) as made (id, found, hash)
        where api_keys.id = made.id and api_keys.hash = made.found`,
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
