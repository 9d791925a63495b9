import type { MembershipState, UserState } from '@qd/shared/users';
import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import type { LiveGrant } from '../../../db/queries/sessions.ts';
import { apiKeys, grants, memberships, roles, users } from '../../../db/schema/index.ts';

const columns = {
  id: apiKeys.id,
  name: apiKeys.name,
  platform: apiKeys.platform,
  environment: apiKeys.environment,
  hash: apiKeys.hash,
  pepperVersion: apiKeys.pepperVersion,
  scopes: apiKeys.scopes,
  ownerId: apiKeys.ownerId,
  ipAllow: apiKeys.ipAllow,
  rateLimitPerMin: apiKeys.rateLimitPerMin,
  isProbe: apiKeys.isProbe,
  activatedAt: apiKeys.activatedAt,
  expiresAt: apiKeys.expiresAt,
  endsAt: apiKeys.endsAt,
  quarantinedAt: apiKeys.quarantinedAt,
  revokedAt: apiKeys.revokedAt,
  firstUsedAt: apiKeys.firstUsedAt,
};

/** What of a key decides whether it is let in. */
export type VerifiedKey = Pick<typeof apiKeys.$inferSelect, keyof typeof columns>;

/** A key with the person it acts for, if any, and what that person holds: here, and on the key's platform. */
export interface OwnedKey {
  key: VerifiedKey;
  owner: {
    state: UserState;
    grants: LiveGrant[];
    membership: { role: string; state: MembershipState } | null;
  } | null;
}

const placeholders = (count: number) => Array.from({ length: count }, (_, i) => sql.placeholder(`hash${i}`));

/** Statements for so many hashes each; there are as many as peppers in use. */
function perCount<S>(build: (count: number) => S): (count: number) => S {
  const made = new Map<number, S>();
  return (count) => {
    const statement = made.get(count) ?? build(count);
    made.set(count, statement);
    return statement;
  };
}

/** One hash alone, as most calls come, costs little more than half of what a list of them does. */
const keyAlone = preparedOnce((db) =>
  db
    .select(columns)
    .from(apiKeys)
    .where(eq(apiKeys.hash, sql.placeholder('hash')))
    .prepare(''),
);

const keysAlone = preparedOnce((db) =>
  db
    .select(columns)
    .from(apiKeys)
    .where(
      sql`${apiKeys.hash} = any(array(
        select decode(given, 'hex') from unnest(string_to_array(${sql.placeholder('hashes')}::text, ',')) as given))`,
    )
    .prepare(''),
);

const keyWithOwner = perCount((count) =>
  preparedOnce((db) => {
    const now = sql`${sql.placeholder('now')}::timestamptz`;
    return db
      .select({
        key: columns,
        ownerState: users.state,
        membershipRole: memberships.role,
        membershipState: memberships.state,
        grant: { role: grants.role, platform: grants.platform, expiresAt: grants.expiresAt },
        permissions: roles.permissions,
      })
      .from(apiKeys)
      .leftJoin(users, eq(users.id, apiKeys.ownerId))
      .leftJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.platform, apiKeys.platform)))
      .leftJoin(grants, and(eq(grants.userId, users.id), or(isNull(grants.expiresAt), gt(grants.expiresAt, now))))
      .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
      .where(inArray(apiKeys.hash, placeholders(count)))
      .prepare('');
  }),
);

const valuesOf = (hashes: readonly Uint8Array[]) => Object.fromEntries(hashes.map((hash, i) => [`hash${i}`, hash]));

/** The keys with any of the hashes, without whom they act for: all there is to know of keys of services. */
export async function selectKeysAlone(db: ReadDb, hashes: readonly Uint8Array[]): Promise<VerifiedKey[]> {
  const [hash] = hashes;
  if (hashes.length === 1) return keyAlone(db).execute({ hash });
  return keysAlone(db).execute({ hashes: hashes.map((hash) => Buffer.from(hash).toString('hex')).join(',') });
}

/**
 * The key with one of the hashes and its owner, or null. One statement, so that key, owner, account and grants are of one moment;
 * it costs twice as much as the key alone. The hashes are of one text under different peppers: at most one key has any of them.
 */
export async function selectKeyWithOwner(
  db: ReadDb,
  hashes: readonly Uint8Array[],
  now: Date,
): Promise<OwnedKey | null> {
  const rows = await keyWithOwner(hashes.length)(db).execute({ ...valuesOf(hashes), now: now.toISOString() });
  const [first] = rows;
  if (first === undefined) return null;
  const { key, ownerState, membershipRole: role, membershipState: state } = first;
  if (ownerState === null) return { key, owner: null };
  return {
    key,
    owner: {
      state: ownerState,
      grants: rows.flatMap(({ grant, permissions }) => (grant === null ? [] : [{ ...grant, permissions }])),
      membership: role === null || state === null ? null : { role, state },
    },
  };
}
