import type { UserState } from '../users/index.ts';

/**
 * Where a key stands. `pending` waits for its claim link to be opened; `rotating` still works beside its successor; `rotated`
 * ended with a rotation; the rest end it for their own reason.
 */
export const apiKeyStates = [
  'pending',
  'active',
  'rotating',
  'rotated',
  'expired',
  'quarantined',
  'revoked',
  'owner_suspended',
] as const;
export type ApiKeyState = (typeof apiKeyStates)[number];

/** What of a key decides its state; instants are epoch ms. `ownerState` null: it acts for nobody. */
export interface KeyStanding {
  activatedAt: number | null;
  expiresAt: number | null;
  endsAt: number | null;
  quarantinedAt: number | null;
  revokedAt: number | null;
  ownerState: UserState | null;
}

/** When a key stops by itself (epoch ms): its expiry or the end of its rotation, whichever is first; null: never. */
export function keyStopsMs(key: Pick<KeyStanding, 'expiresAt' | 'endsAt'>): number | null {
  const ends = [key.expiresAt, key.endsAt].filter((at) => at !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The state of a key at an instant. A key stops at the very millisecond of its end. What cannot be undone is told first. */
export function keyState(key: KeyStanding, nowMs: number): ApiKeyState {
  if (key.revokedAt !== null) return 'revoked';
  if (key.quarantinedAt !== null) return 'quarantined';
  if (key.endsAt !== null && key.endsAt <= nowMs) return 'rotated';
  if (key.expiresAt !== null && key.expiresAt <= nowMs) return 'expired';
  if (key.activatedAt === null) return 'pending';
  if (key.ownerState !== null && key.ownerState !== 'active') return 'owner_suspended';
  return key.endsAt === null ? 'active' : 'rotating';
}

/** True while a key opens anything. */
export function isUsable(state: ApiKeyState): boolean {
  return state === 'active' || state === 'rotating';
}
