import { isIP } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import type { HttpCall } from '../../../../platform/http-call.ts';

/** Whom passkeys are made for: a host name, and the address pages come from. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** Why passkeys cannot be used at the address of a call, or null. They belong to host names (WebAuthn §5.1.2), never to numbers. */
export function passkeyObstacle(http: Pick<HttpCall, 'origin'>): string | null {
  const { hostname, port, protocol } = new URL(http.origin);
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 0) return null;
  const isHere = bare === '::1' || bare.startsWith('127.');
  const remedy = isHere
    ? `open ${protocol}//localhost${port === '' ? '' : `:${port}`}`
    : 'open the console by a DNS name, and set PUBLIC_URL to it';
  return `Passkeys need a host name, and ${bare} is a number: ${remedy}.`;
}

/** Whom passkeys of a call are for. Throws `precondition` at an address they cannot be used at. */
export function relyingParty(http: Pick<HttpCall, 'origin'>): RelyingParty {
  const obstacle = passkeyObstacle(http);
  if (obstacle !== null) throw new DomainError('precondition', obstacle);
  return { id: new URL(http.origin).hostname, origin: http.origin };
}
