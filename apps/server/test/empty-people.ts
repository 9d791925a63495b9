import { sql } from 'drizzle-orm';
import type { Db } from '../src/db/client.ts';

const tables = [
  'key_notices',
  'key_rotations',
  'key_claims',
  'key_consumers',
  'key_leak_hits',
  'key_leak_reports',
  'key_usage',
  'key_minutes',
  'key_scope_usage',
  'key_revocation_probes',
  'api_keys',
  'secret_rotations',
  'secrets',
  'sessions',
  'auth_challenges',
  'totp_factors',
  'passkeys',
  'recovery_codes',
  'devices',
  'factor_policies',
  'grants',
  'roles',
  'approval_votes',
  'approvals',
  'sign_in_failures',
  'bootstrap_tokens',
  'users',
  'audit_events',
  'facts',
];

/**
 * Back to a console nobody owns and nothing was recorded in. The rules that forbid exactly this are off for the one
 * transaction, which takes a superuser; afterwards they hold again.
 */
export async function emptyPeople(stores: { db: Db }): Promise<void> {
  await stores.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    for (const table of tables) await tx.execute(sql.raw(`delete from ${table}`));
    await tx.execute(sql`update audit_head set seq = 0, hash = decode(repeat('00', 32), 'hex')`);
  });
}
