import { budgetMsOf, budgetShare, parseTarget, type Target } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { formatCount, formatDecimal } from '../../../lib/format.ts';
import { windowWords } from '../budget-words.ts';
import type { SloUnit } from '../unit-words.ts';

const PPB = 1_000_000_000;
const LEAST_ROUND = 1_000;

/** A target as it is typed, or null while it is none. */
export function targetIn(text: string): Target | null {
  try {
    return parseTarget(text.trim().replace(/\s*%$/, ''));
  } catch {
    return null;
  }
}

/** A budget in the unit people think of it in: `4.32 s`, `21.6 minutes`, `7.2 hours`. */
function outageWords(ms: number): string {
  if (ms < MINUTE_MS) return `${formatDecimal(ms / SECOND_MS, 2)} seconds`;
  if (ms < 5 * HOUR_MS) return `${formatDecimal(ms / MINUTE_MS, 1)} minutes`;
  return `${formatDecimal(ms / HOUR_MS, 1)} hours`;
}

/** The roundest number of events of which a whole number may fail: 50 of 100,000 for 99.95. */
function roundEvents({ budgetPpb }: Target): { bad: number; of: number } {
  let of = LEAST_ROUND;
  while (of < PPB && (budgetPpb * of) / PPB < 10) of *= 10;
  return { bad: (budgetPpb * of) / PPB, of };
}

/** What a target allows in a window: "21.6 minutes of full outage in 30 days, 50 of 100,000 requests". */
export function allowsWords(target: Target, windowMs: number, unit: SloUnit): string {
  const span = windowWords(windowMs);
  if (unit === 'minutes') {
    const minutes = windowMs / MINUTE_MS;
    const bad = Math.floor(minutes / budgetShare(1, 1, target));
    return `${formatCount(bad)} bad minutes of ${formatCount(minutes)} in ${span}`;
  }
  const { bad, of } = roundEvents(target);
  const share = `${formatDecimal(bad, 2)} of ${formatCount(of)} requests`;
  return `${outageWords(budgetMsOf(target, windowMs))} of full outage in ${span}, ${share}`;
}
