import { hash } from 'node:crypto';
import { TICKET_LIFE_MS, type SecondFactor, type SignInAnswer } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { insertChallenge } from '../../../../db/queries/challenges.ts';
import { selectFactorState, type FactorState } from '../../../../db/queries/factor-state.ts';
import { selectLiveGrants } from '../../../../db/queries/grants.ts';
import { endSession } from '../../../../db/queries/sessions.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { createSession, newToken, tokenHash, type SignedInBy } from '../../../../platform/session.ts';
import { newChallengeId } from '../../../../platform/step-up.ts';
import type { AuditEntry } from '../../../../platform/write.ts';
import type { Account } from '../../queries/accounts.ts';
import { recogniseDevice } from './devices.ts';

/** Someone whose first factor was right. */
export interface Entering {
  account: Account;
  http: HttpCall;
  method: SignedInBy['method'];
}

/** Someone who is in: what to leave in their browser. */
export interface Admitted {
  token: string;
  lifeMs: number;
  deviceToken: string | null;
}

/** Someone who has a second factor to show first. */
export interface Asked {
  ticket: string;
  methods: SecondFactor[];
}

type Record_ = (entry: AuditEntry) => void;

/** Lets someone in whose first factor was right, or asks for the second if they have one. */
export async function admitOrAsk(tx: Tx, ctx: Ctx, record: Record_, entering: Entering): Promise<Admitted | Asked> {
  const state = await selectFactorState(tx, entering.account.id, ctx.now());
  const methods = state === null ? [] : secondFactorsOf(state);
  if (methods.length === 0) return admit(tx, ctx, record, { ...entering, assurance: 1 });
  const ticket = await issueTicket(tx, ctx, entering);
  record({
    action: 'users.second_factor_asked',
    category: 'authentication',
    target: { kind: 'user', id: entering.account.id },
    details: { method: entering.method, userAgent: entering.http.userAgent },
  });
  return { ticket, methods };
}

/** Starts the session of someone who showed all they have to. The session the browser had ends: it gets a new token each time. */
export async function admit(
  tx: Tx,
  ctx: Ctx,
  record: Record_,
  entering: Entering & { assurance: 1 | 2; details?: object },
): Promise<Admitted> {
  const { account, http, method, assurance, details } = entering;
  const now = ctx.now();
  if (ctx.actor.sessionId !== null) await endSession(tx, ctx.actor.sessionId, now);
  const grants = await selectLiveGrants(tx, account.id, now);
  const device = await recogniseDevice(tx, ctx, { account, http });
  const created = await createSession(
    tx,
    { userId: account.id, grants },
    { now, address: http.address, userAgent: http.userAgent },
    { method, assurance, deviceId: device.id },
  );
  record({
    action: 'users.signed_in',
    category: 'authentication',
    target: { kind: 'session', id: created.sessionId },
    details: { method, assurance, userAgent: http.userAgent, ...details },
  });
  return { token: created.token, lifeMs: created.lifeMs, deviceToken: device.newToken };
}

/** Leaves cookies in the browser of someone who is in, and gives the answer to either outcome. After the commit. */
export function answerSignIn(ctx: Ctx, http: HttpCall, outcome: Admitted | Asked): SignInAnswer {
  if ('ticket' in outcome) return { next: 'second_factor', ...outcome };
  http.setSessionCookie(outcome.token, outcome.lifeMs);
  if (outcome.deviceToken !== null) http.setDeviceCookie(outcome.deviceToken);
  if (ctx.actor.sessionId !== null) ctx.hub.publish('users');
  return { ok: true };
}

/** Stands for a password without telling it: a ticket is worth nothing after a change. */
export function passwordMark(passwordHash: string | null): string | null {
  return passwordHash === null ? null : hash('sha256', passwordHash, 'base64url');
}

function secondFactorsOf(state: FactorState): SecondFactor[] {
  const methods: SecondFactor[] = [];
  if (state.hasTotp) methods.push('totp');
  if (state.hasPasskey) methods.push('passkey');
  if (methods.length > 0 && state.recoveryCodesLeft > 0) methods.push('recovery');
  return methods;
}

async function issueTicket(tx: Tx, ctx: Ctx, { account, method }: Entering): Promise<string> {
  const ticket = newToken();
  const now = ctx.now();
  await insertChallenge(tx, {
    id: newChallengeId(),
    kind: 'second_factor',
    tokenHash: tokenHash(ticket),
    userId: account.id,
    payload: { method, passwordMark: passwordMark(account.passwordHash) },
    createdAt: now,
    expiresAt: new Date(now.getTime() + TICKET_LIFE_MS),
  });
  return ticket;
}
