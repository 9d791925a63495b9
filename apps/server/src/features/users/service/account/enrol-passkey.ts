import { DomainError } from '@qd/shared/errors';
import { MAX_PASSKEYS, PASSKEY_LIFE_MS, type FinishPasskeyInput, type NewFactor } from '@qd/shared/users';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { Tx } from '../../../../db/client.ts';
import { insertChallenge, useChallenge } from '../../../../db/queries/challenges.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import { actingSession, newChallengeId } from '../../../../platform/step-up.ts';
import { ingest } from '../../../../platform/write.ts';
import { insertPasskey, selectPasskeys } from '../../queries/factors.ts';
import type { UsersDeps } from '../deps.ts';
import { relyingParty } from '../factors/relying-party.ts';
import { creationOptions, verifyCreation } from '../factors/webauthn.ts';
import { ownPerson } from './account.ts';
import { settleFactor } from './settle-factor.ts';

/** What the browser is asked to make a passkey for the caller. Throws `precondition` at an address passkeys cannot be used at. */
export async function startPasskey(
  ctx: Ctx,
  http: HttpCall,
): Promise<{ ticket: string; options: PublicKeyCredentialCreationOptionsJSON }> {
  const { userId, sessionId } = actingSession(ctx.actor);
  const person = await ownPerson(ctx);
  const known = await selectPasskeys(ctx.db, userId);
  if (known.length >= MAX_PASSKEYS) {
    throw new DomainError('conflict', `You have ${MAX_PASSKEYS} passkeys; remove one first.`);
  }
  const options = await creationOptions(relyingParty(http), person, known);
  const ticket = newToken();
  const now = ctx.now();
  await ingest(ctx, (tx) =>
    insertChallenge(tx, {
      id: newChallengeId(),
      kind: 'passkey_registration',
      tokenHash: tokenHash(ticket),
      userId,
      sessionId,
      payload: { challenge: options.challenge },
      createdAt: now,
      expiresAt: new Date(now.getTime() + PASSKEY_LIFE_MS),
    }),
  );
  return { ticket, options };
}

/**
 * Stores the passkey the browser made. The session counts two factors from then on and gets a new token. Throws `precondition`
 * when the ticket is used, too old or of another session, `invalid` for an answer that does not fit, `conflict` for a known passkey.
 */
export async function finishPasskey(
  ctx: Ctx,
  deps: UsersDeps,
  input: FinishPasskeyInput,
  http: HttpCall,
): Promise<NewFactor> {
  const { userId } = actingSession(ctx.actor);
  return settleFactor(ctx, deps, http, async (tx) => {
    const challenge = await takeTicket(tx, ctx, input.ticket);
    const made = await verifyCreation(relyingParty(http), { response: input.response, challenge });
    const { label } = input;
    if (!(await insertPasskey(tx, { ...made, userId, label, createdAt: ctx.now() }))) {
      throw new DomainError('conflict', 'This passkey is known here already.');
    }
    return { id: made.id, kind: 'passkey', label };
  });
}

async function takeTicket(tx: Tx, ctx: Ctx, ticket: string): Promise<string> {
  const { userId, sessionId } = actingSession(ctx.actor);
  const key = { kind: 'passkey_registration' as const, tokenHash: tokenHash(ticket), now: ctx.now() };
  const found = await useChallenge(tx, key);
  const challenge = found?.payload['challenge'];
  if (found?.userId !== userId || found.sessionId !== sessionId || typeof challenge !== 'string') {
    throw new DomainError('precondition', 'This took too long; start again.');
  }
  return challenge;
}
