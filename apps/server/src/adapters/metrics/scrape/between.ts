import { MINUTE_MS, minuteOf } from '@qd/shared/time';
import { type BoundarySeries, countMinutes } from '../count-minutes.ts';
import { countGauge } from '../kinds/count-gauge.ts';
import type { MinuteCount } from '../port.ts';
import type { Selector } from './selector.ts';
import { fault, type PageAt, samplesOf, type Watched } from './watch.ts';

/**
 * What happened between two looks at the same counters. The events belong to the minute in the middle, or, after a
 * silence of more than `maxGapMs`, to the minute in which the page is back; other minutes of a short stretch were
 * measured too. A counter that was not there at the first look started from zero.
 */
export function between(partIs: 'bad' | 'good', before: Watched, after: Watched, maxGapMs: number): MinuteCount[] {
  const series = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): BoundarySeries[] =>
    [...b].map(([key, value]) => ({ labels: {}, values: [a.get(key) ?? null, value] }));
  const [counted] = countMinutes({
    fromMinute: 0,
    total: series(before.total, after.total),
    part: series(before.part, after.part),
    partIs,
    allFromZero: true,
  });
  const spanMs = after.atMs - before.atMs;
  const isShort = spanMs <= maxGapMs;
  const m = minuteOf(isShort && spanMs <= MINUTE_MS ? after.atMs - spanMs / 2 : after.atMs);
  const passed = isShort ? passedMinutes(before.atMs, m) : [];
  return [...passed, { m, total: counted?.total ?? 0, bad: counted?.bad ?? 0, observed: true }];
}

/**
 * The samples of a gauge on a page, in the minute it was read; minutes passed over since the page was read shortly
 * before (`beforeMs`) were measured too. Throws `invalid` if the page lacks the metric or a value is outside 0 to 1.
 */
export function sampled(
  selector: Selector,
  { atMs, page }: PageAt,
  { beforeMs, maxGapMs }: { beforeMs: number | null; maxGapMs: number },
): MinuteCount[] {
  if (!page.knows(selector.name)) throw fault(`The page has no metric “${selector.name}”; check the name.`);
  const values = samplesOf(page, selector).map(({ value }) => value);
  const sum = values.reduce((all, value) => all + value, 0);
  const range = values.length === 0 ? null : { min: Math.min(...values), max: Math.max(...values) };
  const m = minuteOf(atMs);
  const counts = countGauge([{ m, samples: values.length, sum, range }]);
  const isShort = beforeMs !== null && atMs - beforeMs <= maxGapMs;
  return isShort && counts.length > 0 ? [...passedMinutes(beforeMs, m), ...counts] : counts;
}

/** Minutes after the one that holds `fromMs` and before `m`: nothing was asked in them, and nothing was missed. */
function passedMinutes(fromMs: number, m: number): MinuteCount[] {
  const first = minuteOf(fromMs) + 1;
  return Array.from({ length: Math.max(0, m - first) }, (_, i) => ({
    m: first + i,
    total: 0,
    bad: 0,
    observed: true,
  }));
}
