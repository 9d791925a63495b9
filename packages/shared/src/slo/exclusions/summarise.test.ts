import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, startOfMinute } from '../../time/index.ts';
import { sampleMinutes } from '../sampling.ts';
import { burnDownSeries } from '../series.ts';
import { probeMinutes, summarise, summaryMinutes, type SummarySlo } from '../summarise.ts';
import { base, END_M, type History, NOW } from '../test/history.ts';
import type { CumulativeRow } from '../types.ts';
import { fixedWindow, minuteBefore } from '../windows.ts';
import { adjustRows } from './adjust.ts';
import { clipSpans, type MinuteSpan, minutesWithin, unionSpans } from './spans.ts';
import type { ExclusionMode } from './types.ts';

const bornM = END_M - 3 * 1440;
const slo: SummarySlo = {
  ...base,
  windowMs: DAY_MS,
  anchorAt: NOW - 18 * HOUR_MS,
  measuredSince: startOfMinute(bornM),
};
const window = fixedWindow(slo.anchorAt, slo.windowMs, NOW);
const windowM = { beforeM: minuteOf(window.startAt) - 1, endM: END_M };
const windowEndM = minuteOf(window.endAt) - 1;

interface Counted {
  m: number;
  total: number;
  bad: number;
}

function countedMinutes(history: History): Counted[] {
  const minutes: Counted[] = [];
  for (let m = bornM; m <= END_M; m += 1) {
    const counts = history(m);
    if (counts !== null) minutes.push({ m, ...counts });
  }
  return minutes;
}

function lookup(minutes: readonly Counted[]) {
  let sum = { total: 0, bad: 0, observed: 0 };
  const byMinute = new Map<number, CumulativeRow>();
  let row: CumulativeRow | null = null;
  const counts = new Map(minutes.map((minute) => [minute.m, minute]));
  for (let m = bornM; m <= END_M; m += 1) {
    const counted = counts.get(m);
    if (counted !== undefined) {
      sum = { total: sum.total + counted.total, bad: sum.bad + counted.bad, observed: sum.observed + 1 };
      row = { m, ...sum };
    }
    if (row !== null) byMinute.set(m, row);
  }
  return (m: number): CumulativeRow | null => byMinute.get(Math.min(m, END_M)) ?? null;
}

/** The summary of this history without these spans, and the plain one. */
function summaries(history: History, spans: readonly MinuteSpan[], mode: ExclusionMode = 'remove', of = slo) {
  const minutes = countedMinutes(history);
  const at = lookup(minutes);
  const raw = new Map(probeMinutes(summaryMinutes(of, NOW)).map((m) => [m, at(m)]));
  const union = clipSpans(unionSpans(spans), { beforeM: bornM - 1, endM: windowEndM });
  const past = clipSpans(union, { beforeM: bornM - 1, endM: END_M });
  const zero = { total: 0, bad: 0, observed: 0 };
  const counted = past.map((span) => ({ ...span, before: at(span.beforeM) ?? zero, end: at(span.endM) ?? zero }));
  const rows = adjustRows(raw, counted, { mode, unit: of.unit, horizonM: 0 });
  const excluded = { raw, spans: union, mode, isInForce: false };
  return {
    minutes,
    union,
    at,
    counted,
    plain: summarise({ slo: of, now: NOW, rows: raw }),
    summary: summarise({ slo: of, now: NOW, rows, excluded }),
  };
}

const anyHistory = fc.infiniteStream(fc.nat({ max: 40 })).map((stream): History => {
  const drawn = Array.from({ length: 97 }, () => stream.next().value);
  return (m) => {
    const n = drawn[m % 97] ?? 0;
    return n === 7 ? null : { total: n, bad: m % 5 === 0 ? Math.min(n, 2) : 0 };
  };
});
const anySpans = fc.array(
  fc
    .tuple(fc.integer({ min: bornM - 100, max: windowEndM }), fc.integer({ min: 1, max: 500 }))
    .map(([beforeM, length]) => ({ beforeM, endM: beforeM + length })),
  { maxLength: 6 },
);

describe('a summary without excluded time', () => {
  it('says what a count of the other minutes says', () => {
    fc.assert(
      fc.property(anyHistory, anySpans, (history, spans) => {
        const { minutes, union, summary, plain } = summaries(history, spans);
        const within = (m: number, { beforeM, endM }: MinuteSpan): boolean => m > beforeM && m <= endM;
        const left = minutes.filter(({ m }) => !union.some((span) => within(m, span)));
        const inWindow = left.filter(({ m }) => within(m, windowM));
        const sum = (of: readonly Counted[], key: 'bad' | 'total') => of.reduce((n, minute) => n + minute[key], 0);
        const taken = minutesWithin(union, windowM);
        const expected = END_M - windowM.beforeM - taken;
        expect(summary.budget).toMatchObject({ badEvents: sum(inWindow, 'bad'), totalEvents: sum(inWindow, 'total') });
        expect(summary.budget.coverageRatio).toBeCloseTo(expected > 0 ? inWindow.length / expected : 0, 12);
        for (const row of summary.burnRows) {
          const long = { beforeM: minuteBefore(row.longMs, END_M), endM: END_M };
          const counted = left.filter(({ m }) => within(m, long));
          const total = sum(counted, 'total');
          expect(row.excludedMinutes).toBe(minutesWithin(union, long));
          if (total === 0) expect(row.longBurn).toBeNull();
          else expect(row.longBurn).toBeCloseTo(sum(counted, 'bad') / total / slo.target.allowedRatio, 8);
        }
        const share = {
          minutes: taken,
          badEvents: plain.budget.badEvents - summary.budget.badEvents,
          totalEvents: plain.budget.totalEvents - summary.budget.totalEvents,
          spans: clipSpans(union, windowM).length,
          rawLeftRatio: plain.budget.leftRatio,
        };
        expect(summary.excluded).toEqual(taken === 0 ? null : share);
      }),
      { numRuns: 40 },
    );
  });

  it('is the plain one where nothing that is excluded lies in its windows', () => {
    const history: History = (m) => ({ total: 10, bad: m % 3 === 0 ? 1 : 0 });
    const { summary, plain } = summaries(history, [{ beforeM: bornM - 900, endM: bornM - 1 }]);
    expect(summary).toEqual(plain);
  });

  it('expects no events of excluded time, past or to come', () => {
    const rate = 10;
    const history: History = () => ({ total: rate, bad: 0 });
    const young = { ...slo, measuredSince: window.startAt };
    const spans = [
      { beforeM: windowM.beforeM + 100, endM: windowM.beforeM + 160 },
      { beforeM: END_M - 30, endM: END_M + 60 },
      { beforeM: windowEndM - 45, endM: windowEndM },
    ];
    const { summary } = summaries((m) => (m > windowM.beforeM ? history(m) : null), spans, 'remove', young);
    expect(summary.budget).toMatchObject({ expectedEvents: rate * (1_440 - 60 - 90 - 45), estimated: true });
    expect(summary.budget.bounds).toBeNull();
  });

  it('shrinks a period of slices when they are removed, and keeps it when they are good', () => {
    const sliced: SummarySlo = { ...slo, unit: 'minutes' };
    const failing: History = (m) => ({ total: 1, bad: m > END_M - 60 ? 1 : 0 });
    const spans = [{ beforeM: END_M - 20, endM: END_M + 40 }];
    const removed = summaries(failing, spans, 'remove', sliced).summary.budget;
    expect(removed).toMatchObject({ badEvents: 40, expectedEvents: 1_440 - 60, estimated: false });
    const good = summaries(failing, spans, 'good', sliced).summary;
    expect(good.budget).toMatchObject({ badEvents: 40, expectedEvents: 1_440, estimated: false });
    expect(good.excluded).toMatchObject({ minutes: 20, badEvents: 20, totalEvents: 0 });
  });

  it('knows nothing of a window that is excluded as a whole', () => {
    const history: History = () => ({ total: 10, bad: 10 });
    const { summary, plain } = summaries(history, [{ beforeM: windowM.beforeM, endM: windowEndM }]);
    expect(summary).toMatchObject({ state: 'no_data', budget: { leftRatio: null, coverageRatio: 0 } });
    expect(summary.excluded).toMatchObject({ rawLeftRatio: plain.budget.leftRatio });
    expect(summary.burnRows[0]).toMatchObject({ state: 'unknown', shortBurn: null, excludedMinutes: 60 });
  });
});

describe('a burn-down without excluded time', () => {
  const gap = { beforeM: END_M - 400, endM: END_M - 340 };
  const history: History = (m) => (m > gap.beforeM && m <= gap.endM ? null : { total: 10, bad: 1 });

  it.each([
    ['all of a gap', { beforeM: gap.beforeM - 20, endM: gap.endM + 5 }, []],
    [
      'its first half',
      { beforeM: gap.beforeM - 20, endM: gap.beforeM + 30 },
      [{ beforeM: gap.beforeM + 30, endM: gap.endM }],
    ],
    [
      'its middle',
      { beforeM: gap.beforeM + 10, endM: gap.beforeM + 20 },
      [
        { beforeM: gap.beforeM, endM: gap.beforeM + 10 },
        { beforeM: gap.beforeM + 20, endM: gap.endM },
      ],
    ],
  ])('has no gap where %s is excluded, and stays level there', (_, span, rest) => {
    const { at, counted, union } = summaries(history, [span]);
    const minutes = sampleMinutes(window, NOW);
    const raw = new Map(minutes.map((m) => [m, at(m)]));
    const rows = adjustRows(raw, counted, { mode: 'remove', unit: 'events', horizonM: 0 });
    const line = burnDownSeries({
      target: slo.target,
      window,
      now: NOW,
      rows,
      expectedEvents: 14_400,
      burnRate: null,
      measuredSince: slo.measuredSince,
      lens: null,
      excluded: { spans: union, raw },
    });
    expect(line.gaps).toEqual(
      rest.map(({ beforeM, endM }) => ({ startAt: startOfMinute(beforeM + 1), endAt: startOfMinute(endM + 1) })),
    );
    const inside = line.at.flatMap((instant, i) => {
      const m = instant / MINUTE_MS - 1;
      return m >= span.beforeM + 1 && m <= span.endM ? [line.leftRatio[i]] : [];
    });
    expect(inside.every((left) => left !== null)).toBe(true);
    expect(new Set(inside).size).toBe(1);
  });
});
