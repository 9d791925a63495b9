import { DomainError } from '@qd/shared/errors';
import { noticeWords, PASSKEY_LIFE_MS, type PasskeySignInInput, type SignInAnswer } from '@qd/shared/users';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import type { Tx } from '../../../../db/client.ts';
import { insertChallenge } from '../../../../db/queries/challenges.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { tokenHash } from '../../../../platform/session.ts';
import { newChallengeId } from '../../../../platform/step-up.ts';
import { recordDenied, write } from '../../../../platform/write.ts';
import { selectPasskey } from '../../queries/factors.ts';
import { lockAccountById, selectPerson } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { takePasskey, type PasskeyVerdict } from '../factors/check.ts';
import { relyingParty } from '../factors/relying-party.ts';
import { requestOptions } from '../factors/webauthn.ts';
import { personActor } from '../person-actor.ts';
import { admit, answerSignIn } from './admission.ts';

const PLACE = 'passkey_sign_in';
const sealedChallenge = z.strictObject({ challenge: z.string(), expiresAt: z.number() });

/**
 * What a browser is asked to sign someone in by a passkey, whoever they are. Nothing is stored for strangers: the challenge comes
 * back in the sealed ticket. Throws `precondition` at an address passkeys cannot be used at.
 */
export async function passkeySignInOptions(
  ctx: Pick<Ctx, 'now'>,
  deps: UsersDeps,
  http: HttpCall,
): Promise<{ ticket: string; options: PublicKeyCredentialRequestOptionsJSON }> {
  const options = await requestOptions(relyingParty(http));
  const challenge = { challenge: options.challenge, expiresAt: ctx.now().getTime() + PASSKEY_LIFE_MS };
  const ticket = Buffer.from(deps.sealing.seal(JSON.stringify(challenge), PLACE)).toString('base64url');
  return { ticket, options };
}

/**
 * Signs someone in by a passkey alone: it is something they have, opened by something they know or are. Throws `unauthenticated`
 * with one message for an unknown passkey, a wrong answer, a copy and a suspended person; `precondition` for an old ticket.
 */
export async function signInWithPasskey(
  ctx: Ctx,
  deps: UsersDeps,
  input: PasskeySignInInput,
  http: HttpCall,
): Promise<SignInAnswer> {
  const challenge = openTicket(deps, input.ticket, ctx.now());
  const rp = relyingParty(http);
  const reservation = await deps.throttle.reserve(ctx, {
    emailKey: `passkey ${input.response.id}`,
    address: http.address,
  });
  const passkey = await selectPasskey(ctx.db, input.response.id);
  const person = passkey === null ? null : await selectPerson(ctx.db, passkey.userId);
  if (person === null) return refuse({ ...ctx, actor: { ...ctx.actor, address: http.address } }, { is: 'wrong' });
  const asPerson = { ...ctx, actor: personActor(person, http.address) };
  const outcome = await write(asPerson, async (tx, record) => {
    const account = await lockAccountById(tx, person.id);
    if (account?.state !== 'active') throw new Refused({ is: 'wrong' });
    if (!(await useUp(tx, ctx, input.ticket))) throw new Refused({ is: 'wrong' });
    const verdict = await takePasskey(tx, rp, { response: input.response, challenge, now: ctx.now() });
    if (verdict.is !== 'right') throw new Refused(verdict);
    await deps.throttle.succeed(tx, reservation);
    return admit(tx, ctx, record, {
      account,
      http,
      method: 'passkey',
      assurance: 2,
      details: { passkey: verdict.label },
    });
  }).catch((error: unknown) => {
    if (error instanceof Refused) return refuse(asPerson, error.verdict);
    throw error;
  });
  return answerSignIn(ctx, http, outcome);
}

/** Rolls the sign-in back and carries why. */
class Refused extends Error {
  readonly verdict: PasskeyVerdict;
  constructor(verdict: PasskeyVerdict) {
    super('refused');
    this.verdict = verdict;
  }
}

async function refuse(ctx: Ctx, verdict: PasskeyVerdict): Promise<never> {
  if (verdict.is === 'copied') await alarm(ctx, verdict);
  else {
    await recordDenied(ctx, {
      action: 'users.signed_in',
      category: 'authentication',
      details: { method: 'passkey', reason: 'not accepted' },
    });
  }
  throw new DomainError(
    'unauthenticated',
    'This passkey is not known here, or was refused; sign in with your password.',
  );
}

/** A counter that went back means that two devices hold one passkey (WebAuthn §6.1.1): the person and the log hear of it. */
export async function alarm(ctx: Ctx, copied: PasskeyVerdict & { is: 'copied' }): Promise<void> {
  const person = await selectPerson(ctx.db, copied.userId);
  await write(ctx, async (tx, record) => {
    record({
      action: 'users.passkey_refused',
      category: 'authentication',
      level: 'critical',
      status: 'denied',
      target: { kind: 'passkey', id: copied.id },
      details: { reason: 'its signature counter went back, as that of a copy does', label: copied.label },
    });
    if (person === null) return;
    const words = noticeWords('users.passkey_refused', { factor: copied.label });
    await notice(tx, ctx, { to: person, ...words, url: '/account' });
  });
}

function openTicket(deps: UsersDeps, ticket: string, now: Date): string {
  let opened: string;
  try {
    opened = deps.sealing.open(Buffer.from(ticket, 'base64url'), PLACE);
  } catch (error) {
    throw ticketIsDead(error);
  }
  const { challenge, expiresAt } = sealedChallenge.parse(JSON.parse(opened));
  if (expiresAt <= now.getTime()) throw ticketIsDead();
  return challenge;
}

/** Remembers a ticket as used for as long as it would work; false when it was used before. */
function useUp(tx: Tx, ctx: Pick<Ctx, 'now'>, ticket: string): Promise<boolean> {
  const now = ctx.now();
  return insertChallenge(tx, {
    id: newChallengeId(),
    kind: 'passkey_sign_in',
    // Over the bytes: base64url has more than one text for some.
    tokenHash: tokenHash(Buffer.from(ticket, 'base64url').toString('base64url')),
    payload: {},
    createdAt: now,
    expiresAt: new Date(now.getTime() + PASSKEY_LIFE_MS),
    usedAt: now,
  });
}

function ticketIsDead(cause?: unknown): DomainError {
  return new DomainError('precondition', 'This took too long; start again.', { cause });
}
