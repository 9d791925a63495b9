import type { RevocationView } from '@qd/shared/api-keys/ending';
import { formatCount, formatMs, formatPercent } from '../../../lib/format.ts';
import type { Tone } from '../../../ui/tone.ts';

/** What the measurements say of the objective, and how it is to be taken. */
export function revocationWords(view: Pick<RevocationView, 'budget' | 'p99Ms' | 'withinMs' | 'neverRefused'>): {
  tone: Tone;
  text: string;
} {
  const { budget, p99Ms, withinMs, neverRefused } = view;
  const left = budget.leftRatio;
  if (left === null) return { tone: 'stale', text: 'Nothing is measured yet; the first minute ends soon.' };
  if (neverRefused > 0) {
    const times = neverRefused === 1 ? 'Once' : `${formatCount(neverRefused)} times`;
    return { tone: 'crit', text: `${times} an ended key still worked after 30 s.` };
  }
  if (left <= 0) return { tone: 'crit', text: `The error budget is spent: ${formatPercent(left)} left.` };
  const latency = p99Ms === null ? '' : ` 99% are refused within ${formatMs(p99Ms)}.`;
  if (left < 0.25) return { tone: 'warn', text: `${formatPercent(left)} of the error budget is left.${latency}` };
  return { tone: 'ok', text: `Ended keys are refused within ${formatMs(withinMs)}.${latency}` };
}
