import type { MembershipState, SecondFactorKind } from '@qd/shared/users';
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { isLive } from '../../../db/queries/grants.ts';
import {
  grants,
  invitations,
  memberships,
  oidcIdentities,
  passkeys,
  recoveryCodes,
  roles,
  totpFactors,
} from '../../../db/schema/index.ts';
import { isOpenInvitation } from './invitation-state.ts';

/** What lists show of people besides their own rows, by the id of the person. */
export interface DirectoryParts {
  grants: ListedGrant[];
  memberships: { userId: string; platform: string; role: string; state: MembershipState }[];
  /** Confirmed authenticator apps, passkeys, and recovery codes not used yet. */
  factors: { userId: string; kind: SecondFactorKind }[];
  /** People an identity provider signs in. */
  oidc: ReadonlySet<string>;
  invitations: { userId: string; expiresAt: Date }[];
}

/** A grant in force; `title` is null for built-in roles, whose titles are code. */
export interface ListedGrant {
  userId: string;
  role: string;
  title: string | null;
  platform: string;
  expiresAt: Date | null;
}

/** Roles, accounts, ways of signing in and open invitations of the people. Five short statements whatever their number. */
export async function selectParts(db: ReadDb, userIds: string[], now: Date): Promise<DirectoryParts> {
  const held = db
    .select({
      userId: grants.userId,
      role: grants.role,
      title: roles.title,
      platform: grants.platform,
      expiresAt: grants.expiresAt,
    })
    .from(grants)
    .leftJoin(roles, eq(roles.id, grants.role))
    .where(and(inArray(grants.userId, userIds), isLive(now)))
    .orderBy(grants.role, grants.platform);
  const accounts = db
    .select({
      userId: memberships.userId,
      platform: memberships.platform,
      role: memberships.role,
      state: memberships.state,
    })
    .from(memberships)
    .where(inArray(memberships.userId, userIds))
    .orderBy(memberships.platform);
  const linked = db
    .selectDistinct({ userId: oidcIdentities.userId })
    .from(oidcIdentities)
    .where(inArray(oidcIdentities.userId, userIds));
  const invited = db
    .select({
      userId: invitations.userId,
      expiresAt: sql<Date>`max(${invitations.expiresAt})`.mapWith(invitations.expiresAt),
    })
    .from(invitations)
    .where(and(inArray(invitations.userId, userIds), isOpenInvitation(now)))
    .groupBy(invitations.userId);
  return {
    grants: await held,
    memberships: await accounts,
    factors: await selectFactorKinds(db, userIds),
    oidc: new Set((await linked).map((row) => row.userId)),
    invitations: await invited,
  };
}

async function selectFactorKinds(db: ReadDb, userIds: string[]): Promise<{ userId: string; kind: SecondFactorKind }[]> {
  const totp = await db
    .selectDistinct({ userId: totpFactors.userId })
    .from(totpFactors)
    .where(and(inArray(totpFactors.userId, userIds), isNotNull(totpFactors.confirmedAt)));
  const keys = await db
    .selectDistinct({ userId: passkeys.userId })
    .from(passkeys)
    .where(inArray(passkeys.userId, userIds));
  const codes = await db
    .selectDistinct({ userId: recoveryCodes.userId })
    .from(recoveryCodes)
    .where(and(inArray(recoveryCodes.userId, userIds), isNull(recoveryCodes.usedAt)));
  const of = (rows: { userId: string }[], kind: SecondFactorKind) => rows.map(({ userId }) => ({ userId, kind }));
  return [...of(totp, 'totp'), ...of(keys, 'passkey'), ...of(codes, 'recovery')];
}
