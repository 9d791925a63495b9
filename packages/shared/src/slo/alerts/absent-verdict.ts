import type { AlertView } from './types.ts';
import { type AlertDetails, type AlertInput, type AlertVerdict } from './verdict.ts';
import { spanWords } from './wording.ts';

/**
 * The alert on silence: nothing was measured for longer than the rule allows while somebody was looking. A source that
 * reports more rarely than that is not silent, and time in maintenance begins no alert.
 */
export function absentVerdict(input: AlertInput, before: AlertView | null): AlertVerdict {
  const { slo, rules, now } = input;
  const limitMs = rules.absentMs;
  const details: AlertDetails = { dataAt: slo.dataAt };
  if (limitMs === null) return { is: 'quiet', words: 'No rule watches for silence any more.', details };
  const isOld = slo.dataAt === null || now - slo.dataAt > limitMs;
  if (!isOld || slo.freshness === 'fresh' || slo.freshness === 'late') {
    return { is: 'quiet', words: 'Measurements are back.', details };
  }
  const silentSince = slo.dataAt ?? input.createdAt;
  if (before === null) {
    const seenSince = Math.max(silentSince, input.watchedSince);
    if (now - seenSince <= limitMs || slo.inMaintenance) return { is: 'unchanged' };
  }
  const why = slo.staleReason ?? 'The source is silent.';
  const words = `Nothing was measured for ${spanWords(now - silentSince)}. ${why}`;
  return { is: 'firing', severity: 'ticket', tier: null, words, details };
}
