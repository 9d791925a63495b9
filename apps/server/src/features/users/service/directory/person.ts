import { DomainError } from '@qd/shared/errors';
import { isBuiltInRole, platformsWith } from '@qd/shared/permissions';
import {
  deviceWords,
  platformRole,
  type GrantView,
  type MembershipView,
  type PersonRef,
  type PersonSession,
  type PersonView,
  type RecentAct,
} from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { selectParts } from '../../queries/directory-parts.ts';
import {
  selectGrantsInFull,
  selectLiveKeysOf,
  selectMembershipsInFull,
  selectNames,
  selectOpenInvitation,
  selectPerson,
  selectRecentActs,
  selectSessions,
  type PersonRecord,
} from '../../queries/directory-person.ts';
import { isListed } from '../../queries/directory.ts';
import { readScope } from './list.ts';
import { actsOn } from './may.ts';
import { directoryRows, isShown, platformRoleTitle, roleTitle } from './rows.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

const RECENT_ACTS = 10;

/** Everything the console shows of a person. Throws `not_found`, for people the reader may not see too. */
export async function getPerson(ctx: ReadCtx, userId: string): Promise<PersonView> {
  const now = ctx.now();
  const person = await seenPerson(ctx, userId);
  const scope = readScope(ctx);
  const parts = await selectParts(ctx.db, [userId], now);
  const [row] = directoryRows([person], parts, { scope, nowMs: now.getTime() });
  if (row === undefined) throw new Error('a person came without a row');
  const grants = (await selectGrantsInFull(ctx.db, userId, now)).filter((grant) => isShown(scope, grant.platform));
  const memberships = (await selectMembershipsInFull(ctx.db, userId)).filter((m) => isShown(scope, m.platform));
  const invitation = await selectOpenInvitation(ctx.db, userId, now);
  const names = await selectNames(ctx.db, [
    ...grants.flatMap((grant) => grant.grantedBy ?? []),
    ...(invitation?.invitedBy ? [invitation.invitedBy] : []),
  ]);
  const ref = (id: string | null): PersonRef | null => (id === null ? null : { id, name: names.get(id) ?? null });
  return {
    ...row,
    version: person.version,
    origin: person.origin,
    stateReason: person.stateReason,
    stateSince: person.stateSince?.getTime() ?? null,
    grants: grants.map((grant) => grantView(grant, ref)),
    memberships: memberships.map(membershipView),
    sessions: (await selectSessions(ctx.db, userId, now)).length,
    apiKeys: (await selectLiveKeysOf(ctx.db, userId, now)).filter((key) => isShown(scope, key.platform)).length,
    invitation:
      invitation === null
        ? null
        : {
            id: invitation.id,
            role: invitation.role,
            title: roleTitle(invitation.role, invitation.title),
            platform: invitation.platform,
            invitedBy: ref(invitation.invitedBy),
            createdAt: invitation.createdAt.getTime(),
            expiresAt: invitation.expiresAt.getTime(),
          },
    recent: await recentActs(ctx, userId),
    may: await actsOn(ctx, person),
  };
}

/** The live sessions of a person. Throws `not_found`. */
export async function listSessions(ctx: ReadCtx, userId: string): Promise<PersonSession[]> {
  await seenPerson(ctx, userId);
  const found = await selectSessions(ctx.db, userId, ctx.now());
  return found.map((session) => ({
    id: session.id,
    device: deviceWords(session.userAgent),
    address: session.address,
    method: session.method,
    assurance: session.assurance === 2 ? 2 : 1,
    createdAt: session.createdAt.getTime(),
    lastSeenAt: session.lastSeenAt.getTime(),
    expiresAt: session.expiresAt.getTime(),
    isCurrent: session.id === ctx.actor.sessionId,
  }));
}

/** The person, if the reader may see them. Throws `not_found`, the same for those who do not exist. */
export async function seenPerson(ctx: ReadCtx, userId: string): Promise<PersonRecord> {
  const person = await selectPerson(ctx.db, userId);
  const isSeen =
    person !== null && (await isListed(ctx.db, userId, { filters: {}, scope: readScope(ctx), now: ctx.now() }));
  if (isSeen) return person;
  throw unknownPerson();
}

/** The refusal for people who do not exist or may not be seen. */
export function unknownPerson(): DomainError {
  return new DomainError('not_found', 'There is no such person; check the address.');
}

type StoredGrant = Awaited<ReturnType<typeof selectGrantsInFull>>[number];

function grantView(grant: StoredGrant, ref: (id: string | null) => PersonRef | null): GrantView {
  return {
    id: grant.id,
    role: grant.role,
    title: roleTitle(grant.role, grant.title),
    isBuiltIn: isBuiltInRole(grant.role),
    platform: grant.platform,
    reason: grant.reason,
    grantedBy: ref(grant.grantedBy),
    createdAt: grant.createdAt.getTime(),
    expiresAt: grant.expiresAt?.getTime() ?? null,
  };
}

type StoredMembership = Awaited<ReturnType<typeof selectMembershipsInFull>>[number];

function membershipView(membership: StoredMembership): MembershipView {
  const { platform, role } = membership;
  return {
    ...membership,
    title: platformRoleTitle(platform, role),
    permissions: platformRole(platform, role)?.permissions ?? [],
    createdAt: membership.createdAt.getTime(),
    updatedAt: membership.updatedAt.getTime(),
  };
}

async function recentActs(ctx: ReadCtx, userId: string): Promise<RecentAct[]> {
  const platforms = platformsWith(ctx.actor.grants, 'audit:read');
  const rows = await selectRecentActs(ctx.db, userId, { platforms, limit: RECENT_ACTS });
  return rows.map(({ seq, at, action, status, platform, targetKind, targetId }) => ({
    seq,
    at: at.getTime(),
    action,
    status,
    platform,
    target: targetKind === null ? null : { kind: targetKind, id: targetId ?? '' },
  }));
}
