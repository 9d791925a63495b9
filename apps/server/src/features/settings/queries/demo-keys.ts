import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import {
  apiKeys,
  keyConsumers,
  keyLeakHits,
  keyLeakReports,
  keyNotices,
  keyPolicies,
  keyRotations,
  platformKeyScopes,
  secretRotations,
  secrets,
} from '../../../db/schema/index.ts';

/** Keys of the demo and what hangs on them, as rows. */
export interface DemoKeyRows {
  keys: (typeof apiKeys.$inferInsert)[];
  rotations: (typeof keyRotations.$inferInsert)[];
  consumers: (typeof keyConsumers.$inferInsert)[];
  notices: (typeof keyNotices.$inferInsert)[];
  policies: (typeof keyPolicies.$inferInsert)[];
  scopes: (typeof platformKeyScopes.$inferInsert)[];
  leak: { report: typeof keyLeakReports.$inferInsert; hit: typeof keyLeakHits.$inferInsert } | null;
}

/** Adds the keys of the demo. What somebody set for a platform stays. */
export async function insertDemoKeys(tx: Tx, rows: DemoKeyRows): Promise<void> {
  if (rows.policies.length > 0) await tx.insert(keyPolicies).values(rows.policies).onConflictDoNothing();
  if (rows.scopes.length > 0) await tx.insert(platformKeyScopes).values(rows.scopes).onConflictDoNothing();
  if (rows.keys.length === 0) return;
  await tx.insert(apiKeys).values(rows.keys);
  if (rows.consumers.length > 0) await tx.insert(keyConsumers).values(rows.consumers);
  if (rows.rotations.length > 0) await tx.insert(keyRotations).values(rows.rotations);
  if (rows.notices.length > 0) await tx.insert(keyNotices).values(rows.notices);
  if (rows.leak === null) return;
  await tx.insert(keyLeakReports).values(rows.leak.report);
  await tx.insert(keyLeakHits).values(rows.leak.hit);
}

/** Adds the register of secrets of the demo. Names somebody entered meanwhile stay theirs. */
export async function insertDemoSecrets(
  tx: Tx,
  rows: { secrets: (typeof secrets.$inferInsert)[]; rotations: (typeof secretRotations.$inferInsert)[] },
): Promise<void> {
  if (rows.secrets.length === 0) return;
  const kept = await tx.insert(secrets).values(rows.secrets).onConflictDoNothing().returning({ id: secrets.id });
  const ids = new Set(kept.map(({ id }) => id));
  const rotations = rows.rotations.filter(({ secretId }) => ids.has(secretId));
  if (rotations.length > 0) await tx.insert(secretRotations).values(rotations);
}

/** Removes the keys of the demo and everything known of them, and its secrets. */
export async function deleteDemoKeys(tx: Tx): Promise<void> {
  const ids = sql`(select id from api_keys where is_demo)`;
  // A successor somebody made for real keeps who uses it.
  const lineages = sql`(select lineage_id from api_keys group by lineage_id having bool_and(is_demo))`;
  await tx.execute(sql`delete from key_notices where key_id in ${ids}`);
  await tx.execute(sql`delete from key_rotations where old_key_id in ${ids} or new_key_id in ${ids}`);
  await tx.execute(sql`delete from key_claims where key_id in ${ids}`);
  await tx.execute(
    sql`delete from key_leak_hits where key_id in ${ids} or report_id in (select id from key_leak_reports where is_demo)`,
  );
  await tx.delete(keyLeakReports).where(eq(keyLeakReports.isDemo, true));
  await tx.execute(sql`delete from key_consumers where lineage_id in ${lineages}`);
  for (const table of ['key_usage', 'key_minutes', 'key_scope_usage']) {
    await tx.execute(sql`delete from ${sql.identifier(table)} where key_id in ${ids}`);
  }
  await tx.delete(apiKeys).where(eq(apiKeys.isDemo, true));
  await tx.delete(platformKeyScopes).where(eq(platformKeyScopes.isDemo, true));
  await tx.delete(keyPolicies).where(eq(keyPolicies.isDemo, true));
  await tx.delete(secrets).where(eq(secrets.isDemo, true));
}
