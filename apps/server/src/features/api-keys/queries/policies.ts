import type { KeyPolicyFacts, OwnScope } from '@qd/shared/api-keys';
import { asc, eq } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { keyPolicies, platforms, platformKeyScopes } from '../../../db/schema/index.ts';

/** The policy of a platform as stored. */
export interface StoredPolicy {
  policy: KeyPolicyFacts;
  updatedAt: Date;
}

/** The stored policy of a platform, or null where it still has the one every platform begins with. */
export async function selectKeyPolicy(db: ReadDb, platform: string): Promise<StoredPolicy | null> {
  const [row] = await db
    .select({ policy: keyPolicies.policy, updatedAt: keyPolicies.updatedAt })
    .from(keyPolicies)
    .where(eq(keyPolicies.platform, platform));
  return row ?? null;
}

/** Stored policies by platform. */
export async function selectKeyPolicies(db: ReadDb): Promise<Map<string, KeyPolicyFacts>> {
  const rows = await db.select({ platform: keyPolicies.platform, policy: keyPolicies.policy }).from(keyPolicies);
  return new Map(rows.map((row) => [row.platform, row.policy]));
}

/** Stores the policy of a platform in place of the one before. */
export async function upsertKeyPolicy(tx: Tx, row: typeof keyPolicies.$inferInsert): Promise<void> {
  const { policy, updatedBy, updatedAt } = row;
  await tx
    .insert(keyPolicies)
    .values(row)
    .onConflictDoUpdate({ target: keyPolicies.platform, set: { policy, updatedBy, updatedAt } });
}

/** Scopes added for keys of a platform, in their order. */
export async function selectAddedScopes(db: ReadDb, platform: string): Promise<OwnScope[]> {
  return db
    .select({ scope: platformKeyScopes.scope, description: platformKeyScopes.description })
    .from(platformKeyScopes)
    .where(eq(platformKeyScopes.platform, platform))
    .orderBy(asc(platformKeyScopes.position), asc(platformKeyScopes.scope));
}

/** Scopes added for keys, by platform. */
export async function selectAllAddedScopes(db: ReadDb): Promise<Map<string, OwnScope[]>> {
  const rows = await db
    .select({
      platform: platformKeyScopes.platform,
      scope: platformKeyScopes.scope,
      description: platformKeyScopes.description,
    })
    .from(platformKeyScopes)
    .orderBy(asc(platformKeyScopes.position), asc(platformKeyScopes.scope));
  return Map.groupBy(rows, (row) => row.platform);
}

/** Puts scopes in place of those a platform added before. */
export async function replaceAddedScopes(tx: Tx, platform: string, scopes: readonly OwnScope[]): Promise<void> {
  await tx.delete(platformKeyScopes).where(eq(platformKeyScopes.platform, platform));
  if (scopes.length === 0) return;
  await tx.insert(platformKeyScopes).values(scopes.map((scope, position) => ({ ...scope, platform, position })));
}

/** Locks a platform until the transaction ends, so that changes of what belongs to it wait; its name, or null. */
export async function lockPlatform(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.select({ name: platforms.name }).from(platforms).where(eq(platforms.id, id)).for('update');
  return row?.name ?? null;
}

/** Platforms of these ids (`*`: all), by name. */
export async function selectPlatforms(db: ReadDb, ids: '*' | string[]): Promise<{ id: string; name: string }[]> {
  const rows = await db
    .select({ id: platforms.id, name: platforms.name })
    .from(platforms)
    .orderBy(asc(platforms.name), asc(platforms.id));
  return ids === '*' ? rows : rows.filter((row) => ids.includes(row.id));
}
