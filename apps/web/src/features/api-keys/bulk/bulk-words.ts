import { isUsable, MAX_ROTATED_AT_ONCE, type KeyListRow, type ManyRotationCandidate } from '@qd/shared/api-keys';
import { MAX_ENDED_AT_ONCE } from '@qd/shared/api-keys/ending';
import { formatCount, formatWhen } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';

export const bulkActs = ['rotate', 'remind', 'revoke'] as const;
export type BulkAct = (typeof bulkActs)[number];
/** Acts the list alone can judge; rotating is judged by the server first. */
export type ListAct = Exclude<BulkAct, 'rotate'>;

interface BulkWords {
  verb: string;
  /** What it costs. */
  cost: string;
  danger: boolean;
  most: number;
}

export const bulkWords: Readonly<Record<BulkAct, BulkWords>> = {
  rotate: {
    verb: 'Rotate',
    cost: 'Each successor is drawn by a link that is mailed; nobody here sees it. The old keys work until their deadlines.',
    danger: false,
    most: MAX_ROTATED_AT_ONCE,
  },
  remind: {
    verb: 'Remind consumers',
    cost: 'Consumers that still send the key are told again when it ends, each at most once an hour.',
    danger: false,
    most: 100,
  },
  revoke: {
    verb: 'Revoke',
    cost: 'Whatever sends these keys is refused at once. A revoked key never works again.',
    danger: true,
    most: MAX_ENDED_AT_ONCE,
  },
};

/** Why one of the chosen is left out, as far as the list tells; null where the server decides. */
export function refusalOf(row: KeyListRow, act: ListAct): string | null {
  if (row.state === 'revoked') return 'is revoked already';
  if (row.endedAt !== null) return 'has ended';
  if (act === 'revoke') return null;
  if (!isUsable(row.state)) return 'does not work now';
  if (row.stopsAt === null) return 'does not end by itself';
  return row.consumers === 0 ? 'names no consumer' : null;
}

/** `1 key`, `3 keys`. */
export function keysWords(count: number): string {
  return count === 1 ? '1 key' : `${count} keys`;
}

/** What is refused with them: calls a minute of all chosen. */
export function costInCalls(rows: readonly KeyListRow[]): string | null {
  const perMin = Math.round(rows.reduce((sum, row) => sum + row.ratePerMin, 0));
  return perMin === 0 ? null : `They take about ${formatCount(perMin)} requests a minute now.`;
}

/** What would become of one of several keys that are rotated: `Link to edge@example.com. The old key ends 9 Oct, 14:00 (7 d).` */
export function candidateWords(one: ManyRotationCandidate, { zone, nowMs }: { zone: Zone; nowMs: number }): string {
  const { sentTo, deadlineAt, overlapDays, isCutByExpiry, consumers } = one;
  const ends = deadlineAt === null ? '' : formatWhen(deadlineAt, zone, nowMs);
  const why = isCutByExpiry ? 'it expires then' : `the policy says ${overlapDays ?? 0} d`;
  const told = consumers === 1 ? '1 consumer is told' : `${consumers} consumers are told`;
  return `Link to ${sentTo ?? ''}. The old key ends ${ends}, ${why}; ${told}.`;
}
