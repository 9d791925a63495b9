import { isUsable, type KeyListRow } from '@qd/shared/api-keys';
import { MAX_ENDED_AT_ONCE } from '@qd/shared/api-keys/ending';
import { formatCount } from '../../../lib/format.ts';

export type BulkAct = 'remind' | 'revoke';

interface BulkWords {
  verb: string;
  /** What it costs. */
  cost: string;
  danger: boolean;
  most: number;
}

export const bulkWords: Readonly<Record<BulkAct, BulkWords>> = {
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
export function refusalOf(row: KeyListRow, act: BulkAct): string | null {
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
