import { DomainError } from '@qd/shared/errors';
import {
  RESET_LINK_MS,
  noticeWords,
  type ApplyResetLinkInput,
  type NewLink,
  type ResetLinkKind,
  type ResetLinkView,
  type SendResetLinkInput,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { raiseAuthzVersion } from '../../../../db/queries/grants.ts';
import { endSessionsOf } from '../../../../db/queries/sessions.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse, keepingAnOwner } from '../../../../platform/escalation.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { noticeWithLink } from '../../../../platform/notices.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import { type AuditEntry, write } from '../../../../platform/write.ts';
import { updatePasswordHash } from '../../queries/accounts.ts';
import { lockPerson, type LockedPerson } from '../../queries/directory-acts.ts';
import { deleteFactors } from '../../queries/factors.ts';
import {
  endResetLinks,
  insertResetLink,
  selectOpenResetLink,
  useResetLink,
  type OpenResetLink,
} from '../../queries/reset-links.ts';
import { newId, type UsersDeps } from '../deps.ts';
import { lockedPerson, tell } from '../directory/locked.ts';
import { hashNewPassword } from '../new-password.ts';
import { personActor } from '../person-actor.ts';

type LinkDeps = Pick<UsersDeps, 'sealing' | 'canMail'>;

/**
 * Makes a way back in for somebody, single use, for 30 minutes; links made for them before end. Nobody sets a password for
 * another. Throws `not_found`, `precondition` for people who may not sign in, and `forbidden` for oneself or for somebody who
 * may do more.
 */
export async function sendResetLink(ctx: Ctx, deps: LinkDeps, input: SendResetLinkInput): Promise<NewLink> {
  const { kind, reason } = input;
  const link = await write(ctx, async (tx, record) => {
    assertSomebodyElse(ctx, input.id, 'users:reset');
    const person = await lockedPerson(tx, ctx, input.id);
    await assertMayTouch(tx, ctx, person.id, 'users:reset');
    assertHelpable(person, kind);
    const now = ctx.now();
    const token = newToken();
    const expiresAt = new Date(now.getTime() + RESET_LINK_MS);
    const row = { id: newId('rst'), userId: person.id, tokenHash: tokenHash(token), kind, createdBy: ctx.actor.id };
    await insertResetLink(tx, { ...row, createdAt: now, expiresAt });
    const path = `/reset#${token}`;
    const isMailed = await tellOfLink(tx, ctx, deps, { person, kind, path, expiresAt });
    record({
      action: 'users.reset_link_sent',
      category: 'authentication',
      level: kind === 'factors' ? 'critical' : 'warning',
      target: { kind: 'user', id: person.id },
      details: { kind, reason, email: person.email, isMailed, expiresAt },
    });
    return { userId: person.id, path: isMailed ? null : path, expiresAt: expiresAt.getTime() };
  });
  ctx.hub.publish('users');
  return link;
}

/**
 * Tells the person at once that a link was made, and gives whether it went along: where there is mail, and not to an account
 * of the demo, which has no mailbox. Otherwise whoever made it passes it on.
 */
async function tellOfLink(
  tx: Tx,
  ctx: Ctx,
  deps: LinkDeps,
  made: { person: LockedPerson; kind: ResetLinkKind; path: string; expiresAt: Date },
): Promise<boolean> {
  const { person, kind, path, expiresAt } = made;
  const topic = kind === 'password' ? 'users.password_link_sent' : 'users.factors_link_sent';
  const facts = { by: ctx.actor.name, expiresAt: expiresAt.getTime() };
  if (deps.canMail && !person.isDemo) {
    await noticeWithLink(tx, ctx, deps.sealing, { to: person, ...noticeWords(topic, facts), link: path });
    return true;
  }
  await tell(tx, ctx, person, { topic, facts });
  return false;
}

/** What a link back in will do. Throws `precondition`, the same for used, old and unknown links. */
export async function describeResetLink(ctx: Pick<Ctx, 'db' | 'now'>, token: string): Promise<ResetLinkView> {
  const { kind, person, expiresAt } = await openOrThrow(ctx, token);
  return { kind, name: person.name, expiresAt: expiresAt.getTime() };
}

/**
 * Uses a link back in. Every session of the person ends; they then sign in with what they have. Throws `precondition` when the
 * link is over and `invalid` when the password is missing, would be guessed soon, or is given where none is asked for.
 */
export async function applyResetLink(
  ctx: Ctx,
  deps: Pick<UsersDeps, 'passwords'>,
  input: ApplyResetLinkInput,
  http: HttpCall,
): Promise<{ kind: ResetLinkKind }> {
  const link = await openOrThrow(ctx, input.token);
  const passwordHash = await newHash(deps, link, input.password);
  const { kind, person } = link;
  const actor = personActor(person, http.address);
  await write({ ...ctx, actor }, (tx, record) =>
    keepingAnOwner(tx, async () => {
      const now = ctx.now();
      const locked = await lockPerson(tx, person.id);
      if (locked?.state !== 'active' || !(await useResetLink(tx, link.id, now))) throw linkOver();
      await assertMakerStillMay(tx, ctx, link);
      const removedFactors = passwordHash === null ? await deleteFactors(tx, person.id) : null;
      if (passwordHash !== null) await updatePasswordHash(tx, person.id, passwordHash);
      const endedSessions = await endSessionsOf(tx, person.id, now);
      await raiseAuthzVersion(tx, person.id);
      await endResetLinks(tx, person.id, now);
      const topic = kind === 'password' ? 'users.password_reset' : 'users.factors_reset';
      await tell(tx, ctx, locked, { topic, facts: { address: http.address } });
      record(appliedEntry(link, { removedFactors, endedSessions, userAgent: http.userAgent }));
    }),
  );
  http.clearSessionCookie();
  ctx.hub.publish('users');
  return { kind };
}

/** The person may have been given more since, or whoever made the link less: it must not open more than it could then. */
async function assertMakerStillMay(tx: Tx, ctx: Ctx, { createdBy, person }: OpenResetLink): Promise<void> {
  if (createdBy === null) return;
  const actor = personActor({ id: createdBy, email: null, name: 'Maker of the link' });
  try {
    await assertMayTouch(tx, { actor, now: ctx.now }, person.id, 'users:reset');
  } catch (error) {
    if (error instanceof DomainError) throw linkOver(error);
    throw error;
  }
}

function appliedEntry({ kind, person, createdBy }: OpenResetLink, details: object): AuditEntry {
  return {
    action: kind === 'password' ? 'users.password_reset' : 'users.factors_reset',
    category: 'authentication',
    level: 'critical',
    target: { kind: 'user', id: person.id },
    details: { ...details, linkMadeBy: createdBy },
  };
}

async function newHash(
  deps: Pick<UsersDeps, 'passwords'>,
  { kind, person }: OpenResetLink,
  password: string | undefined,
): Promise<string | null> {
  if (kind === 'password' && password !== undefined) return hashNewPassword(deps, { password, person });
  if (kind === 'factors' && password === undefined) return null;
  const message = kind === 'password' ? 'is missing' : 'is not asked for by this link';
  throw new DomainError('invalid', `The password ${message}.`, { fields: [{ field: 'password', message }] });
}

/** Taking factors off somebody who has no password would lock them out for good. */
function assertHelpable(person: LockedPerson, kind: ResetLinkKind): void {
  if (person.state !== 'active') {
    const remedy = person.state === 'invited' ? 'send the invitation again' : 'reinstate them first';
    throw new DomainError('precondition', `${person.name} is ${person.state} and cannot sign in; ${remedy}.`);
  }
  if (kind === 'factors' && person.passwordHash === null) {
    throw new DomainError('precondition', `${person.name} has no password; send a link for a new password first.`);
  }
}

async function openOrThrow(ctx: Pick<Ctx, 'db' | 'now'>, token: string): Promise<OpenResetLink> {
  const found = await selectOpenResetLink(ctx.db, tokenHash(token), ctx.now());
  if (found === null) throw linkOver();
  return found;
}

function linkOver(cause?: DomainError): DomainError {
  return new DomainError('precondition', 'This link was used, replaced or has run out; ask for a new one.', { cause });
}
