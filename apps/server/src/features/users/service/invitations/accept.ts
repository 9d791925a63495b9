import { DomainError } from '@qd/shared/errors';
import { noticeWords, type AcceptInviteInput, type InvitationView } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { raiseAuthzVersion, selectGrant, upsertGrant } from '../../../../db/queries/grants.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { tokenHash } from '../../../../platform/session.ts';
import { type AuditEntry, recordDenied, write } from '../../../../platform/write.ts';
import { lockPerson } from '../../queries/directory-acts.ts';
import { activatePerson, selectOpenInvitation, useInvitation, type OpenInvitation } from '../../queries/invitations.ts';
import { lockAccountById } from '../../queries/own-account.ts';
import { newId, type UsersDeps } from '../deps.ts';
import { hashNewPassword } from '../new-password.ts';
import { personActor } from '../person-actor.ts';
import { admit, answerSignIn } from '../sign-in/admission.ts';
import { assertMayInvite } from './invite.ts';
import { titleOf } from './link.ts';
import { permissionsOfRole, sentencesOf } from './preview.ts';

/** What a person sees of an invitation before they accept. Throws `precondition`, the same for used, old and unknown links. */
export async function describeInvitation(ctx: Ctx, token: string): Promise<InvitationView> {
  const { invitation, person, platformName, invitedBy } = await openOrThrow(ctx, tokenHash(token));
  const { role, platform } = invitation;
  const permissions = role === '' ? [] : await permissionsOfRole(ctx.db, role);
  return {
    invitedBy: invitedBy?.name ?? 'Whoever runs this console',
    name: person.name,
    email: person.email,
    role,
    title: await titleOf(ctx.db, role),
    platform,
    platformName,
    permissions: sentencesOf(permissions),
    expiresAt: invitation.expiresAt.getTime(),
  };
}

/**
 * Accepts an invitation with a password of one's own: the person becomes active, gets the role, and is signed in. Throws
 * `precondition` when the link is over, or when whoever invited could not invite to the role any more, and `invalid` for a
 * password that would be guessed soon.
 */
export async function acceptInvite(
  ctx: Ctx,
  deps: Pick<UsersDeps, 'passwords'>,
  input: AcceptInviteInput,
  http: HttpCall,
): Promise<void> {
  // Before the costly hash, so that guesses at links cost nothing.
  const found = await openOrThrow(ctx, tokenHash(input.token));
  const passwordHash = await hashNewPassword(deps, {
    password: input.password,
    person: { name: input.name, email: found.person.email },
  });
  await settleInvitation(ctx, found, { name: input.name, passwordHash, method: 'link', http });
}

/** How somebody comes in by an invitation. */
export interface Acceptance {
  name: string;
  /** Null for people who sign in some other way. */
  passwordHash: string | null;
  method: 'link' | 'oidc';
  http: HttpCall;
  /** Done in the same transaction, once the person is active. */
  alongside?: (tx: Tx, person: { id: string; email: string; name: string }) => Promise<void>;
}

/** Uses an invitation up and signs its person in. Throws like `acceptInvite`. */
export async function settleInvitation(ctx: Ctx, found: OpenInvitation, given: Acceptance): Promise<void> {
  const { invitation, person } = found;
  const { http } = given;
  const actor = personActor({ id: invitation.userId, email: person.email, name: given.name }, http.address);
  try {
    const admitted = await write({ ...ctx, actor }, async (tx, record) => {
      const now = ctx.now();
      const locked = await lockPerson(tx, invitation.userId);
      if (locked?.state !== 'invited' || !(await useInvitation(tx, invitation.id, now))) throw invitationOver();
      await assertInviterStillMay(tx, ctx, found);
      await activatePerson(tx, invitation.userId, { name: given.name, passwordHash: given.passwordHash, now });
      await giveRole(tx, found, now);
      await given.alongside?.(tx, { id: invitation.userId, email: person.email, name: given.name });
      await tellBoth(tx, ctx, found, given.name);
      record(acceptedEntry(found, given));
      const account = await lockAccountById(tx, invitation.userId);
      if (account === null) throw invitationOver();
      return admit(tx, ctx, record, { account, http, method: given.method, assurance: 1 });
    });
    answerSignIn(ctx, http, admitted);
  } catch (error) {
    if (error instanceof InviterLacks) await noteRefusal({ ...ctx, actor }, invitation.userId, error);
    throw error;
  }
  ctx.hub.publish('users');
}

/** Somebody invited to a role they could not invite to now; what they lack is for the log, not for who holds the link. */
class InviterLacks extends DomainError {
  constructor(cause: unknown) {
    super('precondition', 'Whoever invited you may not invite to this role any more; ask for a new invitation.', {
      cause,
    });
  }
}

/** The invitation of a token's hash while it can be accepted. Throws `precondition`. */
export async function openOrThrow(ctx: Pick<Ctx, 'db' | 'now'>, hash: Uint8Array): Promise<OpenInvitation> {
  const found = await selectOpenInvitation(ctx.db, hash, ctx.now());
  if (found === null) throw invitationOver();
  return found;
}

function invitationOver(): DomainError {
  return new DomainError('precondition', 'This invitation was used, withdrawn or has run out; ask for a new one.');
}

/** Rights are asked of the inviter as they are now: they may have been demoted, suspended or removed since. */
async function assertInviterStillMay(
  tx: Tx,
  ctx: Ctx,
  { invitation, person, invitedBy }: OpenInvitation,
): Promise<void> {
  const { invitedBy: id, userId } = invitation;
  // The command line needs nobody's rights; an inviter who is gone takes the invitation along.
  if (id === null && person.origin === 'cli') return;
  if (id === null) throw new InviterLacks(new DomainError('forbidden', 'Whoever invited is gone.'));
  const actor = personActor({ id, email: invitedBy?.email ?? null, name: invitedBy?.name ?? 'Nobody' });
  try {
    await assertMayInvite(tx, { actor, now: ctx.now }, userId, invitation);
  } catch (error) {
    throw error instanceof DomainError ? new InviterLacks(error) : error;
  }
}

async function giveRole(tx: Tx, { invitation }: OpenInvitation, now: Date): Promise<void> {
  const { userId, role, platform, reason, invitedBy, grantExpiresAt } = invitation;
  if (role === '') return;
  const before = await selectGrant(tx, { userId, role, platform });
  const grant = { userId, role, platform, reason, grantedBy: invitedBy, createdAt: now, expiresAt: grantExpiresAt };
  await upsertGrant(tx, { ...grant, id: before?.id ?? newId('grt'), origin: 'invitation' });
  await raiseAuthzVersion(tx, userId);
}

async function tellBoth(
  tx: Tx,
  ctx: Ctx,
  { invitation, person, invitedBy }: OpenInvitation,
  name: string,
): Promise<void> {
  const { platform } = invitation;
  const role = await titleOf(tx, invitation.role);
  const { email } = person;
  await notice(tx, ctx, { to: { email, name }, ...noticeWords('users.welcomed', { role, platform }), url: '/account' });
  if (invitedBy === null) return;
  const accepted = noticeWords('users.invitation_accepted', { name, email, role, platform });
  await notice(tx, ctx, { to: invitedBy, ...accepted, url: `/users/${invitation.userId}` });
}

function acceptedEntry({ invitation, person }: OpenInvitation, given: Acceptance): AuditEntry {
  const { role, platform, grantExpiresAt, userId, invitedBy, reason } = invitation;
  return {
    action: 'users.invitation_accepted',
    category: 'access',
    level: 'warning',
    platform: platform === '*' ? null : platform,
    target: { kind: 'user', id: userId },
    details: { method: given.method, invitedBy, reason, userAgent: given.http.userAgent },
    before: { state: 'invited', name: person.name },
    after: { state: 'active', name: given.name, role, platform, grantExpiresAt },
  };
}

async function noteRefusal(ctx: Ctx, userId: string, error: InviterLacks): Promise<void> {
  await recordDenied(ctx, {
    action: 'users.invitation_accepted',
    category: 'access',
    target: { kind: 'user', id: userId },
    details: { reason: error.cause instanceof Error ? error.cause.message : error.message },
  });
}
