import { randomBytes } from 'node:crypto';
import { rulesFor, type ActOutcome } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import { isBuiltInRole } from '@qd/shared/permissions';
import type { GiveRoleInput, TakeRoleInput } from '@qd/shared/roles';
import { noticeWords } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import { deleteGrant, raiseAuthzVersion, selectGrant, upsertGrant, type GrantRow } from '../../../db/queries/grants.ts';
import { selectRole } from '../../../db/queries/roles.ts';
import { doneAtOnce, needsApproval } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import { assertMayGive, assertMayTake, assertSomebodyElse, keepingAnOwner } from '../../../platform/escalation.ts';
import { risksOfGiving } from '../../../platform/grant-risks.ts';
import { notice } from '../../../platform/notices.ts';
import { write, type AuditEntry } from '../../../platform/write.ts';
import { lockPerson, platformExists, type PersonRow } from '../queries/people.ts';
import { titleOf, whereOf } from './words.ts';

/** A change inside a transaction somebody else opened. */
export interface Change {
  ctx: Ctx;
  tx: Tx;
  record: (entry: AuditEntry) => void;
}

/** The name under which giving a role is asked for and carried out. */
export const GIVE = 'roles.grant';

/**
 * Gives a person a role on a platform, or changes the end and reason of one they have. A grant that makes an owner, or lets
 * its holder change what others may do, becomes a request somebody else must approve. Throws `not_found`, `invalid` for an
 * end in the past or an unknown role or platform, `forbidden` when the giver lacks what the role may do or gives it to
 * themselves, and `conflict` when the last owner's grant would end.
 */
export async function giveRole(ctx: Ctx, input: GiveRoleInput): Promise<ActOutcome> {
  const outcome = await write(ctx, (tx, record) => give({ ctx, tx, record }, input));
  ctx.hub.publish(outcome.approval === null ? 'users' : 'approvals');
  return outcome;
}

function give(change: Change, input: GiveRoleInput): Promise<ActOutcome> {
  const { ctx, tx } = change;
  const { role, platform, userId } = input;
  const expiresAt = endOf(ctx, input.expiresAt);
  return keepingAnOwner(tx, async () => {
    await assertPlatform(tx, platform);
    // The role is held before the person is locked, as whoever edits the role does it.
    await assertMayGive(tx, ctx, { role, platform });
    const person = await otherPerson(change, userId);
    const title = await giveableTitle(tx, role);
    const before = await selectGrant(tx, { userId, role, platform });
    if (before !== null && isShorter(expiresAt, before.expiresAt)) await assertMayTake(tx, ctx, userId, platform);
    const risks = await risksOfGiving(tx, { role, platform, expiresAt }, userId, ctx.now());
    const stored = isBuiltInRole(role) ? null : await selectRole(tx, role);
    const approval = await needsApproval(
      ctx,
      tx,
      {
        kind: GIVE,
        // The version too: an edit of the role after it was agreed to is another grant.
        params: { ...input, roleVersion: stored?.version ?? null },
        platform: platform === '*' ? null : platform,
        summary: `Make ${person.name} (${person.email}) ${title} on ${whereOf(platform)}${untilWords(expiresAt)}.`,
        rules: rulesFor(risks),
        reason: input.reason,
      },
      change.record,
    );
    if (approval !== null) return { approval };
    await store(change, { input, person, title, before, expiresAt });
    return doneAtOnce;
  });
}

interface Giving {
  input: GiveRoleInput;
  person: PersonRow;
  title: string;
  before: GrantRow | null;
  expiresAt: Date | null;
}

async function store({ ctx, tx, record }: Change, giving: Giving): Promise<void> {
  const { input, person, title, before, expiresAt } = giving;
  const { userId, role, platform, reason } = input;
  const grant = { userId, role, platform, reason, grantedBy: ctx.actor.id, createdAt: ctx.now(), expiresAt };
  await upsertGrant(tx, { ...grant, id: before?.id ?? `grt_${randomBytes(9).toString('base64url')}` });
  await raiseAuthzVersion(tx, userId);
  record({
    action: 'roles.granted',
    category: 'access',
    level: role === 'owner' ? 'critical' : 'warning',
    platform: platform === '*' ? null : platform,
    target: { kind: 'user', id: userId },
    details: { email: person.email, title, reason, approvalId: ctx.approved?.id ?? null },
    before: before === null ? null : { role, platform, expiresAt: before.expiresAt, reason: before.reason },
    after: { role, platform, expiresAt, reason },
  });
  const facts = { by: ctx.actor.name, role: title, platform, reason, expiresAt: input.expiresAt };
  await notice(tx, ctx, { to: person, ...noticeWords('users.role_granted', facts) });
}

/** Takes a role back. Throws `not_found`, `forbidden`, or `conflict` for the last owner. */
export async function takeRole(ctx: Ctx, input: TakeRoleInput): Promise<void> {
  await write(ctx, (tx, record) => take({ ctx, tx, record }, input));
  ctx.hub.publish('users');
}

function take(change: Change, input: TakeRoleInput): Promise<void> {
  const { ctx, tx, record } = change;
  const { userId, role, platform, reason } = input;
  return keepingAnOwner(tx, async () => {
    const stored = isBuiltInRole(role) ? null : await selectRole(tx, role);
    // A role that is archived or gone gives nothing; taking it back needs no more than the right to.
    const taken =
      stored?.isArchived === false || isBuiltInRole(role) ? { role, platform } : { permissions: [], platform };
    await assertMayGive(tx, ctx, taken);
    const person = await otherPerson(change, userId);
    await assertMayTake(tx, ctx, userId, platform);
    const title = titleOf(role, stored?.title ?? null);
    const before = await selectGrant(tx, { userId, role, platform });
    if (before === null || !(await deleteGrant(tx, { userId, role, platform }))) {
      throw new DomainError('not_found', `${person.name} is not ${title} on ${whereOf(platform)}.`);
    }
    await raiseAuthzVersion(tx, userId);
    record({
      action: 'roles.revoked',
      category: 'access',
      level: role === 'owner' ? 'critical' : 'warning',
      platform: platform === '*' ? null : platform,
      target: { kind: 'user', id: userId },
      details: { email: person.email, title, reason },
      before: { role, platform, expiresAt: before.expiresAt, reason: before.reason },
      after: null,
    });
    const facts = { by: ctx.actor.name, role: title, platform, reason };
    await notice(tx, ctx, { to: person, ...noticeWords('users.role_revoked', facts) });
  });
}

function endOf(ctx: Pick<Ctx, 'now'>, expiresAtMs: number | null): Date | null {
  if (expiresAtMs === null) return null;
  const expiresAt = new Date(expiresAtMs);
  // Later than a date can be is no date at all.
  if (expiresAt > ctx.now()) return expiresAt;
  throw invalid('expiresAt', 'must be in the future');
}

/** The person, locked, who must be somebody else and still be here. */
async function otherPerson({ ctx, tx }: Change, userId: string): Promise<PersonRow> {
  assertSomebodyElse(ctx, userId);
  const person = await lockPerson(tx, userId);
  if (person === null) throw new DomainError('not_found', 'There is no such person; look them up again.');
  if (person.state !== 'offboarded') return person;
  throw new DomainError('precondition', `${person.name} was offboarded; who is gone gets no roles.`);
}

async function assertPlatform(tx: Tx, platform: string): Promise<void> {
  if (platform === '*' || (await platformExists(tx, platform))) return;
  throw invalid('platform', `is no platform here: ${platform}`);
}

async function giveableTitle(tx: Tx, role: string): Promise<string> {
  return titleOf(role, isBuiltInRole(role) ? null : ((await selectRole(tx, role))?.title ?? null));
}

function isShorter(expiresAt: Date | null, before: Date | null): boolean {
  return expiresAt !== null && (before === null || expiresAt < before);
}

function untilWords(expiresAt: Date | null): string {
  return expiresAt === null ? '' : ` until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', `${field} ${message}.`, { fields: [{ field, message }] });
}
