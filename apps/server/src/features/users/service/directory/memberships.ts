import { rulesFor, type ApprovalNotice } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import {
  isTopPlatformRole,
  platformRoleChange,
  platformRoles,
  type AssignMembershipInput,
  type RemoveMembershipInput,
  type SuspendMembershipInput,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { needsApproval } from '../../../../platform/approvals.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouchOn, assertSomebodyElse } from '../../../../platform/escalation.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import type { LockedPerson } from '../../queries/directory-acts.ts';
import {
  deleteMembership,
  lockMembership,
  selectPlatformName,
  updateMembershipState,
  upsertMembership,
  type MembershipRow,
} from '../../queries/memberships.ts';
import { newId } from '../deps.ts';
import { lockedPerson } from './locked.ts';
import { platformRoleTitle } from './rows.ts';

/** The name under which an approved top role is given. */
export const ASSIGN_ACT = 'users.assignMembership';

/**
 * Gives a person a role on a platform, or another one than they have. The first role of a platform takes a second person.
 * Throws `not_found`, `invalid` for a role the platform does not have, `forbidden` for oneself, for a more powerful person and
 * for taking the first role from somebody without `users:write`, `conflict` when it changed since `seenAt`.
 */
export async function assignMembership(
  ctx: Ctx,
  input: AssignMembershipInput,
): Promise<{ approval: ApprovalNotice | null }> {
  const { platform, role, reason } = input;
  assertKnownRole(platform, role);
  const approval = await write(ctx, async (tx, record) => {
    const change = await opened(tx, ctx, input);
    const { person } = change;
    const isTop = isTopPlatformRole(platform, role);
    const waiting = await needsApproval(
      ctx,
      tx,
      {
        kind: ASSIGN_ACT,
        params: { ...input },
        platform,
        summary: `Make ${person.name} (${person.email}) ${platformRoleTitle(platform, role)} on ${platform}`,
        rules: isTop ? rulesFor([{ kind: 'top_platform_role' }]) : [],
        reason,
      },
      record,
    );
    if (waiting !== null) return waiting;
    const entry = await storeRole(tx, change, { platform, role, reason, grantedBy: ctx.actor.id });
    record({ ...entry, level: isTop ? 'critical' : 'warning' });
    return null;
  });
  ctx.hub.publish(approval === null ? 'users' : 'approvals');
  return { approval };
}

async function storeRole(
  tx: Tx,
  { person, before, updatedAt }: Opened,
  to: { platform: string; role: string; reason: string; grantedBy: string | null },
): Promise<AuditEntry> {
  const { platform, role, reason } = to;
  const was = before === null ? null : { role: before.role, state: before.state };
  const state = was?.state ?? 'active';
  await upsertMembership(tx, {
    ...to,
    id: before?.id ?? newId('mbr'),
    userId: person.id,
    state,
    isDemo: person.isDemo,
    createdAt: before?.createdAt ?? updatedAt,
    updatedAt,
  });
  return {
    ...entryOf('users.membership_assigned', { person, platform, reason }),
    details: { email: person.email, reason, ...platformRoleChange(platform, { from: was?.role ?? null, to: role }) },
    before: was,
    after: { role, state },
  };
}

/** Suspends the account on a platform, or lets it work again. Throws as `assignMembership`, and `not_found` without an account. */
export async function suspendMembership(ctx: Ctx, input: SuspendMembershipInput): Promise<{ updatedAt: number }> {
  const { platform, state, reason } = input;
  const at = await write(ctx, async (tx, record) => {
    const { person, before, updatedAt } = await opened(tx, ctx, input);
    if (before === null) throw noAccount(person, platform);
    await updateMembershipState(tx, before.id, { state, reason, updatedAt });
    record({
      ...entryOf(state === 'suspended' ? 'users.membership_suspended' : 'users.membership_reinstated', {
        person,
        platform,
        reason,
      }),
      before: { role: before.role, state: before.state },
      after: { role: before.role, state },
    });
    return updatedAt;
  });
  ctx.hub.publish('users');
  return { updatedAt: at.getTime() };
}

/** Takes the account on a platform away. Throws as `suspendMembership`. */
export async function removeMembership(ctx: Ctx, input: RemoveMembershipInput): Promise<void> {
  const { platform, reason } = input;
  await write(ctx, async (tx, record) => {
    const { person, before } = await opened(tx, ctx, input);
    if (before === null) throw noAccount(person, platform);
    await deleteMembership(tx, before.id);
    record({
      ...entryOf('users.membership_removed', { person, platform, reason }),
      before: { role: before.role, state: before.state },
      after: null,
    });
  });
  ctx.hub.publish('users');
}

interface Opened {
  person: LockedPerson;
  before: MembershipRow | null;
  /** When the change happens; later than any change before it, however fast they follow each other. */
  updatedAt: Date;
}

async function opened(tx: Tx, ctx: Ctx, input: RemoveMembershipInput): Promise<Opened> {
  const { platform } = input;
  const person = await lockedPerson(tx, ctx, input.id);
  assertSomebodyElse(ctx, person.id, 'users:assign');
  await assertMayTouchOn(tx, ctx, person.id, { by: 'users:assign', platform });
  if ((await selectPlatformName(tx, platform)) === null) throw unknownPlatform(platform);
  if (person.state === 'offboarded') throw new DomainError('precondition', 'This person has left for good.');
  const before = await lockMembership(tx, { userId: person.id, platform });
  if ((before?.updatedAt.getTime() ?? null) !== input.seenAt) throw changedMeanwhile(before);
  // Who may only hand out lesser roles must not unseat those at the top either.
  if (before !== null && isTopPlatformRole(platform, before.role)) {
    await assertMayTouchOn(tx, ctx, person.id, { by: 'users:write', platform });
  }
  const nowMs = Math.max(ctx.now().getTime(), (before?.updatedAt.getTime() ?? 0) + 1);
  return { person, before, updatedAt: new Date(nowMs) };
}

function entryOf(
  action: AuditEntry['action'],
  of: { person: LockedPerson; platform: string; reason: string },
): AuditEntry {
  return {
    action,
    category: 'access',
    level: 'warning',
    platform: of.platform,
    target: { kind: 'user', id: of.person.id },
    details: { email: of.person.email, reason: of.reason },
  };
}

function assertKnownRole(platform: string, role: string): void {
  const known = platformRoles(platform).map((one) => one.name);
  if (known.includes(role)) return;
  const message = `is none of ${platform}: use one of ${known.join(', ')}`;
  throw new DomainError('invalid', `role ${message}.`, { fields: [{ field: 'role', message }] });
}

function unknownPlatform(platform: string): DomainError {
  return new DomainError('not_found', `There is no platform ${platform}.`, {
    fields: [{ field: 'platform', message: 'is unknown' }],
  });
}

function noAccount({ name }: LockedPerson, platform: string): DomainError {
  return new DomainError('not_found', `${name} has no account on ${platform}.`);
}

function changedMeanwhile(now: MembershipRow | null): DomainError {
  const message = now === null ? 'is gone' : `is now ${now.role}, ${now.state}`;
  return new DomainError('conflict', `Somebody changed this account meanwhile: it ${message}.`, {
    fields: [{ field: 'seenAt', message: `${message}; reload it` }],
  });
}
