import { createHmac, type KeyObject } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import type { Tx } from '../db/client.ts';
import {
  deleteFailures,
  deleteFailuresBefore,
  lockFailures,
  selectLiveAddresses,
  takeBackFailure,
  updateFailures,
  type FailureRow,
} from '../db/queries/sign-in-failures.ts';
import { addressBlock } from './client-address.ts';
import type { Ctx } from './context.ts';
import { ingest } from './write.ts';

/*
 * How guessing is slowed down without giving anyone a way to lock someone else out:
 *
 * - Failures are counted per account *and* network. From the ninth on each one doubles the wait, up to 15 minutes.
 *   Someone who guesses from elsewhere never makes the owner of the account wait.
 * - Failures of one network over all accounts are counted too, so that one password cannot be tried on everybody.
 * - Failures of one account over all networks block nobody. They only make it stricter for networks the account is not
 *   signed in from: two free failures, then waits that begin at a minute. Everybody keeps the first try, so the right
 *   password always works.
 * - Where the account is signed in at this moment, failures have a count of their own and the wait ends at one minute:
 *   a neighbour behind the same address cannot keep the owner out.
 *
 * An attempt is counted before its password is checked, and taken back when it was right: guesses sent at once cannot
 * overtake the counter. Refused attempts are neither checked nor counted, so they prolong nothing. All counts end an
 * hour after the first failure or the last wait. Keys are HMACs, unknown accounts are counted like known ones, and
 * addresses come from the socket (`clientAddress`).
 */

/** How soon failures cost time, and how much. */
export interface WaitPolicy {
  /** Failures that cost nothing. */
  freeFailures: number;
  /** Wait after the first failure beyond those; each further one doubles it. */
  firstMs: number;
  mostMs: number;
}

const perAccountAndNetwork: WaitPolicy = { freeFailures: 8, firstMs: SECOND_MS, mostMs: 15 * MINUTE_MS };
const underAttack: WaitPolicy = { freeFailures: 2, firstMs: MINUTE_MS, mostMs: 15 * MINUTE_MS };
const whereSignedIn: WaitPolicy = { freeFailures: 8, firstMs: SECOND_MS, mostMs: MINUTE_MS };
const perNetwork: WaitPolicy = { freeFailures: 50, firstMs: SECOND_MS, mostMs: 15 * MINUTE_MS };

/** Failures of one account, from anywhere, that make its policy strict. */
const ATTACK_FAILURES = 30;
const FORGET_AFTER_MS = HOUR_MS;

/** Wait that `failures` in a row cost under a policy. */
export function waitMs(failures: number, policy: WaitPolicy): number {
  const beyond = failures - policy.freeFailures;
  if (beyond <= 0) return 0;
  return Math.min(policy.mostMs, policy.firstMs * 2 ** Math.min(beyond - 1, 40));
}

/** Someone about to have a password checked. */
export interface Attempt {
  emailKey: string;
  address: string | null;
}

/** An attempt that was let through and counted as failed until told otherwise. */
export interface Reservation {
  accountKey: string;
  pairKey: string;
  /** Null where the account is signed in: its network is then not counted. */
  networkKey: string | null;
}

type ThrottleCtx = Pick<Ctx, 'db' | 'now'>;

/** Someone about to have a second factor checked, whose password or session was right. */
export interface FactorAttempt {
  userId: string;
  address: string | null;
}

/** Counts attempts to sign in. */
export interface Throttle {
  /** Lets an attempt through and counts it. Throws `rate_limited`, the same for known and unknown accounts. */
  reserve(ctx: ThrottleCtx, attempt: Attempt): Promise<Reservation>;
  /**
   * The same for second factors. These are counted per account over all networks: who gets this far knows the password,
   * so nobody else can make the owner wait, and codes of six digits must not be guessed at from everywhere at once.
   */
  reserveFactor(ctx: ThrottleCtx, attempt: FactorAttempt): Promise<Reservation>;
  /** The password was right: forgets the account's failures, and this attempt of its network. */
  succeed(tx: Tx, reservation: Reservation): Promise<void>;
  /** The password could not be checked: this attempt did not happen. */
  giveBack(ctx: ThrottleCtx, reservation: Reservation): Promise<void>;
}

/** A throttle whose keys nobody can compute without `secret`, so that the table does not tell who was guessed at. */
export function createThrottle(secret: KeyObject): Throttle {
  const keyOf = (kind: string, ...parts: string[]): string =>
    `${kind}:${createHmac('sha256', secret)
      .update(JSON.stringify([kind, ...parts]))
      .digest('base64url')}`;
  return {
    async reserve(ctx, { emailKey, address }) {
      const network = addressBlock(address ?? '');
      const live = await selectLiveAddresses(ctx.db, emailKey, ctx.now());
      const isSignedInHere = network !== 'unknown' && live.some((a) => addressBlock(a) === network);
      const reservation: Reservation = {
        accountKey: keyOf('account', emailKey),
        pairKey: keyOf(isSignedInHere ? 'known' : 'pair', emailKey, network),
        networkKey: isSignedInHere ? null : keyOf('network', network),
      };
      return reserved(ctx, reservation);
    },
    reserveFactor(ctx, { userId, address }) {
      const key = keyOf('factor', userId);
      const networkKey = keyOf('network', addressBlock(address ?? ''));
      return reserved(ctx, { accountKey: key, pairKey: key, networkKey });
    },
    async succeed(tx, { accountKey, pairKey, networkKey }) {
      await deleteFailures(tx, [...new Set([accountKey, pairKey])]);
      if (networkKey !== null) await takeBackFailure(tx, [networkKey]);
    },
    giveBack: (ctx, reservation) => ingest(ctx, (tx) => takeBackFailure(tx, keysOf(reservation))),
  };
}

async function reserved(ctx: ThrottleCtx, reservation: Reservation): Promise<Reservation> {
  const blockedUntil = await ingest(ctx, (tx) => count(tx, reservation, ctx.now()));
  if (blockedUntil !== null) throw refusal(blockedUntil, ctx.now());
  return reservation;
}

function keysOf({ accountKey, pairKey, networkKey }: Reservation): string[] {
  return [...new Set([accountKey, pairKey, ...(networkKey === null ? [] : [networkKey])])];
}

/** Counts an attempt under all its keys and gives null, or gives the instant until which it must wait and counts nothing. */
async function count(tx: Tx, reservation: Reservation, now: Date): Promise<Date | null> {
  const { accountKey, pairKey, networkKey } = reservation;
  const rows = (await lockFailures(tx, keysOf(reservation), now)).map((row) => inForce(row, now));
  const blocked = rows.flatMap((r) => (r.blockedUntil !== null && r.blockedUntil > now ? [r.blockedUntil] : []));
  if (blocked.length > 0) return new Date(Math.max(...blocked.map((d) => d.getTime())));
  const attacked = (rows.find((r) => r.key === accountKey)?.failures ?? 0) >= ATTACK_FAILURES;
  const pairPolicy = networkKey === null ? whereSignedIn : attacked ? underAttack : perAccountAndNetwork;
  for (const row of rows) {
    const policy = row.key === pairKey ? pairPolicy : row.key === networkKey ? perNetwork : null;
    await updateFailures(tx, failed(row, policy, now));
  }
  return null;
}

/** The row as it counts now: nothing, when its last failure is long ago. */
function inForce(row: FailureRow, now: Date): FailureRow {
  const lastMs = Math.max(row.firstAt.getTime(), row.blockedUntil?.getTime() ?? 0);
  const isOver = lastMs + FORGET_AFTER_MS <= now.getTime();
  return isOver ? { key: row.key, failures: 0, firstAt: now, blockedUntil: null } : row;
}

function failed(row: FailureRow, policy: WaitPolicy | null, now: Date): FailureRow {
  const failures = Math.min(row.failures + 1, 1_000_000);
  const costMs = policy === null ? 0 : waitMs(failures, policy);
  return { ...row, failures, blockedUntil: costMs === 0 ? null : new Date(now.getTime() + costMs) };
}

function refusal(blockedUntil: Date, now: Date): DomainError {
  const retryAfterSeconds = Math.max(1, Math.ceil((blockedUntil.getTime() - now.getTime()) / SECOND_MS));
  return new DomainError('rate_limited', 'Too many attempts to sign in from here; wait a little and try again.', {
    retryAfterSeconds,
  });
}

/** Forgets failures that no longer count. */
export async function pruneSignInFailures(ctx: ThrottleCtx): Promise<void> {
  const before = new Date(ctx.now().getTime() - FORGET_AFTER_MS);
  await ingest(ctx, (tx) => deleteFailuresBefore(tx, before));
}
