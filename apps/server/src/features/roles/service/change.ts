import { randomBytes } from 'node:crypto';
import { rulesFor } from '@qd/shared/approvals';
import { DomainError, type FieldError } from '@qd/shared/errors';
import { isPermission } from '@qd/shared/permissions';
import {
  permissionDiff,
  roleTitleKey,
  type ArchiveRoleInput,
  type CreateRoleInput,
  type PermissionDiff,
  type RoleOutcome,
  type RoleSummary,
  type UpdateRoleInput,
} from '@qd/shared/roles';
import { noticeWords } from '@qd/shared/users';
import { isTaken } from '../../../db/taken.ts';
import { needsApproval } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import { notice } from '../../../platform/notices.ts';
import { write } from '../../../platform/write.ts';
import { selectInvitedTo } from '../queries/invited.ts';
import { selectActivePeople } from '../queries/people.ts';
import {
  countInvitationsTo,
  countRoles,
  insertRole,
  lockRole,
  raiseAuthzVersions,
  selectGrantsOfRole,
  TITLE_INDEX,
  updateRole,
  type RoleRow,
} from '../queries/roles.ts';
import { assertMayChangeRole, assertMayName, risksOfChange } from './change-rules.ts';
import type { Change } from './give.ts';
import { roleSummary } from './words.ts';

/** The name under which a change of a role is asked for and carried out. */
export const CHANGE = 'roles.update';

const MAX_ROLES = 200;

/**
 * Makes a role. It may name only what the caller holds somewhere; what it gives is checked again whenever it is given.
 * Throws `conflict` for a title that is taken, `forbidden`, and `precondition` when there are too many roles.
 */
export async function createRole(ctx: Ctx, input: CreateRoleInput): Promise<RoleSummary> {
  const { title, description, permissions, base, reason } = input;
  const now = ctx.now();
  const row: RoleRow = {
    id: `role_${randomBytes(9).toString('base64url')}`,
    title,
    titleKey: roleTitleKey(title),
    description,
    permissions,
    base,
    isArchived: false,
    version: 1,
    createdBy: ctx.actor.id,
    createdAt: now,
    updatedAt: now,
  };
  await refusingTakenTitles(() =>
    write(ctx, async (tx, record) => {
      await assertMayName(tx, ctx, permissions);
      if ((await countRoles(tx)) >= MAX_ROLES) {
        throw new DomainError('precondition', `There are ${MAX_ROLES} roles already; archive some first.`);
      }
      await insertRole(tx, row);
      record({
        action: 'roles.created',
        category: 'access',
        level: 'warning',
        target: { kind: 'role', id: row.id },
        details: { reason, base },
        after: { title, description, permissions },
      });
    }),
  );
  ctx.hub.publish('users');
  return roleSummary(row, 0);
}

/**
 * Changes a role for everybody who holds it or is invited to it. The caller must hold what is added and what is removed
 * wherever that is; a change that gives critical permissions, or concerns many people, becomes a request. Throws `not_found`,
 * `forbidden`, and `conflict` for another change since `version`, naming what the role is now.
 */
export async function changeRole(ctx: Ctx, input: UpdateRoleInput): Promise<RoleOutcome> {
  const outcome = await refusingTakenTitles(() => write(ctx, (tx, record) => change({ ctx, tx, record }, input)));
  ctx.hub.publish(outcome.approval === null ? 'users' : 'approvals');
  return outcome;
}

async function change(opened: Change, input: UpdateRoleInput): Promise<RoleOutcome> {
  const { ctx, tx, record } = opened;
  const { title, description, permissions, reason } = input;
  const role = await lockedRole(opened, input);
  const held = await selectGrantsOfRole(tx, role.id, ctx.now());
  // Who is invited gets the role as it is on the day they come in.
  const concerned = [...held, ...(await selectInvitedTo(tx, role.id, ctx.now()))];
  const diff = permissionDiff(role.permissions.filter(isPermission), permissions);
  await assertMayChangeRole(tx, ctx, { held: concerned, diff });
  const approval = await needsApproval(
    ctx,
    tx,
    {
      kind: CHANGE,
      params: { ...input },
      platform: null,
      summary: `Change the role ${role.title}, ${concernWords(held, concerned.length - held.length)}${diffWords(diff)}.`,
      rules: rulesFor(risksOfChange(concerned, diff)),
      reason,
    },
    record,
  );
  if (approval !== null) return { role: null, approval };
  const titleKey = roleTitleKey(title);
  const after = await updateRole(tx, role.id, { title, titleKey, description, permissions, updatedAt: ctx.now() });
  const holders = [...new Set(held.map((grant) => grant.userId))];
  if (diff.added.length + diff.removed.length > 0) {
    await raiseAuthzVersions(tx, holders);
    await tellHolders(opened, holders, { role: title, reason, diff });
  }
  record({
    action: 'roles.changed',
    category: 'access',
    level: 'warning',
    target: { kind: 'role', id: role.id },
    details: { reason, ...diff, holders: holders.length, approvalId: ctx.approved?.id ?? null },
    before: { title: role.title, description: role.description, permissions: role.permissions },
    after: { title, description, permissions },
  });
  return { role: roleSummary(after, holders.length), approval: null };
}

async function tellHolders(
  { ctx, tx }: Change,
  holders: readonly string[],
  of: { role: string; reason: string; diff: PermissionDiff },
): Promise<void> {
  const { role, reason, diff } = of;
  const [added, removed] = [diff.added.join(', '), diff.removed.join(', ')];
  const words = noticeWords('users.role_changed', { by: ctx.actor.name, role, added, removed, reason });
  for (const to of await selectActivePeople(tx, holders)) await notice(tx, ctx, { to, ...words });
}

/** Archives a role nobody holds and nobody is invited to: it can be given no more. Throws `not_found`, `forbidden` or `conflict`. */
export async function archiveRole(ctx: Ctx, input: ArchiveRoleInput): Promise<void> {
  await write(ctx, async (tx, record) => {
    const role = await lockedRole({ ctx, tx, record }, input);
    const held = await selectGrantsOfRole(tx, role.id, ctx.now());
    const removed = role.permissions.filter(isPermission);
    await assertMayChangeRole(tx, ctx, { held, diff: { added: [], removed } });
    const invitations = await countInvitationsTo(tx, role.id, ctx.now());
    if (held.length + invitations > 0) {
      const open = invitations === 0 ? '' : `, and ${invitations} open invitations name it`;
      throw new DomainError('conflict', `${role.title} is held by ${peopleWords(held)}${open}; take it back first.`);
    }
    // The title is free again for a role that is in use.
    await updateRole(tx, role.id, { isArchived: true, titleKey: `${role.titleKey}#${role.id}`, updatedAt: ctx.now() });
    record({
      action: 'roles.archived',
      category: 'access',
      level: 'warning',
      target: { kind: 'role', id: role.id },
      details: { reason: input.reason },
      before: { title: role.title, permissions: role.permissions, isArchived: false },
      after: { isArchived: true },
    });
  });
  ctx.hub.publish('users');
}

async function lockedRole({ tx }: Change, seen: { id: string; version: number }): Promise<RoleRow> {
  const role = await lockRole(tx, seen.id);
  if (role === null) throw new DomainError('not_found', 'There is no such role; load the list again.');
  if (role.isArchived) throw new DomainError('conflict', `${role.title} was archived meanwhile; nothing was changed.`);
  if (role.version === seen.version) return role;
  throw new DomainError('conflict', 'Somebody changed this role meanwhile; look at it again, then save.', {
    fields: currentValues(role),
  });
}

function currentValues(role: RoleRow): FieldError[] {
  return [
    { field: 'version', message: `is ${role.version} now` },
    { field: 'title', message: `is ${role.title} now` },
    { field: 'description', message: role.description === '' ? 'is empty now' : `is ${role.description} now` },
    { field: 'permissions', message: `are ${role.permissions.join(', ')} now` },
  ];
}

async function refusingTakenTitles<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isTaken(error, TITLE_INDEX)) throw error;
    const message = 'is taken, or looks like one that is';
    throw new DomainError('conflict', `The title ${message}.`, { fields: [{ field: 'title', message }], cause: error });
  }
}

function peopleWords(held: readonly { userId: string }[]): string {
  const count = new Set(held.map((grant) => grant.userId)).size;
  return count === 0 ? 'nobody' : count === 1 ? '1 person' : `${count} people`;
}

/** Whom a change reaches, e.g. `which 2 people hold and 1 person is invited to`. */
function concernWords(held: readonly { userId: string }[], invited: number): string {
  const holders = new Set(held.map((grant) => grant.userId)).size;
  const words = `which ${peopleWords(held)} ${holders > 1 ? 'hold' : 'holds'}`;
  return invited === 0 ? words : `${words} and ${invited === 1 ? '1 person is' : `${invited} people are`} invited to`;
}

function diffWords({ added, removed }: { added: readonly string[]; removed: readonly string[] }): string {
  const parts = [
    added.length === 0 ? '' : `add ${added.join(', ')}`,
    removed.length === 0 ? '' : `remove ${removed.join(', ')}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}
