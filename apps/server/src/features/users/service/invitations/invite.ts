import { rulesFor, type ApprovalNotice } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import {
  emailKey,
  type InviteInput,
  type NewLink,
  type ResendInviteInput,
  type RevokeInviteInput,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { selectLiveGrants, selectMembershipPlatforms } from '../../../../db/queries/grants.ts';
import { selectRole } from '../../../../db/queries/roles.ts';
import { needsApproval } from '../../../../platform/approvals.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayGive, assertMayTouch } from '../../../../platform/escalation.ts';
import { risksOfGiving } from '../../../../platform/grant-risks.ts';
import { type AuditEntry, write } from '../../../../platform/write.ts';
import { insertUser, selectAccount } from '../../queries/accounts.ts';
import { lockPerson, type LockedPerson } from '../../queries/directory-acts.ts';
import {
  removeInvited,
  revokeInvitations,
  selectNewestInvitation,
  type InvitationRow,
} from '../../queries/invitations.ts';
import { addressTaken } from '../bootstrap.ts';
import { newId, type UsersDeps } from '../deps.ts';
import { openInvitation, titleOf } from './link.ts';
import { platformNames } from './preview.ts';

/** Answer of an invitation: the link that was made, or the request somebody else must approve first. */
export interface InviteOutcome {
  link: NewLink | null;
  approval: ApprovalNotice | null;
}

type LinkDeps = Pick<UsersDeps, 'sealing' | 'canMail'>;

/**
 * Invites somebody new to a role. Throws `conflict` when the address is taken, `invalid` for an unknown role or platform or
 * an end in the past, and `forbidden` for a role that may do more than the inviter.
 */
export async function inviteUser(ctx: Ctx, deps: LinkDeps, input: InviteInput): Promise<InviteOutcome> {
  const { role, platform, reason, name, email } = input;
  const grantExpiresAt = futureEnd(ctx, input.grantExpiresAt);
  const outcome = await write(ctx, async (tx, record): Promise<InviteOutcome> => {
    await assertMayGive(tx, ctx, { role, platform }, 'users:invite');
    await platformNames(tx, platform);
    if ((await selectAccount(tx, emailKey(email))) !== null) throw addressTaken();
    const approval = await askFirst({ ctx, tx, record }, input, grantExpiresAt);
    if (approval !== null) return { link: null, approval };
    const person = { id: newId('usr'), name, email };
    await insertInvited(tx, ctx, person);
    const { lifeMs, sendMail } = input;
    const given = { person, role, platform, reason, grantExpiresAt, lifeMs, sendMail };
    const link = await openInvitation(tx, ctx, deps, given);
    record({
      action: 'users.invited',
      category: 'access',
      level: 'warning',
      platform: platform === '*' ? null : platform,
      target: { kind: 'user', id: person.id },
      details: { reason, isMailed: link.path === null, expiresAt: new Date(link.expiresAt) },
      after: { email, name, role, platform, grantExpiresAt },
    });
    return { link, approval: null };
  });
  ctx.hub.publish(outcome.approval === null ? 'users' : 'approvals');
  return outcome;
}

/** Makes a new link for somebody who has not come in yet; the one before is dead at once. Throws like `inviteUser`. */
export async function resendInvite(ctx: Ctx, deps: LinkDeps, input: ResendInviteInput): Promise<NewLink> {
  const link = await write(ctx, async (tx, record) => {
    const person = await invitedPerson(tx, input.id);
    const last = await selectNewestInvitation(tx, person.id);
    await assertMayInvite(tx, ctx, person.id, last);
    if (last !== null) await assertSameRole(tx, ctx, last);
    const { lifeMs, sendMail } = input;
    const { role, platform, reason, grantExpiresAt } = last ?? withoutRole;
    futureEnd(ctx, grantExpiresAt?.getTime() ?? null);
    const given = { person, role, platform, reason, grantExpiresAt, lifeMs, sendMail };
    const made = await openInvitation(tx, ctx, deps, given);
    record({
      action: 'users.invitation_resent',
      category: 'access',
      level: 'warning',
      target: { kind: 'user', id: person.id },
      details: { role, platform, isMailed: made.path === null, expiresAt: new Date(made.expiresAt) },
    });
    return made;
  });
  ctx.hub.publish('users');
  return link;
}

/**
 * Withdraws the invitation of somebody who has not come in yet. Their row goes with it, unless an import, an account on a
 * platform or something else speaks of them. Throws `not_found`, `precondition` when they came in meanwhile, and `forbidden`.
 */
export async function revokeInvite(ctx: Ctx, input: RevokeInviteInput): Promise<{ removed: boolean }> {
  const removed = await write(ctx, async (tx, record) => {
    const person = await invitedPerson(tx, input.id);
    const last = await selectNewestInvitation(tx, person.id);
    await assertMayInvite(tx, ctx, person.id, last);
    const ended = await revokeInvitations(tx, person.id, ctx.now());
    const gone = await removeInvited(tx, person.id);
    record({
      action: 'users.invitation_revoked',
      category: 'access',
      level: 'warning',
      target: { kind: 'user', id: person.id },
      details: { reason: input.reason, ended, removed: gone },
      before: { email: person.email, name: person.name, role: last?.role ?? null, platform: last?.platform ?? null },
      after: null,
    });
    return gone;
  });
  ctx.hub.publish('users');
  return { removed };
}

/** The id of somebody with the address who was invited and has not come in yet, or null. */
export async function findInvited(ctx: Pick<Ctx, 'db'>, key: string): Promise<string | null> {
  const account = await selectAccount(ctx.db, key);
  return account?.state === 'invited' ? account.id : null;
}

async function insertInvited(tx: Tx, ctx: Ctx, person: { id: string; name: string; email: string }): Promise<void> {
  const now = ctx.now();
  const isNew = await insertUser(tx, {
    ...person,
    emailKey: emailKey(person.email),
    state: 'invited',
    origin: 'invitation',
    createdAt: now,
    stateSince: now,
  });
  if (!isNew) throw addressTaken();
}

/** What an invitation brings to a person who has their roles from elsewhere, such as an import. */
const withoutRole = { role: '', platform: '*', reason: 'Let in', grantExpiresAt: null };

/**
 * A role of one's own making may have been changed since the invitation: what takes a second person now was agreed to by
 * nobody then. Throws `precondition`.
 */
async function assertSameRole(tx: Tx, ctx: Ctx, last: InvitationRow): Promise<void> {
  const { role, platform, grantExpiresAt, createdAt, userId } = last;
  const stored = role === '' ? null : await selectRole(tx, role);
  if (stored === null || stored.updatedAt < createdAt) return;
  const risks = await risksOfGiving(tx, { role, platform, expiresAt: grantExpiresAt }, userId, ctx.now());
  if (risks.length === 0) return;
  throw new DomainError(
    'precondition',
    `${stored.title} may do more since the invitation; withdraw it and invite the person again.`,
  );
}

/**
 * Whoever may invite to the role may handle the invitation. Of a person who has roles or accounts besides, and of one whose
 * invitation brings none, it takes the right to touch them: the link opens all they have.
 */
export async function assertMayInvite(
  tx: Tx,
  ctx: Pick<Ctx, 'actor' | 'now'>,
  userId: string,
  invitation: Pick<InvitationRow, 'role' | 'platform'> | null,
): Promise<void> {
  const bringsRole = invitation !== null && invitation.role !== '';
  if (bringsRole) await assertMayGive(tx, ctx, invitation, 'users:invite');
  const grants = await selectLiveGrants(tx, userId, ctx.now());
  const accounts = await selectMembershipPlatforms(tx, userId);
  if (!bringsRole || grants.length + accounts.length > 0) await assertMayTouch(tx, ctx, userId, 'users:invite');
}

async function askFirst(
  { ctx, tx, record }: { ctx: Ctx; tx: Tx; record: (entry: AuditEntry) => void },
  input: InviteInput,
  expiresAt: Date | null,
): Promise<ApprovalNotice | null> {
  const { name, email, role, platform, reason } = input;
  const where = platform === '*' ? 'all platforms' : platform;
  const act = {
    kind: 'users.invite',
    params: { ...input },
    platform: platform === '*' ? null : platform,
    summary: `Invite ${name} (${email}) as ${await titleOf(tx, role)} on ${where}`,
    rules: rulesFor(await risksOfGiving(tx, { role, platform, expiresAt }, null, ctx.now())),
    reason,
  };
  return needsApproval(ctx, tx, act, record);
}

async function invitedPerson(tx: Tx, userId: string): Promise<LockedPerson> {
  const person = await lockPerson(tx, userId);
  if (person === null) throw new DomainError('not_found', 'There is no such person; look at the list again.');
  if (person.state === 'invited') return person;
  throw new DomainError('precondition', `${person.name} is ${person.state}, and no longer waits for an invitation.`);
}

function futureEnd(ctx: Pick<Ctx, 'now'>, endMs: number | null): Date | null {
  if (endMs === null) return null;
  if (endMs > ctx.now().getTime()) return new Date(endMs);
  throw new DomainError('invalid', 'The role would be over before it begins; name a later end.', {
    fields: [{ field: 'grantExpiresAt', message: 'must be in the future' }],
  });
}
