import type { IncomingMessage } from 'node:http';
import { keyLike } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { can, type Permission } from '@qd/shared/permissions';
import { clientAddress, type Cidr } from './client-address.ts';
import type { Actor } from './context.ts';
import { credentialsInPath, decoded } from './shown-path.ts';

const MAX_KEY_LENGTH = 200;

/** Where a key was presented. */
export interface KeyOrigin {
  address: string | null;
  /** What the caller names itself. */
  agent?: string | null;
  /** What the call needs, so that the use of scopes can be counted. */
  permission?: Permission | undefined;
  requestId: string;
}

/** Checks keys; the feature behind it knows them. */
export interface KeyVerifier {
  /**
   * The machine a key belongs to, with what it may do now; null for every kind of refusal but one: throws `rate_limited` when the
   * key has used up its calls.
   */
  verify(text: string, from: KeyOrigin): Promise<Actor | null>;
  /** Notes a key that stood in an address, where logs and histories keep it. */
  reportExposed(text: string, from: KeyOrigin): Promise<void>;
}

export interface KeyAuthDeps {
  keys: KeyVerifier;
  trustProxy: readonly Cidr[];
  requestIdOf(req: IncomingMessage): string;
}

/**
 * The machine behind a request, from `Authorization: Bearer` or `X-API-Key`. Throws `unauthenticated` with one message for a
 * missing, malformed, unknown, expired or revoked key, a suspended owner, an address outside the key's ranges, two different keys,
 * and a key in the address. Throws `rate_limited` for a key that has used up its calls.
 */
export async function authenticateKey(
  deps: KeyAuthDeps,
  req: IncomingMessage,
  permission?: Permission,
): Promise<Actor> {
  const from = originOf(deps, req, permission);
  await refuseExposed(deps, req, from);
  const text = presentedKey(req);
  const actor = text === null ? null : await deps.keys.verify(text, from);
  if (actor === null) throw refusal();
  return actor;
}

/** Refuses a request with a key in its address, and notes the key; whoever asks has a session. Throws `unauthenticated`. */
export async function refuseKeysInAddress(deps: KeyAuthDeps, req: IncomingMessage): Promise<void> {
  await refuseExposed(deps, req, originOf(deps, req));
}

async function refuseExposed(deps: KeyAuthDeps, req: IncomingMessage, from: KeyOrigin): Promise<void> {
  // A router that is mounted under a path shortens the address.
  const whole = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : req.url;
  const exposed = keysInAddress(whole ?? '');
  // A long word in a path may be a key made elsewhere, or what was asked for: it is looked up, and refused by nobody.
  const suspects = credentialsInPath(whole?.split('?', 1)[0] ?? '');
  for (const text of [...exposed, ...suspects].slice(0, MAX_EXPOSED)) await deps.keys.reportExposed(text, from);
  if (exposed.length > 0) throw refusal();
}

function originOf(deps: KeyAuthDeps, req: IncomingMessage, permission?: Permission): KeyOrigin {
  const agent = req.headers['user-agent'] ?? null;
  return { address: clientAddress(req, deps.trustProxy), agent, permission, requestId: deps.requestIdOf(req) };
}

/** Passes if the machine or person may do it on the platform (`null`: on all). Throws `forbidden`. */
export function requireScope(actor: Actor, permission: Permission, platform: string | null): void {
  if (can(actor.grants, permission, platform)) return;
  const where = platform === null ? '' : ` on ${platform}`;
  throw new DomainError('forbidden', `This key needs the scope ${permission}${where}.`);
}

/** True if a request carries a key at all; routes that also serve browsers then do not look for a session. */
export function carriesKey(req: IncomingMessage): boolean {
  return req.headers['x-api-key'] !== undefined || bearer(req) !== null;
}

function presentedKey(req: IncomingMessage): string | null {
  // Node keeps the first of two `Authorization` headers; what stands in front may have gone by the second.
  if ((req.headersDistinct.authorization?.length ?? 0) > 1) return null;
  const header = req.headers['x-api-key'];
  // Node joins repeated headers with a comma, which stands in no key.
  const fromHeader = typeof header === 'string' ? header.trim() : null;
  const fromBearer = bearer(req);
  if (fromHeader !== null && fromBearer !== null && fromHeader !== fromBearer) return null;
  const text = fromHeader ?? fromBearer;
  return text !== null && text.length <= MAX_KEY_LENGTH ? text : null;
}

function bearer(req: IncomingMessage): string | null {
  const [, token] = /^bearer +(\S{1,4096}) *$/i.exec(req.headers.authorization ?? '') ?? [];
  return token ?? null;
}

/** Parameters people put keys into; whatever their value looks like, it has no place there. */
const keyParameters = /^(?:x[-_])?(?:api[-_]?key|key|access[-_]token)$/i;
const MAX_EXPOSED = 4;

function keysInAddress(url: string): string[] {
  const shaped = keyLike.exec(decoded(url))?.[0];
  const at = url.indexOf('?');
  const named = [...new URLSearchParams(at === -1 ? '' : url.slice(at + 1))]
    .filter(([name, value]) => keyParameters.test(name) && value !== '')
    .map(([, value]) => value);
  return [...new Set([...(shaped === undefined ? [] : [shaped]), ...named])].slice(0, MAX_EXPOSED);
}

function refusal(): DomainError {
  return new DomainError(
    'unauthenticated',
    'A valid API key is needed, in the header "Authorization: Bearer" or "X-API-Key" and nowhere else.',
  );
}
