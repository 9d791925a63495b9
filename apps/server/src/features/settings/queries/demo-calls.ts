import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';

/** Calls of one caller with one key, at a steady pace within epoch minutes `[from, until)`. */
export interface DemoFlow {
  keyId: string;
  address: string;
  agent: string;
  perMin: number;
  scopes: string[];
  from: number;
  until: number;
}

const MINUTES_OF_SPAN = 10;
const MINUTES_OF_DAY = 1_440;
const MS_OF_MINUTE = 60_000;

/**
 * Calls by caller, counted in spans of so many minutes, within epoch minutes `[from, until)`. A flow has had `floor(pace × m)`
 * calls by minute `m`, so that counts of neighbouring times add up however they are cut. Calls with a key that ended are refused.
 */
function callsIn(flows: readonly DemoFlow[], of: { step: number; from: number; until: number }): SQL {
  const { step, from, until } = of;
  return sql`(
    select f.*, s.m, case when k.revoked_at is not null then 'revoked' when k.quarantined_at is not null then 'quarantined'
        when k.ends_at <= to_timestamp(s.m * 60.0) then 'rotated'
        when k.expires_at <= to_timestamp(s.m * 60.0) then 'expired' else 'ok' end as outcome,
      (floor(f."perMin" * c.until) - floor(f."perMin" * c.from))::int8 as count,
      to_timestamp(least(floor(f."perMin" * c.until) / f."perMin", c.until) * 60.0) as last_at
    from jsonb_to_recordset(${JSON.stringify(flows)}::jsonb) as f("keyId" text, address text, agent text, "perMin" float8,
        scopes jsonb, "from" float8, until float8)
      join api_keys k on k.id = f."keyId" and k.is_demo
      cross join generate_series(${Math.floor(from / step) * step}::int, ${until - 1}::int, ${step}::int) as s(m)
      cross join lateral (select greatest(s.m, ${from}::int, f."from") as "from",
        least(s.m + ${step}::int, ${until}::int, f.until) as until) c
    where c.until > c."from" and floor(f."perMin" * c.until) > floor(f."perMin" * c."from")
  )`;
}

/** Adds calls within epoch minutes to what is counted by caller, in spans of ten minutes or of a day. */
export async function addDemoCalls(
  tx: Tx,
  flows: readonly DemoFlow[],
  of: { span: 'minutes' | 'day'; from: number; until: number },
): Promise<void> {
  if (of.until <= of.from) return;
  const step = of.span === 'day' ? MINUTES_OF_DAY : MINUTES_OF_SPAN;
  await tx.execute(sql`
    insert into key_usage (key_id, starts_at, span_ms, address, agent, outcome, count, last_at)
    select "keyId", to_timestamp(m * 60.0), ${step * MS_OF_MINUTE}::int, address, agent, outcome, count, last_at
    from ${callsIn(flows, { ...of, step })} as c
    on conflict (key_id, starts_at, span_ms, address, agent, outcome) do update
    set count = key_usage.count + excluded.count, last_at = greatest(key_usage.last_at, excluded.last_at)`);
}

/** Adds the calls that were let in to what is counted by minute. */
export async function addDemoMinutes(
  tx: Tx,
  flows: readonly DemoFlow[],
  of: { from: number; until: number },
): Promise<void> {
  if (of.until <= of.from) return;
  await tx.execute(sql`
    insert into key_minutes (key_id, minute_at, count)
    select "keyId", to_timestamp(m * 60.0), sum(count)::int from ${callsIn(flows, { ...of, step: 1 })} as c
    where outcome = 'ok' group by "keyId", m
    on conflict (key_id, minute_at) do update set count = key_minutes.count + excluded.count`);
}

/** Adds which scopes the calls asked for, in turn, and moves the first and last use of the keys. */
export async function addDemoScopeUses(
  tx: Tx,
  flows: readonly DemoFlow[],
  of: { from: number; until: number },
): Promise<void> {
  if (of.until <= of.from) return;
  const calls = callsIn(flows, { ...of, step: MINUTES_OF_DAY });
  await tx.execute(sql`
    insert into key_scope_usage (key_id, scope, day, count)
    select "keyId", scope, (to_timestamp(m * 60.0) at time zone 'UTC')::date,
      sum(ceil(count::float8 / jsonb_array_length(scopes)))::int8
    from ${calls} as c cross join lateral jsonb_array_elements_text(c.scopes) as scope
    where outcome = 'ok' group by 1, 2, 3
    on conflict (key_id, scope, day) do update set count = key_scope_usage.count + excluded.count`);
  await tx.execute(sql`
    update api_keys k set last_used_at = greatest(k.last_used_at, used.last_at),
      first_used_at = coalesce(k.first_used_at, used.first_at)
    from (select "keyId" as id, max(last_at) as last_at, to_timestamp(min(greatest("from", ${of.from}::int)) * 60.0) as first_at
      from ${calls} as c where outcome = 'ok' group by 1) as used
    where k.id = used.id`);
}
