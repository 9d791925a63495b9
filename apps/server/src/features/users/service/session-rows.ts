import { deviceWords, type NetworkKind, type SessionRow } from '@qd/shared/users';
import ipaddr from 'ipaddr.js';
import type { StoredSession } from '../queries/own-account.ts';

const privateRanges: readonly string[] = ['private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'];

/** What kind of network an address belongs to. */
export function networkKind(address: string): NetworkKind {
  if (!ipaddr.isValid(address)) return 'unknown';
  const range = ipaddr.process(address).range();
  if (range === 'loopback') return 'this machine';
  return privateRanges.includes(range) ? 'private network' : 'internet';
}

/** A session as its owner, and whoever may end it, sees it: never its token. */
export function sessionRow(session: StoredSession, currentId: string | null): SessionRow {
  return {
    id: session.id,
    device: deviceWords(session.userAgent),
    network: networkKind(session.address),
    address: session.address,
    method: session.method,
    assurance: session.assurance === 2 ? 2 : 1,
    createdAt: session.createdAt.getTime(),
    lastSeenAt: session.lastSeenAt.getTime(),
    idleExpiresAt: session.idleExpiresAt.getTime(),
    expiresAt: session.expiresAt.getTime(),
    isCurrent: session.id === currentId,
  };
}
