import { DomainError } from '@qd/shared/errors';
import { noticeWords, type ProofMethod, type StepUpInput, type StepUpProof } from '@qd/shared/users';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Tx } from '../../../../db/client.ts';
import {
  selectChallenge,
  updateChallenge,
  useChallenge,
  type ChallengeRow,
} from '../../../../db/queries/challenges.ts';
import { selectFactorState } from '../../../../db/queries/factor-state.ts';
import { updateProvedAt } from '../../../../db/queries/sessions.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { renewToken } from '../../../../platform/session.ts';
import {
  actingSession,
  demandHash,
  issueProof,
  proofMethodsFor,
  type ActingSession,
} from '../../../../platform/step-up.ts';
import { ingest, recordDenied, write } from '../../../../platform/write.ts';
import type { Account } from '../../queries/accounts.ts';
import { selectPasskeys } from '../../queries/factors.ts';
import { lockAccountById, selectPerson } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { takePasskey, takeRecovery, takeTotpCode, type PasskeyVerdict } from '../factors/check.ts';
import { passkeyObstacle, relyingParty } from '../factors/relying-party.ts';
import { requestOptions } from '../factors/webauthn.ts';
import { alarm } from './passkey.ts';

/** How one may prove oneself for an act, and what to ask the browser for a passkey. */
export interface StepUpOptions {
  methods: ProofMethod[];
  passkey: PublicKeyCredentialRequestOptionsJSON | null;
}

/** How the caller may prove themselves for an act that was just refused. Throws `precondition` when none was. */
export async function stepUpOptions(ctx: Ctx, input: { act: string }, http: HttpCall): Promise<StepUpOptions> {
  const session = actingSession(ctx.actor);
  const demand = await openDemand(ctx, session, input.act);
  const canUsePasskeys = passkeyObstacle(http) === null;
  const methods = (await methodsOf(ctx, session, demand)).filter((m) => m !== 'passkey' || canUsePasskeys);
  if (!methods.includes('passkey')) return { methods, passkey: null };
  const passkey = await requestOptions(relyingParty(http), await selectPasskeys(ctx.db, session.userId));
  const payload = { ...demand.payload, challenge: passkey.challenge };
  const isNoted = await ingest(ctx, (tx) => updateChallenge(tx, keyOf(ctx, session, input.act), payload));
  if (!isNoted) throw askAgain();
  return { methods, passkey };
}

/**
 * Proves the caller for one act and gives the token that lets it pass once. Throws `unauthenticated` for a wrong proof,
 * `precondition` when the act was not refused lately, `invalid` for a method that does not count here, `rate_limited`.
 */
export async function stepUp(
  ctx: Ctx,
  deps: UsersDeps,
  input: StepUpInput,
  http: HttpCall,
): Promise<{ token: string }> {
  const session = actingSession(ctx.actor);
  const { act, proof } = input;
  const demand = await openDemand(ctx, session, act);
  const methods = await methodsOf(ctx, session, demand);
  if (!methods.includes(proof.method)) throw wrongMethod(methods);
  const reservation = await deps.throttle.reserveFactor(ctx, { userId: session.userId, address: http.address });
  const checked = await passwordOf(ctx, deps, session, proof);
  const path = demand.payload['path'];
  const done = await write(ctx, async (tx, record) => {
    const now = ctx.now();
    const account = await lockAccountById(tx, session.userId);
    if (account?.state !== 'active') throw new Unproved(null);
    // Read again: the challenge of a passkey may have been replaced since.
    const used = await useChallenge(tx, keyOf(ctx, session, act));
    if (used === null) throw askAgain();
    const left = await takeProof(tx, deps, { proof, account, now, http, demand: used, checked });
    await deps.throttle.succeed(tx, reservation);
    const renewed = await noteProof(tx, ctx, session, proof.method);
    if (left !== null) {
      await notice(tx, ctx, { to: account, ...noticeWords('users.recovery_code_used', { left }), url: '/account' });
    }
    record({
      action: 'users.step_up_proved',
      category: 'authentication',
      details: { method: proof.method, act: path },
    });
    return { token: await issueProof(tx, session, { act, method: proof.method, now }), renewed };
  }).catch((error: unknown) => refused(ctx, error, { method: proof.method, act: path }));
  if (done.renewed !== null) {
    http.setSessionCookie(done.renewed.token, done.renewed.lifeMs);
    ctx.hub.publish('users');
  }
  return { token: done.token };
}

/** Carries out of the transaction that a proof was wrong, and how. */
class Unproved extends Error {
  readonly verdict: PasskeyVerdict | null;
  constructor(verdict: PasskeyVerdict | null) {
    super('not proved');
    this.verdict = verdict;
  }
}

async function refused(ctx: Ctx, error: unknown, details: object): Promise<never> {
  if (!(error instanceof Unproved)) throw error;
  if (error.verdict?.is === 'copied') await alarm(ctx, error.verdict);
  await recordDenied(ctx, { action: 'users.step_up_proved', category: 'authentication', details });
  throw new DomainError('unauthenticated', 'That does not prove it: it is wrong, too old, or was used before.', {
    fields: [{ field: 'proof', message: 'is wrong, too old, or was used before' }],
  });
}

/** Uses the proof up; gives the recovery codes left where it was one of those. */
async function takeProof(
  tx: Tx,
  deps: UsersDeps,
  given: {
    proof: StepUpProof;
    account: Account;
    now: Date;
    http: HttpCall;
    demand: ChallengeRow;
    /** The password hash that a presented password fitted, or null. */
    checked: string | null;
  },
): Promise<number | null> {
  const { proof, account, now, http, demand, checked } = given;
  const userId = account.id;
  switch (proof.method) {
    case 'password':
      if (checked === null || checked !== account.passwordHash) throw new Unproved(null);
      return null;
    case 'totp':
      if (!(await takeTotpCode(tx, deps, { userId, code: proof.code, now }))) throw new Unproved(null);
      return null;
    case 'recovery': {
      const left = await takeRecovery(tx, deps, { userId, code: proof.code, now });
      if (left === null) throw new Unproved(null);
      return left;
    }
    case 'passkey': {
      const { challenge } = demand.payload;
      if (typeof challenge !== 'string') throw askAgain();
      const verdict = await takePasskey(tx, relyingParty(http), { response: proof.response, challenge, now });
      if (verdict.is !== 'right' || verdict.userId !== userId) throw new Unproved(verdict);
      return null;
    }
  }
}

/** A factor raises a session that a password alone had opened; its token is then another. */
async function noteProof(tx: Tx, ctx: Ctx, session: ActingSession, method: ProofMethod) {
  const now = ctx.now();
  if (method !== 'password' && ctx.actor.assurance !== 2) {
    return renewToken(tx, session.sessionId, { assurance: 2, now });
  }
  await updateProvedAt(tx, session.sessionId, now);
  return null;
}

async function passwordOf(
  ctx: Ctx,
  deps: UsersDeps,
  session: ActingSession,
  proof: StepUpProof,
): Promise<string | null> {
  if (proof.method !== 'password') return null;
  const hash = (await selectPerson(ctx.db, session.userId))?.passwordHash ?? null;
  return (await deps.passwords.verify(hash, proof.password)) ? hash : null;
}

async function methodsOf(ctx: Ctx, session: ActingSession, demand: ChallengeRow): Promise<ProofMethod[]> {
  const state = await selectFactorState(ctx.db, session.userId, ctx.now());
  return state === null ? [] : proofMethodsFor(state, String(demand.payload['path']));
}

function keyOf(ctx: Pick<Ctx, 'now'>, session: ActingSession, act: string) {
  return { kind: 'step_up' as const, tokenHash: demandHash(session, act), now: ctx.now() };
}

async function openDemand(ctx: Ctx, session: ActingSession, act: string): Promise<ChallengeRow> {
  const demand = await selectChallenge(ctx.db, keyOf(ctx, session, act));
  if (demand === null) throw askAgain();
  return demand;
}

function wrongMethod(methods: readonly ProofMethod[]): DomainError {
  return new DomainError('invalid', `Prove yourself by one of: ${methods.join(', ')}.`, {
    fields: [{ field: 'proof.method', message: 'does not count for you' }],
  });
}

function askAgain(): DomainError {
  return new DomainError('precondition', 'This took too long; do it again from the start.');
}
