import type { Exhaustion, SloDetail } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import { formatDateTime, formatDay, formatPercent, formatTimes } from '../../../lib/format.ts';
import { isStale } from '../../../lib/slo-words.ts';
import { windowWords } from '../budget-words.ts';
import type { Moment } from '../moment.ts';

export type ForecastSubject = Pick<SloDetail, 'freshness' | 'budget' | 'forecast'>;

/**
 * A rolling budget gets back what old failures took as they leave the window: when it is gone with that counted in, and
 * the least on the way. Null in a fixed window, where nothing comes back, and when nothing can be foretold.
 */
export function forecastWords({ freshness, budget, forecast }: ForecastSubject, now: Moment): string | null {
  const { window, leftRatio } = budget;
  if (window.view !== 'rolling' || leftRatio === null || isStale({ freshness })) return null;
  // Nothing is being spent, and what leaves can only help: the call has said it.
  if (forecast.atCurrentBurn.kind === 'never') return null;
  const leaving = `As old failures leave the last ${windowWords(window.windowMs)}`;
  const burn = forecast.burnRate === null ? '' : `, at ${formatTimes(forecast.burnRate)} burn`;
  switch (forecast.afterRollOff.kind) {
    case 'unknown':
      return null;
    case 'never':
      return `${leaving}${burn}, it does not run out.${lowestWords(forecast.lowest, leftRatio, now)}`;
    case 'already':
      return `${leaving}${burn}, it stays overspent for now.${lowestWords(forecast.lowest, leftRatio, now)}`;
    case 'at':
      return `${leaving}${burn}, it is gone ${whenWords(forecast.afterRollOff.at, now)}.`;
  }
}

function lowestWords(lowest: SloDetail['forecast']['lowest'], leftRatio: number, now: Moment): string {
  if (lowest === null) return '';
  const isNow = lowest.at <= now.nowMs || lowest.leftRatio >= leftRatio;
  return isNow
    ? ' It is at its lowest now.'
    : ` The least is ${formatPercent(lowest.leftRatio)}, ${whenWords(lowest.at, now)}.`;
}

function whenWords(at: number, { nowMs, zone }: Moment): string {
  if (Math.abs(at - nowMs) < 2 * DAY_MS) return `at ${formatDateTime(at, zone, nowMs)}`;
  return `on ${formatDay(at, zone, nowMs)}`;
}

/** One forecast in a word or two for a table: `never`, `already`, `3 Dec`, `not known`. */
export function exhaustionWords(exhaustion: Exhaustion, { nowMs, zone }: Moment): string {
  switch (exhaustion.kind) {
    case 'unknown':
      return 'not known';
    case 'never':
      return 'never';
    case 'already':
      return 'already';
    case 'at':
      return Math.abs(exhaustion.at - nowMs) < 2 * DAY_MS
        ? formatDateTime(exhaustion.at, zone, nowMs)
        : formatDay(exhaustion.at, zone, nowMs);
  }
}
