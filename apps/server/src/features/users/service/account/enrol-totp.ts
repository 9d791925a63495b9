import { DomainError } from '@qd/shared/errors';
import { MAX_TOTP_FACTORS, type ConfirmTotpInput, type NewFactor, type StartedTotp } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { actingSession } from '../../../../platform/step-up.ts';
import { write } from '../../../../platform/write.ts';
import { insertTotp, selectStartedTotp, selectTotps } from '../../queries/factors.ts';
import { newId, type UsersDeps } from '../deps.ts';
import { takeCodeOf, totpPlace } from '../factors/check.ts';
import { newTotpSecret, totpUri } from '../factors/totp.ts';
import { wrongFactor } from '../sign-in/second-factor.ts';
import { ownPerson } from './account.ts';
import { settleFactor } from './settle-factor.ts';

/** Starts an authenticator app for the caller; its secret is shown this once and opens nothing until a code confirmed it. */
export async function startTotp(ctx: Ctx, deps: UsersDeps, input: { label: string }): Promise<StartedTotp> {
  const person = await ownPerson(ctx);
  const id = newId('totp');
  const secret = newTotpSecret();
  await write(ctx, async (tx, record) => {
    if ((await selectTotps(tx, person.id)).length >= MAX_TOTP_FACTORS) {
      throw new DomainError('conflict', `You have ${MAX_TOTP_FACTORS} authenticator apps; remove one first.`);
    }
    const sealedSecret = deps.sealing.seal(secret, totpPlace(id));
    await insertTotp(tx, { id, userId: person.id, label: input.label, sealedSecret, createdAt: ctx.now() });
    record({
      action: 'users.totp_started',
      category: 'authentication',
      target: { kind: 'factor', id },
      details: { label: input.label },
    });
  });
  return { id, secret, uri: totpUri(secret, person.email) };
}

/**
 * Confirms a started app by its first code. The session counts two factors from then on and gets a new token. Throws `not_found`
 * for an app that was not started here, `unauthenticated` for a wrong code, `rate_limited`.
 */
export async function confirmTotp(
  ctx: Ctx,
  deps: UsersDeps,
  input: ConfirmTotpInput,
  http: HttpCall,
): Promise<NewFactor> {
  const { userId } = actingSession(ctx.actor);
  const reservation = await deps.throttle.reserveFactor(ctx, { userId, address: http.address });
  return settleFactor(ctx, deps, http, async (tx) => {
    const app = await selectStartedTotp(tx, { id: input.id, userId });
    if (app === null)
      throw new DomainError('not_found', 'This app was not started, or is confirmed already; start again.');
    if (!(await takeCodeOf(tx, deps, app, { code: input.code, now: ctx.now() }))) throw wrongFactor('code');
    await deps.throttle.succeed(tx, reservation);
    return { id: app.id, kind: 'totp', label: app.label };
  });
}
