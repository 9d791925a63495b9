import type { MembershipState, UserState } from '@qd/shared/users';
import { and, eq, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import type { LiveGrant } from '../../../db/queries/sessions.ts';
import { grants, memberships, roles, users } from '../../../db/schema/index.ts';

/** How a person stands on one platform. */
export interface Standing {
  state: UserState;
  membership: { role: string; state: MembershipState } | null;
  /** Roles of the console in force there, those on all platforms among them. */
  grants: Pick<LiveGrant, 'role' | 'platform' | 'permissions'>[];
}

const standing = preparedOnce((db) => {
  const user = sql.placeholder('user');
  const platform = sql.placeholder('platform');
  return db
    .select({
      state: users.state,
      membershipRole: memberships.role,
      membershipState: memberships.state,
      role: grants.role,
      platform: grants.platform,
      permissions: roles.permissions,
    })
    .from(users)
    .leftJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.platform, platform)))
    .leftJoin(
      grants,
      and(
        eq(grants.userId, users.id),
        or(eq(grants.platform, platform), eq(grants.platform, '*')),
        sql`(${grants.expiresAt} is null or ${grants.expiresAt} > ${sql.placeholder('now')}::timestamptz)`,
      ),
    )
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(or(eq(users.id, user), eq(users.emailKey, sql`lower(${user}::text)`)))
    .prepare('');
});

/** How a person, by id or address, stands on a platform; null for nobody. One statement, whoever is asked about. */
export async function selectStanding(
  db: ReadDb,
  of: { user: string; platform: string },
  now: Date,
): Promise<Standing | null> {
  const rows = await standing(db).execute({ ...of, now: now.toISOString() });
  const [first] = rows;
  if (first === undefined) return null;
  const { membershipRole: role, membershipState: state } = first;
  return {
    state: first.state,
    membership: role === null || state === null ? null : { role, state },
    grants: rows.flatMap((row) =>
      row.role === null || row.platform === null
        ? []
        : [{ role: row.role, platform: row.platform, permissions: row.permissions }],
    ),
  };
}
