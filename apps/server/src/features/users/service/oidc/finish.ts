import { DomainError } from '@qd/shared/errors';
import type { OidcRefusal } from '@qd/shared/users';
import type { OidcRequest } from '../../../../adapters/oidc/port.ts';
import { useChallenge, type ChallengeRow } from '../../../../db/queries/challenges.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { tokenHash } from '../../../../platform/session.ts';
import { ingest } from '../../../../platform/write.ts';
import { selectProvider, type ProviderRow } from '../../queries/oidc.ts';
import { challengeOf, type OidcJourney } from './begin.ts';
import { clientOf } from './client.ts';
import { acceptAs, linkTo, noteDenied, OidcRefused, signInAs, type Traveller, type Vouched } from './enter.ts';
import type { OidcDeps } from './providers.ts';

/**
 * Takes somebody in who comes back from a provider, and gives the path to go on to. Each journey ends once, in the browser it
 * began in. Throws OidcRefused.
 */
export async function finishOidc(ctx: Traveller, deps: OidcDeps, query: URLSearchParams): Promise<string> {
  const codeVerifier = ctx.http.flowToken ?? '';
  ctx.http.setFlowCookie(null, 0);
  const state = query.get('state') ?? '';
  const { journey, challenge } = await endJourney(ctx, state, codeVerifier);
  try {
    const sent = { state, nonce: journey.nonce, codeVerifier };
    const vouched = await askProvider(ctx, deps, { journey, query, sent });
    return await goOn(ctx, vouched, { journey, challenge });
  } catch (error) {
    // Who is signed in already is told where they came from.
    if (!(error instanceof OidcRefused) || journey.purpose !== 'link') throw error;
    throw new OidcRefused(error.refusal, { cause: error, page: '/account' });
  }
}

async function askProvider(
  ctx: Traveller,
  deps: OidcDeps,
  { journey, query, sent }: { journey: OidcJourney; query: URLSearchParams; sent: OidcRequest },
): Promise<Vouched> {
  const provider = await selectProvider(ctx.db, journey.providerId);
  if (provider?.isEnabled !== true) throw new OidcRefused('failed');
  const client = clientOf(deps.sealing, provider, ctx.http.origin);
  const identity = await deps.oidc
    .identify(client, query, sent)
    .catch((error: unknown) => refuse(ctx, provider, error));
  return { provider, identity };
}

async function goOn(
  ctx: Traveller,
  vouched: Vouched,
  { journey, challenge }: { journey: OidcJourney; challenge: ChallengeRow },
): Promise<string> {
  switch (journey.purpose) {
    case 'sign_in':
      return signInAs(ctx, vouched, journey.returnTo);
    case 'link':
      return linkTo(ctx, vouched, challenge);
    case 'invitation':
      return acceptAs(ctx, vouched, journey);
  }
}

/** The journey a state stands for, used up; only the browser that holds its verifier began it. */
async function endJourney(
  ctx: Ctx,
  state: string,
  codeVerifier: string,
): Promise<{ journey: OidcJourney; challenge: ChallengeRow }> {
  const key = { kind: 'oidc' as const, tokenHash: tokenHash(state), now: ctx.now() };
  const challenge = await ingest(ctx, (tx) => useChallenge(tx, key));
  if (challenge === null) throw new OidcRefused('stale');
  const journey = journeyOf(challenge);
  if (journey.codeChallenge !== challengeOf(codeVerifier)) throw new OidcRefused('stale');
  return { journey, challenge };
}

/** Only `begin` writes challenges of this kind. */
function journeyOf(challenge: ChallengeRow): OidcJourney {
  return challenge.payload as unknown as OidcJourney;
}

async function refuse(ctx: Ctx, provider: ProviderRow, error: unknown): Promise<never> {
  if (!(error instanceof DomainError)) throw error;
  const refusals: Partial<Record<DomainError['code'], OidcRefusal>> = {
    unauthenticated: 'cancelled',
    upstream: 'unavailable',
  };
  const refusal = refusals[error.code] ?? 'failed';
  ctx.log.warn({ err: error, provider: provider.id }, 'somebody came back from an identity provider in vain');
  if (refusal === 'failed') await noteDenied(ctx, provider, { reason: error.message });
  throw new OidcRefused(refusal, { cause: error });
}
