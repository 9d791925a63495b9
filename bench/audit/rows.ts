import { sql } from 'drizzle-orm';
import type { Db } from '../../apps/server/src/db/client.ts';

const BATCH = 50_000;
/** People who act, in turn. */
const PEOPLE = 5_000;

/**
 * Fills the log behind a row with rows spread over a year, people, acts and platforms, without a valid chain: what is measured on them is
 * finding, not proving.
 */
export async function fillLog(db: Db, { after, rows }: { after: number; rows: number }): Promise<void> {
  const last = after + rows;
  await db.execute(sql`
    insert into users (id, email, email_key, name, state, created_at)
    select 'usr_' || n, 'person' || n || '@example.com', 'person' || n || '@example.com', 'Person ' || n, 'active', now()
    from generate_series(0, ${PEOPLE - 1}::int) as n`);
  for (let from = after + 1; from <= last; from += BATCH) {
    const to = Math.min(from + BATCH - 1, last);
    await db.execute(sql`
      insert into audit_events (seq, event_id, timestamp, level, category, action, status, actor_kind, user_id, user_email,
        user_role, ip_address, request_id, platform, target_kind, target_id, details, prev_hash, hash)
      select n, 'bench' || n, now() - (${last} - n) * interval '30 seconds', 'info', 'access',
        (array['users.signed_in', 'users.suspended', 'slo.updated', 'slo.created', 'api-keys.created', 'audit.exported', 'roles.granted', 'incidents.declared'])[1 + n % 8],
        (array['success', 'success', 'success', 'success', 'success', 'success', 'success', 'success', 'success', 'denied'])[1 + n % 10],
        'user', 'usr_' || n % ${PEOPLE}::int, 'person' || n % ${PEOPLE}::int || '@example.com', 'operator', '10.0.0.1', 'req_' || n,
        (array['hashinsight', 'web3audit', null])[1 + n % 3], (array['user', 'slo', 'key'])[1 + n % 3], 'target_' || n % 20000,
        jsonb_build_object('reason', 'bench', 'n', n), decode(repeat('00', 32), 'hex'), decode(md5(n::text) || md5(n::text), 'hex')
      from generate_series(${from}::bigint, ${to}::bigint) as n`);
  }
}
