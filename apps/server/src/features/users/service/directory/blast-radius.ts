import { DomainError } from '@qd/shared/errors';
import { leavesNobody } from '@qd/shared/oncall';
import { platformsWith } from '@qd/shared/permissions';
import type { BlastRadius, LeftBehind } from '@qd/shared/users';
import { countLastingOwners } from '../../../../db/queries/grants.ts';
import { countSlotsLeft, selectOthersBeside, selectSlotsLeft } from '../../../../db/queries/oncall.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse } from '../../../../platform/escalation.ts';
import {
  selectGrantsInFull,
  selectLiveKeysOf,
  selectMembershipsInFull,
  selectSessions,
  type PersonRecord,
} from '../../queries/directory-person.ts';
import {
  selectExclusionsLeft,
  selectInvitationsSent,
  selectOverridesLeft,
  selectWaitingApprovals,
} from '../../queries/offboarding.ts';
import { readScope } from './list.ts';
import { seenPerson } from './person.ts';
import { isShown, platformRoleTitle, roleTitle } from './rows.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** What offboarding a person would end, and what it would leave to others. Changes nothing. Throws `not_found`. */
export async function blastRadiusOf(ctx: ReadCtx, userId: string): Promise<BlastRadius> {
  const now = ctx.now();
  const scope = readScope(ctx);
  const person = await seenPerson(ctx, userId);
  const grants = await selectGrantsInFull(ctx.db, userId, now);
  const keys = await selectLiveKeysOf(ctx.db, userId, now);
  return {
    person: { id: person.id, name: person.name },
    sessions: (await selectSessions(ctx.db, userId, now)).length,
    keys: keys
      .filter((key) => isShown(scope, key.platform))
      .map((key) => ({
        ...key,
        lastUsedAt: key.lastUsedAt?.getTime() ?? null,
        expiresAt: key.expiresAt?.getTime() ?? null,
      })),
    grants: grants
      .filter((grant) => isShown(scope, grant.platform))
      .map(({ role, title, platform }) => ({ role, title: roleTitle(role, title), platform })),
    memberships: (await selectMembershipsInFull(ctx.db, userId))
      .filter((account) => isShown(scope, account.platform))
      .map(({ platform, role }) => ({ platform, role, title: platformRoleTitle(platform, role) })),
    approvals: (await selectWaitingApprovals(ctx.db, userId))
      .filter((request) => isShown(scope, request.platform ?? '*'))
      .map(({ id, summary }) => ({ id, summary })),
    invitations: (await selectInvitationsSent(ctx.db, userId, now))
      .filter((sent) => isShown(scope, sent.platform))
      .map(({ id, email, role }) => ({ id, email, role })),
    leftBehind: await leftBehindOf(ctx, person.email),
    onCall: await onCallOf(ctx, userId),
    refusal: await refusalOf(ctx, person, grants),
  };
}

async function leftBehindOf(ctx: ReadCtx, email: string): Promise<LeftBehind[]> {
  const of = { email, platforms: platformsWith(ctx.actor.grants, 'slo:read'), now: ctx.now() };
  const excluded = await selectExclusionsLeft(ctx.db, of);
  const overridden = await selectOverridesLeft(ctx.db, of);
  return [
    ...excluded.map(({ exclusion: { id, reason, platformId, startsAt, durationMs, rrule }, slo }): LeftBehind => ({
      kind: 'exclusion',
      id,
      reason,
      platform: platformId,
      slo,
      startsAt: startsAt.getTime(),
      endsAt: startsAt.getTime() + durationMs,
      recurs: rrule !== null,
    })),
    ...overridden.map(({ override: { id, reason, until }, slo, platform }): LeftBehind => ({
      kind: 'override',
      id,
      reason,
      platform,
      slo,
      until: until.getTime(),
    })),
  ];
}

/** Longest list of slots; how many there are is said beside it. */
const SHOWN_SLOTS = 100;

async function onCallOf(ctx: ReadCtx, userId: string): Promise<BlastRadius['onCall']> {
  const now = ctx.now();
  const of = { userId, platforms: platformsWith(ctx.actor.grants, 'oncall:read'), now };
  const slots = await selectSlotsLeft(ctx.db, of, SHOWN_SLOTS);
  const others = (await selectOthersBeside(ctx.db, of)).map(({ platform, startsAt, endsAt }) => ({
    platform,
    startsAt: startsAt.getTime(),
    endsAt: endsAt.getTime(),
  }));
  return {
    slots: slots.map((slot) => {
      const span = { startsAt: slot.startsAt.getTime(), endsAt: slot.endsAt.getTime() };
      const left = { ...span, startsAt: Math.max(span.startsAt, now.getTime()) };
      const beside = others.filter(({ platform }) => platform === slot.platform);
      return { ...slot, ...span, isRunning: slot.startsAt <= now, leavesNobody: leavesNobody(left, beside) };
    }),
    count: await countSlotsLeft(ctx.db, of),
  };
}

async function refusalOf(
  ctx: ReadCtx,
  person: PersonRecord,
  grants: readonly { role: string; platform: string; expiresAt: Date | null }[],
): Promise<string | null> {
  if (person.state === 'offboarded') return 'This person has left already.';
  try {
    assertSomebodyElse(ctx, person.id, 'users:offboard');
    await assertMayTouch(ctx.db, ctx, person.id, 'users:offboard');
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
  const owns = grants.some((grant) => grant.role === 'owner' && grant.platform === '*' && grant.expiresAt === null);
  const isLast = owns && person.state === 'active' && !person.isDemo && (await countLastingOwners(ctx.db)) <= 1;
  return isLast ? 'This is the last owner; make somebody else owner of all platforms first.' : null;
}
