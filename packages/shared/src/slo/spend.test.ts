import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, startOfMinute } from '../time/index.ts';
import { computeBudget } from './budget.ts';
import { difference, thinToHours, valueAt } from './cumulative.ts';
import { mapLookup } from './series.ts';
import { attributeSpend, spendMinutes } from './spend.ts';
import { parseTarget } from './target.ts';
import type { CumulativeRow, Mark, MarkKind, SpendItem } from './types.ts';
import { fixedWindow } from './windows.ts';

const NOW = Date.parse('2026-11-21T14:47:30Z');
const END_M = minuteOf(NOW) - 1;
const target = parseTarget('99.9');
const window = fixedWindow(Date.parse('2026-11-08T00:00:00Z'), 30 * DAY_MS, NOW);
const START_M = minuteOf(window.startAt);

function mark(id: string, kind: MarkKind, startM: number, endM: number | null): Mark {
  return {
    id,
    kind,
    platformId: 'p',
    at: startOfMinute(startM) + 1_000,
    endAt: endM === null ? null : startOfMinute(endM) + 2_000,
    label: id,
    detail: `what ${id} was`,
    severity: kind === 'incident' ? 'P1' : null,
    url: null,
    open: endM === null && kind === 'incident',
    isDemo: false,
  };
}

/** Spend over a history in which minute `m` brought `badOf(m)` failures of 100 events; minutes older than 8 days by the hour. */
function spend(
  marks: readonly Mark[],
  badOf: (m: number) => number,
): { items: SpendItem[]; spent: number; totalBad: number } {
  const all: CumulativeRow[] = [];
  let [total, bad] = [0, 0];
  for (let m = START_M - 1440; m <= END_M; m += 1) {
    total += 100;
    bad += badOf(m);
    all.push({ m, total, bad, observed: all.length + 1 });
  }
  const fine = END_M - 8 * 1440;
  const kept = [
    ...thinToHours(all.filter((row) => row.m <= fine + 60)).filter((row) => row.m <= fine),
    ...all.filter((row) => row.m > fine),
  ];
  const reading = difference(valueAt(kept, END_M), valueAt(kept, START_M - 1), END_M - START_M + 1);
  const expected = { expectedEvents: 4_320_000, estimated: true };
  const budget = computeBudget({ target, window, now: NOW, reading, expected });
  const rowAt = mapLookup(new Map(spendMinutes(marks, window, NOW).map((m) => [m, valueAt(kept, m)])));
  return {
    items: attributeSpend({ marks, target, now: NOW, budget, rowAt }),
    spent: budget.spentRatio ?? 0,
    totalBad: reading.bad,
  };
}

const costs = (items: readonly SpendItem[]): [string, number][] => items.map((item) => [item.label, item.badEvents]);

describe('attributeSpend', () => {
  it('gives each mark the failures inside it and calls the rest background, dearest first', () => {
    const [from, to] = [END_M - 500, END_M - 480];
    const { items } = spend([mark('INC-1', 'incident', from, to)], (m) =>
      m >= from && m <= to ? 50 : m % 10 === 0 ? 1 : 0,
    );
    expect(costs(items)[1]).toEqual(['INC-1', 21 * 50]);
    expect(items[0]).toMatchObject({ mark: null, label: 'Background errors', at: null, endAt: null });
    expect(items[1]?.mark?.id).toBe('INC-1');
    expect(items[1]?.budgetRatio).toBeCloseTo((21 * 50) / 4_320, 12);
    expect(items[1]?.budgetMs).toBeCloseTo(((21 * 50) / 4_320) * 30 * DAY_MS * 0.001, 6);
  });

  it('counts an overlap once: the incident before the deploy, the earlier before the later', () => {
    const marks = [
      mark('v2', 'deploy', END_M - 130, END_M - 60),
      mark('INC-a-late', 'incident', END_M - 90, END_M - 80),
      mark('INC-z-early', 'incident', END_M - 100, END_M - 85),
    ];
    const { items } = spend(marks, (m) => (m >= END_M - 200 ? 1 : 0));
    const cost = new Map(costs(items));
    expect(cost.get('INC-z-early')).toBe(16);
    expect(cost.get('INC-a-late')).toBe(5);
    expect(cost.get('v2')).toBe(71 - 21);
    expect(cost.get('Background errors')).toBe(201 - 71);
  });

  it('lets an open incident last until now, and an instant cost its own minute', () => {
    const marks = [mark('INC', 'incident', END_M - 9, null), mark('v3', 'deploy', END_M - 30, null)];
    expect(new Map(costs(spend(marks, () => 1).items))).toEqual(
      new Map([
        ['Background errors', END_M - START_M + 1 - 11],
        ['INC', 10],
        ['v3', 1],
      ]),
    );
  });

  it('still finds an old incident, for which only full hours are kept', () => {
    const from = START_M + 2 * 1440 + 10;
    const { items } = spend([mark('INC-old', 'incident', from, from + 15)], (m) =>
      m >= from && m <= from + 15 ? 40 : Math.abs(m - from) === 1440 ? 7 : 0,
    );
    expect(costs(items)).toEqual([
      ['INC-old', 640],
      ['Background errors', 14],
    ]);
  });

  it('cuts marks at the edges of the window and leaves out those beyond', () => {
    const marks = [
      mark('before', 'incident', START_M - 300, START_M - 200),
      mark('across', 'incident', START_M - 60, START_M + 59),
    ];
    expect(costs(spend(marks, (m) => (m < START_M + 60 ? 1 : 0)).items)).toEqual([['across', 60]]);
    expect(spendMinutes([mark('ahead', 'deploy', END_M + 600, END_M + 660)], window, NOW)).toEqual([]);
  });

  it('puts the earlier first where two cost the same', () => {
    const marks = [mark('a', 'incident', END_M - 10, END_M - 5), mark('b', 'incident', END_M - 90, END_M - 85)];
    const { items } = spend(marks, (m) => (m === END_M - 7 || m === END_M - 88 ? 3 : 0));
    expect(costs(items)).toEqual([
      ['b', 3],
      ['a', 3],
    ]);
  });

  it('counts from zero where a mark began before the first measurement', () => {
    const marks = [mark('early', 'incident', END_M - 20, END_M - 5)];
    const row = { m: END_M - 10, total: 100, bad: 4, observed: 1 };
    const reading = difference(row, null, END_M - START_M + 1);
    const budget = computeBudget({ target, window, now: NOW, reading });
    const rowAt = (m: number) => (m < row.m ? null : row);
    expect(costs(attributeSpend({ marks, target, now: NOW, budget, rowAt }))).toEqual([['early', 4]]);
  });

  it('blames neither excluded time nor an alert', () => {
    const marks = [
      mark('exc', 'exclusion', END_M - 400, END_M - 300),
      mark('alert', 'alert', END_M - 400, END_M - 300),
      mark('v2', 'deploy', END_M - 390, END_M - 380),
    ];
    expect(costs(spend(marks, (m) => (m >= END_M - 400 ? 1 : 0)).items)).toEqual([
      ['Background errors', 390],
      ['v2', 11],
    ]);
    expect(spendMinutes(marks.slice(0, 2), window, NOW)).toEqual([]);
  });

  it('lists nothing that cost nothing', () => {
    expect(spend([mark('calm', 'deploy', END_M - 50, END_M - 40)], () => 0).items).toEqual([]);
  });

  it('adds up to exactly what was spent, for any tangle of marks', () => {
    const some = fc.array(
      fc.record({
        kind: fc.constantFrom<MarkKind[]>('incident', 'deploy'),
        back: fc.integer({ min: -100, max: 15 * 1440 }),
        length: fc.option(fc.integer({ min: 0, max: 3 * 1440 })),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 400 }), (list, every) => {
        const marks = list.map(({ kind, back, length }, i) =>
          mark(`m${i}`, kind, END_M - back, length === null ? null : END_M - back + length),
        );
        const { items, spent, totalBad } = spend(marks, (m) => (m % every === 0 ? 1 + (m % 3) : 0));
        expect(items.reduce((sum, item) => sum + item.badEvents, 0)).toBe(totalBad);
        expect(items.reduce((sum, item) => sum + item.budgetRatio, 0)).toBeCloseTo(spent, 9);
        for (const item of items) expect(item.badEvents).toBeGreaterThan(0);
        expect(items.map((item) => item.badEvents)).toEqual(
          items.map((item) => item.badEvents).toSorted((a, b) => b - a),
        );
        expect(spend(marks.toReversed(), (m) => (m % every === 0 ? 1 + (m % 3) : 0)).items).toEqual(items);
      }),
      { numRuns: 30 },
    );
  });

  it('asks for full hours only where marks are old', () => {
    const marks = [
      mark('a', 'incident', END_M - 9 * 1440 - 7, END_M - 9 * 1440 + 3),
      mark('b', 'incident', END_M - 77, END_M - 70),
    ];
    const minutes = spendMinutes(marks, window, NOW);
    expect(
      minutes.filter((m) => m < END_M - (8 * DAY_MS) / MINUTE_MS).every((m) => (m + 1) % (HOUR_MS / MINUTE_MS) === 0),
    ).toBe(true);
    expect(minutes.slice(-2)).toEqual([END_M - 78, END_M - 70]);
  });
});
