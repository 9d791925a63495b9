import { hash } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { OIDC_LIFE_MS, returnPath, type AcceptInviteThroughInput, type OidcStart } from '@qd/shared/users';
import { insertChallenge } from '../../../../db/queries/challenges.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import { newChallengeId } from '../../../../platform/step-up.ts';
import { ingest } from '../../../../platform/write.ts';
import { selectProvider } from '../../queries/oidc.ts';
import { openOrThrow } from '../invitations/accept.ts';
import { clientOf } from './client.ts';
import type { OidcDeps } from './providers.ts';

/** Why somebody is sent to a provider, kept until they are back. */
export type OidcPurpose =
  | { purpose: 'sign_in'; returnTo: string }
  | { purpose: 'link' }
  | { purpose: 'invitation'; invitationHash: string; name: string };

/** What is kept of somebody who is away at a provider. Nothing of it is secret: the verifier is in their browser alone. */
export type OidcJourney = OidcPurpose & { providerId: string; nonce: string; codeChallenge: string };

/** Where a browser goes to sign in. Throws `not_found` for a provider that is not offered, `upstream` when it does not answer. */
export async function beginSignIn(
  ctx: Ctx,
  deps: OidcDeps,
  input: { providerId: string; returnTo: string | undefined },
  http: HttpCall,
): Promise<OidcStart> {
  const returnTo = returnPath(input.returnTo);
  return begin(ctx, deps, { providerId: input.providerId, purpose: { purpose: 'sign_in', returnTo } }, http);
}

/** Where a browser goes to link an identity to the account it is signed in to. */
export async function beginLink(ctx: Ctx, deps: OidcDeps, providerId: string, http: HttpCall): Promise<OidcStart> {
  return begin(ctx, deps, { providerId, purpose: { purpose: 'link' } }, http);
}

/** Where a browser goes to accept an invitation. Throws `precondition` when that is over. */
export async function beginAcceptance(
  ctx: Ctx,
  deps: OidcDeps,
  input: AcceptInviteThroughInput,
  http: HttpCall,
): Promise<OidcStart> {
  await openOrThrow(ctx, tokenHash(input.token));
  const invitationHash = Buffer.from(tokenHash(input.token)).toString('hex');
  const purpose = { purpose: 'invitation' as const, invitationHash, name: input.name };
  return begin(ctx, deps, { providerId: input.provider, purpose }, http);
}

async function begin(
  ctx: Ctx,
  deps: OidcDeps,
  { providerId, purpose }: { providerId: string; purpose: OidcPurpose },
  http: HttpCall,
): Promise<OidcStart> {
  const provider = await selectProvider(ctx.db, providerId);
  if (provider?.isEnabled !== true) {
    throw new DomainError('not_found', 'This way to sign in is not offered any more; choose another.');
  }
  const [state, nonce, codeVerifier] = [newToken(), newToken(), newToken()];
  const client = clientOf(deps.sealing, provider, http.origin);
  const url = await deps.oidc.authorizationUrl(client, { state, nonce, codeVerifier });
  const now = ctx.now();
  const journey: OidcJourney = { ...purpose, providerId, nonce, codeChallenge: challengeOf(codeVerifier) };
  await ingest(ctx, (tx) =>
    insertChallenge(tx, {
      id: newChallengeId(),
      kind: 'oidc',
      tokenHash: tokenHash(state),
      userId: ctx.actor.kind === 'user' ? ctx.actor.id : null,
      sessionId: ctx.actor.sessionId,
      payload: { ...journey },
      createdAt: now,
      expiresAt: new Date(now.getTime() + OIDC_LIFE_MS),
    }),
  );
  // The verifier binds the code to this browser: who is tricked into coming back with another's code has another's verifier.
  http.setFlowCookie(codeVerifier, OIDC_LIFE_MS);
  return { url: url.href };
}

/** What a code is bound to, without the verifier itself (RFC 7636 §4.2). */
export function challengeOf(codeVerifier: string): string {
  return hash('sha256', codeVerifier, 'base64url');
}
