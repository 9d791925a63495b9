import { hash, randomBytes } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { isBuiltInRole, isPermission, rolePermissions, type GrantScope } from '@qd/shared/permissions';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Tx } from '../db/client.ts';
import {
  insertSession,
  renewSession,
  selectLiveSession,
  touchSession,
  type LiveGrant,
  type LiveSession,
} from '../db/queries/sessions.ts';
import type { Actor, Ctx } from './context.ts';
import { createSingleflight } from './singleflight.ts';
import { ingest } from './write.ts';

/** A session ends this long after sign-in, whatever happens. */
export const SESSION_LIFE_MS = 12 * HOUR_MS;
/** A session ends this long after its last use. */
export const IDLE_MS = 30 * MINUTE_MS;
/** People who may only watch keep a wall display running: for them idleness ends nothing before the life does. */
const STAKEHOLDER_IDLE_MS = SESSION_LIFE_MS;

const TOUCH_EVERY_MS = MINUTE_MS;
const TOKEN_BYTES = 32;
const tokenShape = /^[A-Za-z0-9_-]{43}$/;

/** A signed-in person, as found by the token of a session. */
export interface SignedIn {
  actor: Actor;
  sessionId: string;
  /** Rises with every change of the person's grants or state. */
  authzVersion: number;
  /** Instant (epoch ms) at which this answer must be asked for again at the latest: a deadline of the session or of a grant. */
  validUntilMs: number;
}

/** SHA-256 of a token: all that is stored, so that a copy of the database signs nobody in. */
export function tokenHash(token: string): Uint8Array {
  return hash('sha256', token, 'buffer');
}

/** A fresh secret of 256 bits, url-safe. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Effective grants of roles, built-in or custom; a role or permission this version does not know gives nothing. */
export function grantScopes(grants: readonly Pick<LiveGrant, 'role' | 'platform' | 'permissions'>[]): GrantScope[] {
  return grants.flatMap(({ role, platform, permissions }) => {
    if (isBuiltInRole(role)) return [{ platform, permissions: rolePermissions[role] }];
    return permissions === null ? [] : [{ platform, permissions: permissions.filter(isPermission) }];
  });
}

/** How long a session of someone with these grants may lie unused. */
export function idleMsOf(grants: readonly Pick<LiveGrant, 'role'>[]): number {
  const onlyWatches = grants.length > 0 && grants.every((g) => g.role === 'stakeholder');
  return onlyWatches ? STAKEHOLDER_IDLE_MS : IDLE_MS;
}

/** How a person signed in. */
export interface SignedInBy {
  method: 'password' | 'passkey' | 'oidc' | 'link';
  assurance: 1 | 2;
  deviceId: string | null;
}

/** Starts a session inside the caller's transaction and gives its token, which is shown to the browser and kept nowhere. */
export async function createSession(
  tx: Tx,
  owner: { userId: string; grants: readonly Pick<LiveGrant, 'role'>[] },
  from: { now: Date; address: string | null; userAgent: string },
  how: SignedInBy = { method: 'password', assurance: 1, deviceId: null },
): Promise<{ token: string; sessionId: string; lifeMs: number }> {
  const token = newToken();
  const sessionId = `ses_${randomBytes(9).toString('base64url')}`;
  const nowMs = from.now.getTime();
  await insertSession(tx, {
    id: sessionId,
    userId: owner.userId,
    tokenHash: tokenHash(token),
    createdAt: from.now,
    lastSeenAt: from.now,
    idleExpiresAt: new Date(nowMs + idleMsOf(owner.grants)),
    expiresAt: new Date(nowMs + SESSION_LIFE_MS),
    userAgent: from.userAgent,
    address: from.address ?? '',
    ...how,
    provedAt: from.now,
  });
  return { token, sessionId, lifeMs: SESSION_LIFE_MS };
}

/**
 * Gives a session a new token because what was proved in it changed, so that a token known from before opens nothing more.
 * The session keeps its id and its end. Throws `unauthenticated` when it has ended.
 */
export async function renewToken(
  tx: Tx,
  sessionId: string,
  proved: { assurance: 1 | 2; now: Date },
): Promise<{ token: string; lifeMs: number }> {
  const token = newToken();
  const to = { tokenHash: tokenHash(token), assurance: proved.assurance, provedAt: proved.now };
  const expiresAt = await renewSession(tx, sessionId, to);
  if (expiresAt === null) throw new DomainError('unauthenticated', 'Sign in again.');
  return { token, lifeMs: expiresAt.getTime() - proved.now.getTime() };
}

type LookupCtx = Pick<Ctx, 'db' | 'now' | 'log'>;

/**
 * The signed-in person of a token, or null when the session is unknown, ended, idle for too long or too old, or the person
 * is suspended. `touch` counts the call as use of the session (at most one write a minute); streams pass false.
 */
export async function lookupSession(
  ctx: LookupCtx,
  token: string,
  options = { touch: true },
): Promise<SignedIn | null> {
  if (!tokenShape.test(token)) return null;
  const now = ctx.now();
  const live = await selectLiveSession(ctx.db, tokenHash(token), now);
  if (live === null) return null;
  const idleEndMs = live.session.lastSeenAt.getTime() + idleMsOf(live.grants);
  // A person who was only a stakeholder when the session was last used may have been given more since.
  if (idleEndMs <= now.getTime()) return null;
  if (options.touch) await touch(ctx, live, now);
  return signedIn(live, idleEndMs, now.getTime());
}

async function touch(ctx: LookupCtx, live: LiveSession, now: Date): Promise<void> {
  const notSince = new Date(now.getTime() - TOUCH_EVERY_MS);
  if (live.session.lastSeenAt >= notSince) return;
  const idleEndMs = now.getTime() + idleMsOf(live.grants);
  const idleExpiresAt = new Date(Math.min(idleEndMs, live.session.expiresAt.getTime()));
  try {
    await ingest(ctx, (tx) => touchSession(tx, live.session, { now, idleExpiresAt, notSince }));
  } catch (error) {
    // Reading must go on while the database takes no writes.
    ctx.log.warn({ err: error, sessionId: live.session.id }, 'the use of a session could not be noted');
  }
}

function signedIn({ session, user, grants, enrolBy }: LiveSession, idleEndMs: number, nowMs: number): SignedIn {
  const deadlines = grants.flatMap((g) => (g.expiresAt === null ? [] : [g.expiresAt.getTime()]));
  const mustEnrol = enrolBy !== null && enrolBy <= nowMs;
  if (enrolBy !== null && !mustEnrol) deadlines.push(enrolBy);
  return {
    actor: {
      kind: 'user',
      id: user.id,
      email: user.email,
      name: user.name,
      role: [...new Set(grants.map((g) => g.role))].toSorted().join(', ') || null,
      grants: mustEnrol ? [] : grantScopes(grants),
      sessionId: session.id,
      address: session.address || null,
      assurance: session.assurance === 2 ? 2 : 1,
      enrolBy,
      mustEnrol,
    },
    sessionId: session.id,
    authzVersion: user.authzVersion,
    validUntilMs: Math.min(idleEndMs, session.expiresAt.getTime(), ...deadlines),
  };
}

const CACHE_MS = 5 * SECOND_MS;
const CACHE_ENTRIES = 10_000;

/** Looks sessions up for requests that come thousands of times a second. */
export interface SessionCache {
  /** `touch` counts the call as use of the session, as in `lookupSession`; streams leave it out. */
  find(token: string, options?: { touch: boolean }): Promise<SignedIn | null>;
}

/**
 * Remembers live sessions for at most 5 s, and only until anything about people changes in any replica (topic `users`);
 * while the bus is down nothing is remembered. Whoever asks for the same session at once, as a page does with all its
 * reads, shares one answer. For hot reads and streams. Procedures ask the database each time.
 */
export function createSessionCache(ctx: LookupCtx & Pick<Ctx, 'hub'>): SessionCache {
  const known = new LRUCache<string, { found: SignedIn; version: string; untilMs: number }>({ max: CACHE_ENTRIES });
  const flights = createSingleflight<SignedIn | null>();
  return {
    async find(token, options = { touch: false }) {
      if (!tokenShape.test(token)) return null;
      // Read before the database is, so that a change during the query makes the entry stale.
      const version = ctx.hub.version(['users']);
      const nowMs = ctx.now().getTime();
      const key = hash('sha256', token, 'base64');
      const hit = known.get(key);
      if (hit && hit.version === version && nowMs < hit.untilMs) return hit.found;
      // What is remembered ends so soon that use is still noted every minute.
      const look = () => lookupSession(ctx, token, options);
      const found = await (version === null ? look() : flights.run(`${key} ${version} ${options.touch}`, look));
      if (found === null || version === null) known.delete(key);
      else known.set(key, { found, version, untilMs: Math.min(nowMs + CACHE_MS, found.validUntilMs) });
      return found;
    },
  };
}
