import { DomainError } from '@qd/shared/errors';
import { noticeWords, type OidcRefusal } from '@qd/shared/users';
import type { OidcIdentity } from '../../../../adapters/oidc/port.ts';
import type { Tx } from '../../../../db/client.ts';
import type { ChallengeRow } from '../../../../db/queries/challenges.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { recordDenied, write } from '../../../../platform/write.ts';
import { insertIdentity, selectIdentityOwner, touchIdentity, type ProviderRow } from '../../queries/oidc.ts';
import { lockAccountById, selectPerson } from '../../queries/own-account.ts';
import { openOrThrow, settleInvitation } from '../invitations/accept.ts';
import { personActor } from '../person-actor.ts';
import { admitOrAsk, answerSignIn } from '../sign-in/admission.ts';

/** Why somebody who came back from a provider is not let on. */
export class OidcRefused extends Error {
  readonly refusal: OidcRefusal;
  /** Path of the page that tells them. */
  readonly page: '/sign-in' | '/account';

  constructor(refusal: OidcRefusal, options: { cause?: unknown; page?: '/sign-in' | '/account' } = {}) {
    super(`refused: ${refusal}`, { cause: options.cause });
    this.name = 'OidcRefused';
    this.refusal = refusal;
    this.page = options.page ?? '/sign-in';
  }
}

/** Somebody in whose browser an answer of a provider arrived. */
export type Traveller = Ctx & { http: HttpCall };

/** Who a provider says they are. */
export interface Vouched {
  provider: ProviderRow;
  identity: OidcIdentity;
}

/**
 * Signs in whoever is linked to the identity, and gives the path to go on to. The address plays no part: whoever controls it
 * at some provider must not become whoever has it here.
 */
export async function signInAs(ctx: Traveller, vouched: Vouched, returnTo: string): Promise<string> {
  const { http } = ctx;
  const { provider, identity } = vouched;
  const { subject } = identity;
  const userId = await selectIdentityOwner(ctx.db, identity);
  const person = userId === null ? null : await selectPerson(ctx.db, userId);
  if (person === null) {
    await noteDenied(ctx, provider, { subject, reason: 'nobody is linked to it' });
    throw new OidcRefused('unknown_person');
  }
  if (person.state !== 'active') {
    await noteDenied(ctx, provider, { subject, reason: person.state, userId: person.id });
    throw new OidcRefused('refused_person');
  }
  const outcome = await write({ ...ctx, actor: personActor(person, http.address) }, async (tx, record) => {
    const account = await lockAccountById(tx, person.id);
    if (account?.state !== 'active') throw new OidcRefused('refused_person');
    if (!(await touchIdentity(tx, person.id, identity, ctx.now()))) throw new OidcRefused('unknown_person');
    return admitOrAsk(tx, ctx, record, { account, http, method: 'oidc' });
  });
  const answer = answerSignIn(ctx, http, outcome);
  if ('ok' in answer) return returnTo;
  // After “#”, where no log and no other site reads it.
  const query = new URLSearchParams({ return: returnTo });
  return `/sign-in?${query.toString()}#ticket=${answer.ticket}&methods=${answer.methods.join(',')}`;
}

/** Links the identity to the account that asked for it, in the session it asked from. */
export async function linkTo(
  ctx: Traveller,
  { provider, identity }: Vouched,
  asked: Pick<ChallengeRow, 'userId' | 'sessionId'>,
): Promise<string> {
  const { id, email, name, sessionId } = ctx.actor;
  const isSame = id !== null && sessionId !== null && id === asked.userId && sessionId === asked.sessionId;
  if (!isSame) throw new OidcRefused('stale');
  await write(ctx, async (tx, record) => {
    await linkIdentity(tx, ctx, { id, email: email ?? '', name }, { provider, identity });
    record({
      action: 'users.identity_linked',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'user', id },
      details: { provider: provider.name, issuer: identity.issuer, subject: identity.subject },
    });
  });
  ctx.hub.publish('users');
  return '/account';
}

/** Accepts an invitation as the identity: from then on it signs the person in. */
export async function acceptAs(
  ctx: Traveller,
  vouched: Vouched,
  to: { invitationHash: string; name: string },
): Promise<string> {
  try {
    const found = await openOrThrow(ctx, Buffer.from(to.invitationHash, 'hex'));
    await settleInvitation(ctx, found, {
      name: to.name,
      passwordHash: null,
      method: 'oidc',
      http: ctx.http,
      alongside: (tx, person) => linkIdentity(tx, ctx, person, vouched),
    });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'precondition')
      throw new OidcRefused('invitation_over', { cause: error });
    throw error;
  }
  return '/';
}

async function linkIdentity(
  tx: Tx,
  ctx: Ctx,
  person: { id: string; email: string; name: string },
  { provider, identity }: Vouched,
): Promise<void> {
  const { issuer, subject, email } = identity;
  if (!(await insertIdentity(tx, { issuer, subject, userId: person.id, email, linkedAt: ctx.now() }))) {
    throw new OidcRefused('already_linked');
  }
  const words = noticeWords('users.identity_linked', { provider: provider.name });
  await notice(tx, ctx, { to: person, ...words, url: '/account' });
}

/** Notes an attempt to come in through a provider that was refused. */
export async function noteDenied(
  ctx: Ctx,
  provider: ProviderRow,
  { userId, ...details }: { reason: string; subject?: string; userId?: string },
): Promise<void> {
  await recordDenied(ctx, {
    action: 'users.signed_in',
    category: 'authentication',
    ...(userId === undefined ? {} : { target: { kind: 'user', id: userId } }),
    details: { method: 'oidc', provider: provider.name, issuer: provider.issuer, ...details },
  });
}
