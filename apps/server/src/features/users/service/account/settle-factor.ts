import { noticeWords, type NewFactor } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { renewToken } from '../../../../platform/session.ts';
import { actingSession } from '../../../../platform/step-up.ts';
import { write } from '../../../../platform/write.ts';
import { lockAccountById } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { firstRecoveryCodes } from '../factors/recovery.ts';

/** A factor that was just proved to work. */
export interface ProvedFactor {
  id: string;
  kind: 'totp' | 'passkey';
  label: string;
}

/**
 * Adds a factor in one transaction with all that goes with it: first recovery codes, a new token for the session, which now
 * counts two factors, a notice and a record.
 */
export async function settleFactor(
  ctx: Ctx,
  deps: UsersDeps,
  http: HttpCall,
  prove: (tx: Tx) => Promise<ProvedFactor>,
): Promise<NewFactor> {
  const { userId, sessionId } = actingSession(ctx.actor);
  const settled = await write(ctx, async (tx, record) => {
    const now = ctx.now();
    await lockAccountById(tx, userId);
    const factor = await prove(tx);
    const codes = await firstRecoveryCodes(tx, deps.recoveryKey, { userId, now });
    const renewed = await renewToken(tx, sessionId, { assurance: 2, now });
    const { email, name } = ctx.actor;
    const words = noticeWords('users.factor_added', { factor: factor.label });
    await notice(tx, ctx, { to: { email: email ?? '', name }, ...words, url: '/account' });
    record({
      action: 'users.factor_added',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'factor', id: factor.id },
      after: { kind: factor.kind, label: factor.label },
    });
    return { renewed, answer: { id: factor.id, recoveryCodes: codes } };
  });
  http.setSessionCookie(settled.renewed.token, settled.renewed.lifeMs);
  ctx.hub.publish('users');
  return settled.answer;
}
