import type { KeyStanding } from '@qd/shared/api-keys';
import type { UserState } from '@qd/shared/users';
import type { KeyRow } from '../queries.ts';

const ms = (at: Date | null): number | null => at?.getTime() ?? null;

/** What of a stored key decides its state. A key whose owner is gone stands as one whose owner left. */
export function standingOf(
  key: Pick<KeyRow, 'activatedAt' | 'expiresAt' | 'endsAt' | 'quarantinedAt' | 'revokedAt' | 'ownerId'>,
  ownerState: UserState | null,
): KeyStanding {
  return {
    activatedAt: ms(key.activatedAt),
    expiresAt: ms(key.expiresAt),
    endsAt: ms(key.endsAt),
    quarantinedAt: ms(key.quarantinedAt),
    revokedAt: ms(key.revokedAt),
    ownerState: key.ownerId === null ? null : (ownerState ?? 'offboarded'),
  };
}
