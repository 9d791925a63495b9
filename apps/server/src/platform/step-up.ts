import { hash, randomBytes } from 'node:crypto';
import { canonicalJson, type Json } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS } from '@qd/shared/time';
import { enrolmentActs, PROOF_LIFE_MS, type ProofMethod } from '@qd/shared/users';
import type { ReadDb, Tx } from '../db/client.ts';
import { insertChallenge, reopenChallenge, useChallenge } from '../db/queries/challenges.ts';
import { selectFactorState, type FactorState } from '../db/queries/factor-state.ts';
import { selectProvedAt } from '../db/queries/sessions.ts';
import type { Actor, Ctx } from './context.ts';
import { newToken, tokenHash } from './session.ts';
import { ingest } from './write.ts';

/*
 * Dangerous acts ask their person to prove themselves again, for this act alone:
 *
 * 1. The act is refused with `step_up` and the hash of the procedure and its whole input; the demand is noted for the session.
 * 2. The person proves themselves (`session.stepUp`) and gets a token bound to that session and hash.
 * 3. The same act with that token in `x-qd-step-up` passes once, within two minutes.
 */

/** How long a person may take to prove themselves. */
const DEMAND_LIFE_MS = 10 * MINUTE_MS;
/** Where nobody can prove themselves again, having signed in this lately will do for setting up a factor. */
const FRESH_MS = 10 * MINUTE_MS;

/** A procedure and what it was called with. */
export interface Act {
  path: string;
  input: unknown;
}

/** The session that acts. */
export interface ActingSession {
  userId: string;
  sessionId: string;
}

type StepUpCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** Hash of an act (SHA-256, hex): equal for equal input, however its keys were ordered. Throws `invalid` for absurd nesting. */
export function actHash(act: Act): string {
  try {
    const input = JSON.parse(JSON.stringify(act.input ?? null)) as Json;
    return hash('sha256', `quarterdeck-act-1:${canonicalJson({ path: act.path, input })}`, 'hex');
  } catch (error) {
    throw new DomainError('invalid', 'The input is nested too deeply; send less at once.', { cause: error });
  }
}

/**
 * Passes if `token` proves the person for exactly this act, and uses it up. Throws `step_up` otherwise, or `precondition` when
 * the person has nothing to prove themselves with. For procedures and for HTTP routes alike.
 */
export async function assertProved(ctx: StepUpCtx, act: Act, token: string | null): Promise<void> {
  const session = actingSession(ctx.actor);
  const hashed = actHash(act);
  if (token !== null && (await useProof(ctx, session, { act: hashed, token }))) return;
  const state = await selectFactorState(ctx.db, session.userId, ctx.now());
  const methods = state === null ? [] : proofMethodsFor(state, act.path);
  if (methods.length === 0) {
    if (await isFreshEnrolment(ctx, session, { path: act.path, state })) return;
    throw nothingToProve(act.path);
  }
  await ingest(ctx, (tx) => noteDemand(tx, session, { act: hashed, path: act.path, now: ctx.now() }));
  throw new DomainError('step_up', 'Prove that it is you before this is done.', {
    stepUp: { act: hashed, methods },
  });
}

/** Rule of the transport: the token of an HTTP call must prove its person for the act. */
export function proveAct(
  ctx: StepUpCtx & { http?: { stepUpToken: string | null } | undefined },
  act: Act,
): Promise<void> {
  return assertProved(ctx, act, ctx.http?.stepUpToken ?? null);
}

/** The session behind an actor. Throws `unauthenticated` for anybody but a signed-in person. */
export function actingSession(actor: Actor): ActingSession {
  const { kind, id, sessionId } = actor;
  if (kind !== 'user' || id === null || sessionId === null) {
    throw new DomainError('unauthenticated', 'Sign in to do this.');
  }
  return { userId: id, sessionId };
}

/** What a person may prove themselves with for a procedure: factors, or the password where there are none and none is required. */
export function proofMethodsFor(state: FactorState, path: string): ProofMethod[] {
  const methods: ProofMethod[] = [];
  if (state.hasPasskey) methods.push('passkey');
  if (state.hasTotp) methods.push('totp');
  if (methods.length > 0) return state.recoveryCodesLeft > 0 ? [...methods, 'recovery'] : methods;
  const passwordWillDo = !state.isRequired || enrolmentActs.includes(path);
  return state.hasPassword && passwordWillDo ? ['password'] : [];
}

/** Under what the demand of a session for an act is stored. Not a secret: it opens nothing. */
export function demandHash(session: ActingSession, act: string): Uint8Array {
  return tokenHash(`demand ${session.sessionId} ${act}`);
}

/** Makes the token that lets one act of a session pass once. */
export async function issueProof(
  tx: Tx,
  session: ActingSession,
  proved: { act: string; method: ProofMethod; now: Date },
): Promise<string> {
  const token = newToken();
  await insertChallenge(tx, {
    id: newChallengeId(),
    kind: 'step_up_proof',
    tokenHash: proofHash(session, { act: proved.act, token }),
    userId: session.userId,
    sessionId: session.sessionId,
    payload: { method: proved.method },
    createdAt: proved.now,
    expiresAt: new Date(proved.now.getTime() + PROOF_LIFE_MS),
  });
  return token;
}

/** A fresh id of a challenge. */
export function newChallengeId(): string {
  return `chl_${randomBytes(9).toString('base64url')}`;
}

/** Session and act are part of what is hashed, so a token says nothing in another session or for another act. */
function proofHash(session: ActingSession, proof: { act: string; token: string }): Uint8Array {
  return tokenHash(JSON.stringify(['proof', session.userId, session.sessionId, proof.act, proof.token]));
}

async function useProof(
  ctx: StepUpCtx,
  session: ActingSession,
  proof: { act: string; token: string },
): Promise<boolean> {
  const key = { kind: 'step_up_proof' as const, tokenHash: proofHash(session, proof), now: ctx.now() };
  return (await ingest(ctx, (tx) => useChallenge(tx, key))) !== null;
}

async function noteDemand(
  tx: Tx,
  session: ActingSession,
  demand: { act: string; path: string; now: Date },
): Promise<void> {
  await reopenChallenge(tx, {
    id: newChallengeId(),
    kind: 'step_up',
    tokenHash: demandHash(session, demand.act),
    userId: session.userId,
    sessionId: session.sessionId,
    payload: { path: demand.path },
    createdAt: demand.now,
    expiresAt: new Date(demand.now.getTime() + DEMAND_LIFE_MS),
  });
}

async function isFreshEnrolment(
  ctx: { db: ReadDb; now(): Date },
  session: ActingSession,
  act: { path: string; state: FactorState | null },
): Promise<boolean> {
  const hasNothing = act.state !== null && !act.state.hasPassword;
  if (!hasNothing || !enrolmentActs.includes(act.path)) return false;
  const provedAt = await selectProvedAt(ctx.db, session.sessionId);
  return provedAt !== null && ctx.now().getTime() - provedAt.getTime() < FRESH_MS;
}

function nothingToProve(path: string): DomainError {
  return new DomainError(
    'precondition',
    enrolmentActs.includes(path)
      ? 'Sign out and in again first: this is done within ten minutes of signing in.'
      : 'Set up a second factor in your account first: this act asks you to prove yourself by one.',
  );
}
