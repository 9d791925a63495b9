import type { ApiKeyState } from '@qd/shared/api-keys';
import type { KeyLookUp } from '@qd/shared/api-keys/ending';
import { formatDateTime } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';

const states: Readonly<Record<ApiKeyState, string>> = {
  pending: 'waiting for its claim link',
  active: 'active',
  rotating: 'rotating, and works',
  rotated: 'ended with a rotation',
  expired: 'expired',
  quarantined: 'quarantined',
  revoked: 'revoked',
  owner_suspended: 'stopped, because its person is not active',
};

/** Whether a text was ever a key, as a sentence. */
export function lookUpWords(answer: KeyLookUp, { zone, nowMs }: { zone: Zone; nowMs: number }): string {
  if (answer.verdict === 'not_found') {
    return answer.isCertain ? 'This was never a key of this console.' : 'This is no key of a platform you may see.';
  }
  if (answer.verdict === 'known_to_ledger') {
    const when = formatDateTime(answer.revokedAt, zone, nowMs);
    const ended = `${answer.id}, ended ${when}. The tables do not know it any more.`;
    return answer.by === 'hash'
      ? `This was a key of this console, ${ended}`
      : `This holds the id of a key of this console, ${ended} Its secret cannot be compared any more.`;
  }
  const since = answer.since === null ? '' : ` since ${formatDateTime(answer.since, zone, nowMs)}`;
  return `This is ${answer.name}, ${answer.id}, for ${answer.environment}: ${states[answer.state]}${since}.`;
}
