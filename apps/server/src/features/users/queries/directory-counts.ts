import { attentionLimits, type AttentionKind, type UserState } from '@qd/shared/users';
import { count, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { users } from '../../../db/schema/index.ts';
import { isAmong, isOpen, live } from './directory-filters.ts';

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
    idle: sql`coalesce(${isActive} and held.user_id is not null
      and coalesce(${users.lastSeenAt}, ${users.createdAt}) < ${at(limits.idleSince)}, false)`,
    invitation_ends: sql`coalesce(${users.state} = 'invited' and invited.ends <= ${at(limits.invitationBy)}, false)`,
    grant_ends: sql`coalesce(${users.state} <> 'offboarded' and held.ends <= ${at(limits.grantBy)}, false)`,
  };
  const counted = (which: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${which}))::int`;
  const [row] = await db
    .select({
      owner_without_second_factor: counted(kinds.owner_without_second_factor),
      idle: counted(kinds.idle),
      invitation_ends: counted(kinds.invitation_ends),
      grant_ends: counted(kinds.grant_ends),
      any: counted(sql.join(Object.values(kinds), sql` or `)),
    })
    .from(users)
    .leftJoin(
      sql`(select g.user_id, bool_or(g.role = 'owner') as owns, min(g.expires_at) as ends
        from grants g where ${live(now)} group by g.user_id) as held`,
      sql`held.user_id = ${users.id}`,
    )
    .leftJoin(
      sql`(select i.user_id, min(i.expires_at) as ends from invitations i where ${isOpen(now)} group by i.user_id) as invited`,
      sql`invited.user_id = ${users.id}`,
    )
    .leftJoin(
      sql`(select user_id from totp_factors where confirmed_at is not null union select user_id from passkeys) as proven`,
      sql`proven.user_id = ${users.id}`,
    )
    .where(
      sql`(held.user_id is not null or invited.user_id is not null)${scope === '*' ? sql`` : sql` and ${isAmong(scope, now)}`}`,
    );
  return row ?? { owner_without_second_factor: 0, idle: 0, invitation_ends: 0, grant_ends: 0, any: 0 };
}
