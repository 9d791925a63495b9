import type { LedgerView } from '@qd/shared/api-keys/ending';
import { DAY_MS } from '@qd/shared/time';
import { formatAge, formatCount } from '../../../lib/format.ts';
import type { Tone } from '../../../ui/tone.ts';

const keysOf = (count: number): string => `${formatCount(count)} ended ${count === 1 ? 'key' : 'keys'}`;

/** How the ledger fares, and how it is to be taken. */
export function ledgerWords(view: LedgerView, nowMs: number): { tone: Tone; text: string } {
  const { ended, unwritten, failingSince, lacked, revived, comparedAt } = view;
  const age = (at: number): string => formatAge(Math.max(0, nowMs - at));
  const isRecent = (at: number): boolean => nowMs - at < DAY_MS;
  if (unwritten !== null) {
    return {
      tone: 'crit',
      text: `${keysOf(unwritten.keys)} not in the ledger yet: it fails since ${age(unwritten.at)}.`,
    };
  }
  if (failingSince !== null) {
    return { tone: 'crit', text: `The ledger can be neither compared nor added to, since ${age(failingSince)}.` };
  }
  if (lacked !== null && isRecent(lacked.at)) {
    const words = 'had gone from the ledger and were added again';
    return {
      tone: 'warn',
      text: `${keysOf(lacked.keys)} ${words} ${age(lacked.at)}: it was cut short, replaced, or is new.`,
    };
  }
  if (revived !== null && isRecent(revived.at)) {
    return {
      tone: 'warn',
      text: `A restored database had brought back ${keysOf(revived.keys)}, stopped ${age(revived.at)}.`,
    };
  }
  if (comparedAt === null) return { tone: 'stale', text: 'The ledger was not compared with the tables yet.' };
  return { tone: 'ok', text: `${keysOf(ended)} in the ledger, compared ${age(comparedAt)}.` };
}
