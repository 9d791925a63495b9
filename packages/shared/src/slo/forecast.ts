import { endOfMinute, MINUTE_MS } from '../time/index.ts';
import { difference } from './cumulative.ts';
import { exhaustion } from './exhaustion.ts';
import { BURN_DOWN_POINTS, pointMinutes } from './sampling.ts';
import type { RowAt } from './series.ts';
import { budgetShare, type Target } from './target.ts';
import type { Budget, Exhaustion, Forecast, SloWindow } from './types.ts';
import { minuteBefore, windowMinutes } from './windows.ts';

const TRAFFIC_MINUTES = 60;

/** Every epoch minute whose cumulative row `forecast` needs, ascending; none for a window with a fixed start. */
export function forecastMinutes(window: SloWindow, now: number): number[] {
  if (window.view !== 'rolling') return [];
  const { endM } = windowMinutes(window, now);
  const trafficM = minuteBefore(TRAFFIC_MINUTES * MINUTE_MS, endM);
  return [...new Set([trafficM, ...pointMinutes(window, now, BURN_DOWN_POINTS)])].sort((a, b) => a - b);
}

export interface ForecastInput {
  target: Target;
  now: number;
  /** The budget the policy is judged by. */
  budget: Budget;
  /** Burn rate that is assumed to go on; null when unknown. */
  burnRate: number | null;
  /** Rows for `forecastMinutes(budget.window, now)`. */
  rowAt: RowAt;
}

/** One moment to come: what the window that ends then would hold. */
interface Moment {
  at: number;
  bad: number;
  total: number;
}

/** Events a minute of the last hour; of the whole window where that hour was not measured. */
function trafficOf({ budget, now, rowAt }: ForecastInput): number {
  const { beforeM, endM } = windowMinutes(budget.window, now);
  const end = rowAt(endM);
  for (const fromM of [Math.max(beforeM, minuteBefore(TRAFFIC_MINUTES * MINUTE_MS, endM)), beforeM]) {
    const reading = difference(end, rowAt(fromM), endM - fromM);
    if (reading.observedMinutes > 0) return reading.total / reading.observedMinutes;
  }
  return 0;
}

/** Old events leave as the window moves on, new ones arrive at the burn and traffic of now. */
function momentsOf(input: ForecastInput, burnRate: number): Moment[] {
  const { budget, now, rowAt, target } = input;
  const { beforeM, endM } = windowMinutes(budget.window, now);
  const end = rowAt(endM);
  const perMinute = trafficOf(input);
  return pointMinutes(budget.window, now, BURN_DOWN_POINTS).map((m) => {
    const old = difference(end, rowAt(m), endM - m);
    const ahead = m - beforeM;
    const arrived = perMinute * ahead;
    return {
      at: endOfMinute(endM + ahead),
      bad: old.bad + arrived * burnRate * target.allowedRatio,
      total: old.total + arrived,
    };
  });
}

/** Bad events over those allowed: below zero while budget is left. Straight between two moments, as bad and total are. */
function excessOf({ bad, total }: Moment, target: Target): number {
  return bad - total * target.allowedRatio;
}

function runOut(moments: readonly Moment[], target: Target): Exhaustion {
  for (const [i, moment] of moments.entries()) {
    const before = moments[i - 1];
    if (before === undefined || moment.total <= 0) continue;
    const [from, to] = [excessOf(before, target), excessOf(moment, target)];
    if (from < 0 && to >= 0 && from !== to) {
      const share = -from / (to - from);
      return { kind: 'at', at: Math.round(before.at + (moment.at - before.at) * share) };
    }
  }
  return { kind: 'never' };
}

function lowestOf(moments: readonly Moment[], target: Target): Forecast['lowest'] {
  let lowest: Forecast['lowest'] = null;
  for (const { at, bad, total } of moments) {
    if (total <= 0) continue;
    const leftRatio = 1 - budgetShare(bad, total, target);
    if (lowest === null || leftRatio < lowest.leftRatio) lowest = { at, leftRatio };
  }
  return lowest;
}

/** In a fixed window nothing rolls off: the budget runs out before the period ends, or a new one begins first. */
function untilPeriodEnds(input: ForecastInput, naive: Exhaustion): Pick<Forecast, 'afterRollOff' | 'lowest'> {
  const { budget, burnRate, now } = input;
  const { endAt, windowMs } = budget.window;
  const afterRollOff: Exhaustion = naive.kind === 'at' && naive.at >= endAt ? { kind: 'never' } : naive;
  if (budget.leftRatio === null || burnRate === null) return { afterRollOff, lowest: null };
  const aheadMs = burnRate > 0 ? Math.max(0, endAt - now) : 0;
  const leftRatio = budget.leftRatio - (burnRate * aheadMs) / windowMs;
  return { afterRollOff, lowest: { at: now + aheadMs, leftRatio } };
}

/**
 * When the budget is gone if the burn goes on. `atCurrentBurn` divides what is left by the burn. `afterRollOff`
 * simulates a rolling window over one length ahead, with the traffic of the last hour: old failures leave while new ones
 * arrive; a burn of at most 1 that survives that long never empties it. In a fixed window it is `never` when the period
 * ends first, since the next one begins full. `lowest` is the least left over the same time, without a lower clamp.
 */
export function forecast(input: ForecastInput): Forecast {
  const { budget, burnRate, now, target } = input;
  const { windowMs } = budget.window;
  const atCurrentBurn = exhaustion({ leftRatio: budget.leftRatio, burnRate, windowMs, now });
  if (budget.window.view === 'window') return { atCurrentBurn, burnRate, ...untilPeriodEnds(input, atCurrentBurn) };
  if (budget.leftRatio === null || burnRate === null) {
    return { atCurrentBurn, afterRollOff: atCurrentBurn, lowest: null, burnRate };
  }
  const moments = momentsOf(input, burnRate);
  const afterRollOff = atCurrentBurn.kind === 'already' ? atCurrentBurn : runOut(moments, target);
  return { atCurrentBurn, afterRollOff, lowest: lowestOf(moments, target), burnRate };
}
