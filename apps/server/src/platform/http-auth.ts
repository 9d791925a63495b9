import type { IncomingMessage } from 'node:http';
import { keyLike } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { can, type Permission } from '@qd/shared/permissions';
import { clientAddress, type Cidr } from './client-address.ts';
import type { Actor } from './context.ts';

const MAX_KEY_LENGTH = 200;

/** Where a key was presented. */
export interface KeyOrigin {
  address: string;
  requestId: string;
}

/** Checks keys; the feature behind it knows them. */
export interface KeyVerifier {
  /** The machine a key belongs to, with what it may do now; null for every kind of refusal. */
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
 * missing, malformed, unknown, expired or revoked key, a suspended owner, two different keys, and a key in the address.
 */
export async function authenticateKey(deps: KeyAuthDeps, req: IncomingMessage): Promise<Actor> {
  const from = { address: clientAddress(req, deps.trustProxy), requestId: deps.requestIdOf(req) };
  const exposed = keyInAddress(req.url ?? '');
  if (exposed !== null) {
    await deps.keys.reportExposed(exposed, from);
    throw refusal();
  }
  const text = presentedKey(req);
  const actor = text === null ? null : await deps.keys.verify(text, from);
  if (actor === null) throw refusal();
  return actor;
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

function keyInAddress(url: string): string | null {
  return keyLike.exec(decoded(url))?.[0] ?? null;
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // A broken escape cannot hide a key: its letters need none.
    return url;
  }
}

function refusal(): DomainError {
  return new DomainError(
    'unauthenticated',
    'A valid API key is needed, in the header "Authorization: Bearer" or "X-API-Key" and nowhere else.',
  );
}
