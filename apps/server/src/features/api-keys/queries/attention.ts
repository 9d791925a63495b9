import {
  DEFAULT_KEY_LIFE_DAYS,
  EXPIRY_NEAR_MS,
  keyNeedKinds,
  ROTATION_END_NEAR_MS,
  STILL_USED_MS,
  type KeyNeed,
} from '@qd/shared/api-keys';
import { sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { rowsOf } from './raw.ts';

/** Which keys: on these platforms (`*` for all), at an instant. */
export interface AttentionScope {
  platforms: '*' | readonly string[];
  now: Date;
  limit: number;
}

/** When the policy of a key's platform wants it rotated, as `rotationDueMs()` has it. */
const dueAt = sql`case when p.policy #>> '{rotation,by}' = 'quarter'
  then (date_trunc('quarter', (k.activated_at + interval '14 days') at time zone 'UTC') + interval '3 months') at time zone 'UTC'
  else k.activated_at + make_interval(secs => coalesce((p.policy #>> '{rotation,everyDays}')::int, ${DEFAULT_KEY_LIFE_DAYS}::int) * 86400.0)
  end`;

/**
 * Keys that ask for somebody, the gravest first and among those the most urgent; one more than `limit`. One statement. Keys that
 * open nothing are left out, but for those that are quarantined.
 */
export async function selectKeyNeeds(db: ReadDb, scope: AttentionScope): Promise<KeyNeed[]> {
  const { platforms, now, limit } = scope;
  const at = (offsetMs = 0): SQL => sql`${new Date(now.getTime() + offsetMs).toISOString()}::timestamptz`;
  const ms = (column: SQL): SQL => sql`(extract(epoch from ${column}) * 1000)::float8`;
  return rowsOf<KeyNeed>(
    db,
    sql`
    select n.kind, n.id, n.name, n.platform, coalesce(f.name, 'All platforms') as "platformName", ${ms(sql`n.at`)} as at,
      ${ms(sql`n.last_used_at`)} as "lastUsedAt", n.reason, n.is_demo as "isDemo"
    from (
      select d.*, case d.kind when 'quarantined' then d.quarantined_at when 'rotation_ending' then d.ends_at
          when 'expiring' then d.expires_at else d.due_at end as at,
        case d.kind when 'quarantined' then d.end_reason end as reason
      from (
        select k.*, ${dueAt} as due_at, case
          when k.quarantined_at is not null then 'quarantined'
          when k.activated_at is null or (k.owner_id is not null and u.state is distinct from 'active') then null
          when k.ends_at is not null then case when k.ends_at <= ${at(ROTATION_END_NEAR_MS)}
            and k.last_used_at > ${at(-STILL_USED_MS)} then 'rotation_ending' end
          when k.expires_at <= ${at(EXPIRY_NEAR_MS)} then 'expiring'
          when ${dueAt} <= ${at()} then 'overdue' end as kind
        from api_keys k
        left join users u on u.id = k.owner_id
        left join key_policies p on p.platform = k.platform
        where k.revoked_at is null and not k.is_probe and (k.expires_at is null or k.expires_at > ${at()})
          and (k.ends_at is null or k.ends_at > ${at()})
          and ${platforms === '*' ? sql`true` : sql`k.platform = any(${sql.param(platforms)}::text[])`}
      ) d where d.kind is not null
    ) n left join platforms f on f.id = n.platform
    order by array_position(${sql.param(keyNeedKinds)}::text[], n.kind), n.at, n.id
    limit ${limit + 1}::int`,
  );
}
