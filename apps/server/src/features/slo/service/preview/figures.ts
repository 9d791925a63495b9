import { setImmediate } from 'node:timers/promises';
import {
  badRatios,
  type Budget,
  budgetShare,
  burnGatesOf,
  burnRowsOf,
  type BurnRowSpec,
  difference,
  evaluateBurnRow,
  eventCounts,
  isSliced,
  judgedSpec,
  probeMinutes,
  type SloDefinition,
  type SloPreview,
  type SloSummary,
  type SloWindow,
  summarise,
  summaryMinutes,
  type SummarySlo,
  windowMinutes,
  windowNow,
} from '@qd/shared/slo';
import { endOfMinute, MINUTE_MS, startOfMinute } from '@qd/shared/time';
import type { PastRows } from './past-rows.ts';

const MINUTES_PER_HOUR = 60;
/** How often a row is looked at: the length of the shortest default window. */
const EVALUATE_EVERY_MINUTES = 5;

/** What a preview is computed from. `nowMs` is the instant it speaks of. */
export interface FiguresInput {
  slo: SummarySlo;
  definition: SloDefinition;
  rows: PastRows;
  fromMinute: number;
  untilMinute: number;
}

/** The list row an objective would have had when the past that was read ends, computed as every list row is. */
export function summaryOf({ slo, rows, untilMinute }: FiguresInput): SloSummary {
  const now = startOfMinute(untilMinute);
  const measured = { ...slo, measuredSince: rows.sinceMinute === null ? null : startOfMinute(rows.sinceMinute) };
  const minutes = probeMinutes(summaryMinutes(measured, now));
  return summarise({ slo: measured, now, rows: new Map(minutes.map((m) => [m, rows.rowAt(m)])) });
}

type HourlySeries = Pick<SloPreview, 'at' | 'leftRatio' | 'badRatio' | 'totalEvents'>;

/** The judged budget, the share of failures and the traffic at the end of every full hour. */
export function hourlySeries(input: FiguresInput, budget: Budget): HourlySeries {
  const { rows, fromMinute, untilMinute } = input;
  const firstM = Math.ceil((fromMinute + 1) / MINUTES_PER_HOUR) * MINUTES_PER_HOUR - 1;
  const minutes: number[] = [];
  for (let m = firstM; m < untilMinute; m += MINUTES_PER_HOUR) minutes.push(m);
  const read = [firstM - MINUTES_PER_HOUR, ...minutes].map((m) => rows.rowAt(m));
  const totalEvents = eventCounts(read);
  const leftAt = budgetLeftAt(input, budget);
  return {
    at: minutes.map(endOfMinute),
    leftRatio: minutes.map((m, i) => (totalEvents[i] == null ? null : leftAt(m))),
    badRatio: badRatios(read),
    totalEvents,
  };
}

/**
 * Budget left at the end of a minute, as the window that contained it would have shown. A fixed window is drawn over its
 * one total: the expected one while it runs, what it came to once it is over, so that the line never rises.
 */
function budgetLeftAt(input: FiguresInput, budget: Budget): (m: number) => number | null {
  const { slo, rows } = input;
  const spec = judgedSpec(slo);
  const isFixed = spec.kind !== 'rolling';
  const totals = new Map([[budget.window.startAt, budget.expectedEvents]]);
  return (m) => {
    const window = windowNow(spec, isFixed ? startOfMinute(m) : endOfMinute(m));
    const { beforeM } = windowMinutes(window, endOfMinute(m));
    const { bad, total } = difference(rows.rowAt(m), rows.rowAt(beforeM), 0);
    if (!isFixed) return total > 0 ? 1 - budgetShare(bad, total, slo.target) : null;
    const whole = totals.get(window.startAt) ?? wholeTotal(input, window);
    totals.set(window.startAt, whole);
    const events = Math.max(whole, total);
    return events > 0 ? 1 - budgetShare(bad, events, slo.target) : null;
  };
}

/** Events of a window that is over; where only part of it was measured, stretched to the whole. */
function wholeTotal({ definition, rows }: FiguresInput, window: SloWindow): number {
  const minutes = window.windowMs / MINUTE_MS;
  if (isSliced(definition.indicator)) return minutes;
  const { beforeM, endM } = windowMinutes(window, window.endAt);
  const { total, observedMinutes } = difference(rows.rowAt(endM), rows.rowAt(beforeM), minutes);
  return observedMinutes > 0 ? (total * minutes) / observedMinutes : 0;
}

/**
 * How often each row of the definition would have begun to fire, looked at every five minutes. Months of them take a
 * while, so others have their turn between two rows.
 */
export async function firingsOf(input: FiguresInput): Promise<number[]> {
  const { slo, definition } = input;
  const firings: number[] = [];
  for (const spec of burnRowsOf(definition.alerting, slo.target, slo.windowMs)) {
    firings.push(beginnings(input, spec));
    await setImmediate();
  }
  return firings;
}

function beginnings({ slo, definition, rows, fromMinute, untilMinute }: FiguresInput, spec: BurnRowSpec): number {
  const gates = burnGatesOf(definition.alerting);
  let count = 0;
  let wasFiring = false;
  for (let m = fromMinute + EVALUATE_EVERY_MINUTES - 1; m < untilMinute; m += EVALUATE_EVERY_MINUTES) {
    const windows = { short: rows.readBack(spec.shortMs, m), long: rows.readBack(spec.longMs, m) };
    const isFiring = evaluateBurnRow(spec, windows, slo, gates).state === 'firing';
    if (isFiring && !wasFiring) count += 1;
    wasFiring = isFiring;
  }
  return count;
}
