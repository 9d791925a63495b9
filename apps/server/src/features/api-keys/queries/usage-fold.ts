import { DAY_MS } from '@qd/shared/time';
import { sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { rowsOf } from './raw.ts';

/** Start (epoch ms) of the oldest day, UTC, that still has spans shorter than a day, or null. */
export async function oldestSpanDay(db: ReadDb, spanMs: number): Promise<number | null> {
  const [row] = await rowsOf<{ ms: number | null }>(
    db,
    sql`select (extract(epoch from min(starts_at)) * 1000)::float8 as ms from key_usage where span_ms = ${spanMs}::int`,
  );
  return row?.ms == null ? null : Math.floor(row.ms / DAY_MS) * DAY_MS;
}

/** Spans of one day that become one span of a day. */
export interface Fold {
  dayMs: number;
  spanMs: number;
  /** Keys folded by one statement. */
  keys: number;
  /** Callers kept apart per key and day: those with the most calls. The rest are counted as `other`. */
  callers: number;
  other: string;
}

/** Folds the spans of a day of some keys into spans of a day; gives the number of keys, 0 when none are left. One statement. */
export async function foldDay(tx: Tx, { dayMs, spanMs, keys, callers, other }: Fold): Promise<number> {
  const from = sql`to_timestamp(${dayMs}::float8 / 1000.0)`;
  const to = sql`to_timestamp(${dayMs + DAY_MS}::float8 / 1000.0)`;
  const isOfDay = sql`span_ms = ${spanMs}::int and starts_at >= ${from} and starts_at < ${to}`;
  const [row] = await rowsOf<{ n: number }>(
    tx,
    sql`
    with chosen as materialized (
      select distinct key_id from key_usage where ${isOfDay} order by key_id limit ${keys}::int
    ), gone as (
      delete from key_usage where ${isOfDay} and key_id in (select key_id from chosen) returning *
    ), ranked as (
      select key_id, address, agent,
        row_number() over (partition by key_id order by sum(count) desc, address, agent) as place
      from gone where address <> ${other} group by key_id, address, agent
    ), named as (
      select g.key_id, g.outcome, g.count, g.last_at,
        case when r.place <= ${callers}::int then g.address else ${other} end as address,
        case when r.place <= ${callers}::int then g.agent else '' end as agent
      from gone g left join ranked r using (key_id, address, agent)
    ), folded as (
      insert into key_usage (key_id, starts_at, span_ms, address, agent, outcome, count, last_at)
      select key_id, ${from}, ${DAY_MS}::int, address, agent, outcome, sum(count), max(last_at)
      from named group by key_id, address, agent, outcome
      on conflict (key_id, starts_at, span_ms, address, agent, outcome) do update
      set count = key_usage.count + excluded.count, last_at = greatest(key_usage.last_at, excluded.last_at)
      returning 1
    )
    select count(*)::int as n from chosen`,
  );
  return row?.n ?? 0;
}

/** Drops days and uses of scopes that began before `daysBefore`, and minutes before `minutesBefore`. */
export async function dropOldUsage(tx: Tx, { daysBefore, minutesBefore }: { daysBefore: Date; minutesBefore: Date }) {
  const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
  await tx.execute(sql`delete from key_usage where starts_at < ${at(daysBefore)}`);
  await tx.execute(sql`delete from key_scope_usage where day < (${at(daysBefore)} at time zone 'UTC')::date`);
  await tx.execute(sql`delete from key_minutes where minute_at < ${at(minutesBefore)}`);
}
