import { attentionLimits, type AttentionKind, type UserState } from '@qd/shared/users';
import { count, sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { users } from '../../../db/schema/index.ts';
import { hasAccount, isAmong, isOpen, listed, live } from './directory-filters.ts';

/** People counted: those on the platforms given, or all. */
export interface CountScope {
  scope: '*' | readonly string[];
  now: Date;
}

/** How many people there are by state. */
export async function countStates(
  db: ReadDb,
  { scope, now }: CountScope,
): Promise<{ state: UserState; people: number }[]> {
  const rows = await db
    .select({ state: users.state, people: count() })
    .from(users)
    .where(scope === '*' ? undefined : isAmong(scope, now))
    .groupBy(users.state);
  return rows.map((row) => ({ state: row.state, people: Number(row.people) }));
}

/** How many people need a look, for each reason and for any. */
export type AttentionCounts = Record<AttentionKind | 'any', number>;

/**
 * Counts what `needs` finds, in one pass: everybody who needs a look has a role or an invitation, so that only those are gone
 * through, each table once.
 */
export async function countAttention(db: ReadDb, { scope, now }: CountScope): Promise<AttentionCounts> {
  const limits = attentionLimits(now.getTime());
  const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const isActive = sql`${users.state} = 'active'`;
  const kinds = {
    owner_without_second_factor: sql`coalesce(${isActive} and held.owns and proven.user_id is null, false)`,
    idle: sql`coalesce(${isActive} and held.has_role
      and coalesce(${users.lastSeenAt}, ${users.createdAt}) < ${at(limits.idleSince)}, false)`,
    invitation_ends: sql`coalesce(${users.state} = 'invited' and held.invited_until <= ${at(limits.invitationBy)}, false)`,
    grant_ends: sql`coalesce(${users.state} <> 'offboarded' and held.role_until <= ${at(limits.grantBy)}, false)`,
  };
  const counted = (which: SQL) => sql<number>`(count(*) filter (where ${which}))::int`;
  const [row] = await db
    .select({
      owner_without_second_factor: counted(kinds.owner_without_second_factor),
      idle: counted(kinds.idle),
      invitation_ends: counted(kinds.invitation_ends),
      grant_ends: counted(kinds.grant_ends),
      any: counted(sql.join(Object.values(kinds), sql` or `)),
    })
    .from(heldBy({ scope, now }))
    .innerJoin(users, sql`held.user_id = ${users.id}`)
    .leftJoin(
      sql`(select user_id from totp_factors where confirmed_at is not null union select user_id from passkeys) as proven`,
      sql`proven.user_id = ${users.id}`,
    )
    .where(scope === '*' ? undefined : sql`(held.is_here or ${hasAccount(scope, now)})`);
  return row ?? { owner_without_second_factor: 0, idle: 0, invitation_ends: 0, grant_ends: 0, any: 0 };
}

/** Everybody who has a role or an open invitation, once, and whether one of them is for a platform of the scope. */
function heldBy({ scope, now }: CountScope): SQL {
  const isHere = (platform: SQL) => (scope === '*' ? sql`true` : sql`${platform} in (${listed([...scope, '*'])})`);
  return sql`(
    select user_id, bool_or(is_role) as has_role, bool_or(owns) as owns, min(role_until) as role_until,
      min(invited_until) as invited_until, bool_or(is_here) as is_here
    from (
      select g.user_id, true as is_role, g.role = 'owner' as owns, g.expires_at as role_until,
        null::timestamptz as invited_until, ${isHere(sql`g.platform`)} as is_here
      from grants g where ${live(now)}
      union all
      select i.user_id, false, false, null, i.expires_at, ${isHere(sql`i.platform`)}
      from invitations i where ${isOpen(now)}) as one
    group by user_id) as held`;
}
