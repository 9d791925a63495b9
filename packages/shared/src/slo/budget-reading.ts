import { computeBudget } from './budget.ts';
import { expectedTotal, previousProbes } from './expected-total.ts';
import type { Target } from './target.ts';
import type { Budget, SloSummary } from './types.ts';
import { lifeIn, minutesOf, type Reader, readWindow } from './window-reader.ts';
import { windowMinutes } from './windows.ts';
import { windowNow } from './windows/current.ts';
import type { SloWindowSpec } from './windows/types.ts';

/** One epoch minute a figure reads: the last cumulative row at or before `m`. */
export interface SummaryProbe {
  name: string;
  m: number;
}

/** What a budget depends on besides its window. */
export interface BudgetedSlo {
  target: Target;
  unit: SloSummary['unit'];
}

/**
 * The epoch minutes `readBudget` needs for this window at `now`, with names: `start`, and `previousStart`,
 * `previousSameFloor`, `previousSameCeil` where the total of the period has to be expected.
 */
export function budgetProbes(unit: BudgetedSlo['unit'], spec: SloWindowSpec, now: number): SummaryProbe[] {
  const window = windowNow(spec, now);
  const start = { name: 'start', m: windowMinutes(window, now).beforeM };
  if (spec.kind === 'rolling' || unit === 'minutes') return [start];
  const previous = previousProbes(spec, window, now);
  return [
    start,
    { name: 'previousStart', m: previous.beforeM },
    { name: 'previousSameFloor', m: previous.sameFloorM },
    { name: 'previousSameCeil', m: previous.sameCeilM },
  ];
}

/**
 * The budget of one window at the reader's `now`, from the rows of `budgetProbes` and the newest. A period of counted
 * minutes has a known total, so nothing is estimated and what was spent never comes back; a period of events expects its
 * total from the period before.
 */
export function readBudget(reader: Reader, slo: BudgetedSlo, spec: SloWindowSpec): Budget {
  const { now } = reader;
  const window = windowNow(spec, now);
  const reading = readWindow(reader, window);
  const lifeMinutes = lifeIn(reader, window, reading);
  const common = { target: slo.target, window, now, reading, lifeMinutes };
  if (spec.kind === 'rolling') return computeBudget(common);
  if (slo.unit === 'minutes') {
    const expected = { expectedEvents: minutesOf(window, reader, reading), estimated: false };
    return computeBudget({ ...common, expected, holdsGaps: true });
  }
  return computeBudget({ ...common, expected: expectedTotal(reader, spec, window, reading) });
}
