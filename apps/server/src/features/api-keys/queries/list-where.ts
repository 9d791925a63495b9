import { ENDED_SHOWN_MS, EXPIRES_SOON_MS, UNUSED_MS, type KeyFilter } from '@qd/shared/api-keys';
import { sql, type SQL } from 'drizzle-orm';

/** Until when keys of a platform must have begun to be due soon, and to be overdue (epoch ms, exclusive). */
export interface DueBound {
  platform: string;
  soonMs: number;
  overdueMs: number;
}

/** What decides which keys a reader finds. */
export interface KeyScope {
  /** Platforms on which the reader may see keys. */
  platforms: '*' | readonly string[];
  /** Only this platform. */
  platform?: string | undefined;
  /** One for every platform there are keys of. */
  bounds: readonly DueBound[];
  now: Date;
}

/** Keys asked for by name: then none stands in the row of another one. */
interface NamedKeys {
  id?: string;
  ids?: readonly string[];
  lineageId?: string;
}

/** An instant as SQL. */
export function instant(at: Date | number): SQL {
  return sql`${new Date(at).toISOString()}::timestamptz`;
}

/** A stored instant in epoch ms. */
export function msOf(column: SQL): SQL {
  return sql`(extract(epoch from ${column}) * 1000)::float8`;
}

/**
 * Keys of the scope as `s`: the columns of `api_keys`, `state` as `keyState()` has it, `ended_at`, `is_due`, `is_overdue`,
 * `has_consumer`. The console's own probes are none of them. Unless asked for by name, a key is left out once it was replaced,
 * and while it stands in the row of another one: as the successor of a key that works and has a row itself.
 */
export function standingKeys(scope: KeyScope & NamedKeys): SQL {
  const { bounds, now } = scope;
  const at = instant(now);
  return sql`(
    select j.*, case j.state when 'revoked' then j.revoked_at when 'rotated' then j.ends_at when 'expired' then j.expires_at
      end as ended_at
    from (
      select k.*, u.name as owner_name, c.lineage_id is not null as has_consumer, case
          when k.revoked_at is not null then 'revoked'
          when k.quarantined_at is not null then 'quarantined'
          when k.ends_at <= ${at} then 'rotated'
          when k.expires_at <= ${at} then 'expired'
          when k.activated_at is null then 'pending'
          when k.owner_id is not null and u.state is distinct from 'active' then 'owner_suspended'
          when k.ends_at is null then 'active'
          else 'rotating' end as state,
        k.activated_at < to_timestamp(b."soonMs" / 1000.0) as is_due,
        k.activated_at < to_timestamp(b."overdueMs" / 1000.0) as is_overdue
      from api_keys k
      left join users u on u.id = k.owner_id
      left join jsonb_to_recordset(${JSON.stringify(bounds)}::jsonb) as b(platform text, "soonMs" float8, "overdueMs" float8)
        on b.platform = k.platform
      left join (select distinct lineage_id from key_consumers where removed_at is null) c on c.lineage_id = k.lineage_id
      where ${sql.join([...placeOf(scope), ...namedOf(scope, at)], sql` and `)}
    ) j) as s`;
}

function placeOf({ platforms, platform }: KeyScope): SQL[] {
  return [
    sql`not k.is_probe`,
    platforms === '*' ? sql`true` : sql`k.platform in (select unnest(${sql.param(platforms)}::text[]))`,
    platform === undefined ? sql`true` : sql`k.platform = ${platform}`,
  ];
}

function namedOf({ id, ids, lineageId }: NamedKeys, at: SQL): SQL[] {
  if (id !== undefined) return [sql`k.id = ${id}`];
  if (ids !== undefined) return [sql`k.id in (select unnest(${sql.param(ids)}::text[]))`];
  if (lineageId !== undefined) return [sql`k.lineage_id = ${lineageId}`];
  return [
    sql`not exists (select 1 from key_rotations r join api_keys o on o.id = r.old_key_id
      where r.new_key_id = k.id and r.closed_at is null and o.revoked_at is null and o.ends_at > ${at}
        and not exists (select 1 from key_rotations b where b.new_key_id = o.id and b.closed_at is null))`,
    sql`not ((k.revoked_at is not null or k.ends_at <= ${at})
      and exists (select 1 from key_rotations r where r.old_key_id = k.id and r.outcome <> 'cancelled'))`,
  ];
}

/** What must hold of a key in `s` to be found by a filter. */
export function filterOf(filter: KeyFilter, now: Date): SQL {
  const ms = now.getTime();
  const conditions: Record<KeyFilter, SQL> = {
    all: sql`(s.ended_at is null or s.ended_at > ${instant(ms - ENDED_SHOWN_MS)})`,
    due: sql`(s.state = 'active' and s.is_due)`,
    expiring: sql`(s.state = 'active' and s.expires_at <= ${instant(ms + EXPIRES_SOON_MS)})`,
    unused: sql`(s.state in ('active', 'rotating')
      and coalesce(s.last_used_at, s.activated_at) < ${instant(ms - UNUSED_MS)})`,
    no_consumer: sql`(s.ended_at is null and not s.has_consumer)`,
    ended: sql`(s.ended_at is not null)`,
  };
  return conditions[filter];
}

/** Letters that mean something in a pattern, taken as themselves. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
