import { sql } from 'drizzle-orm';
import type { Db } from '../../apps/server/src/db/client.ts';

const BATCH = 10_000;
/** People who act, in turn. */
const PEOPLE = 5_000;
/** One row in so many failed. */
const FAILURE_EVERY = 10_007;

/**
 * Fills the log behind a row with rows spread over a year, without a valid chain: what is measured on them is finding, not
 * proving. One account does a third of all acts, an act that was common stopped after the first 30 % of the rows, sign-ins are never
 * denied though both are frequent, and hardly anything fails.
 */
export async function fillLog(db: Db, { after, rows }: { after: number; rows: number }): Promise<void> {
  const last = after + rows;
  const stopped = after + Math.floor(rows * 0.3);
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
        case when n < ${stopped}::bigint and n % 5 = 0 then 'backups.verified' else
          (array['users.signed_in', 'users.suspended', 'slo.updated', 'slo.created', 'api-keys.created', 'audit.exported', 'roles.granted', 'incidents.declared'])[1 + n % 8] end,
        case when n % ${FAILURE_EVERY}::int = 0 then 'failure' when n % 10 = 9 then 'denied' else 'success' end,
        'user', 'usr_' || actor, 'person' || actor || '@example.com', 'operator', '10.0.0.1', 'req_' || n,
        (array['hashinsight', 'web3audit', null])[1 + n % 3], (array['user', 'slo', 'key'])[1 + n % 3], 'target_' || n % 20000,
        jsonb_build_object('reason', 'bench', 'n', n), decode(repeat('00', 32), 'hex'), decode(md5(n::text) || md5(n::text), 'hex')
      from generate_series(${from}::bigint, ${to}::bigint) as n
      cross join lateral (select case when n % 3 = 0 then 7 else n % ${PEOPLE}::int end as actor) as who`);
  }
}

/**
 * Inserts the row of an act into a table like the log with the same indexes, each in a transaction of its own: no hash, no head, no
 * order among writers.
 */
export async function bareInserts(db: Db): Promise<(i: number) => Promise<unknown>> {
  await db.execute(sql`create table bare_log (like audit_events including all)`);
  const hash = Buffer.alloc(32);
  return (i) =>
    db.execute(sql`
      insert into bare_log (seq, event_id, timestamp, level, category, action, status, actor_kind, request_id, details, prev_hash, hash)
      values (${i}::bigint, ${`bare${i}`}, now(), 'info', 'slo', 'slo.updated', 'success', 'system', 'bench',
        ${JSON.stringify({ i, note: 'bench' })}::jsonb, ${hash}, ${hash})`);
}
