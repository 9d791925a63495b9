import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { hiddenCharacterAt } from '../../users/text.ts';
import { type SloDefinition, sloDefinition } from '../definition.ts';
import { isSameWindow } from '../windows/same.ts';
import { collect } from './collect.ts';
import { readOpenSlo, toOpenSlo } from './index.ts';

const text = (max: number) =>
  fc
    .string({ maxLength: max, unit: 'grapheme' })
    .map((s) => s.trim())
    .filter((s) => hiddenCharacterAt(s) === null);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{1,12}$/);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((n) => n + 0);
const share = fc.double({ noNaN: true, min: 0, max: 1 });
const query = fc.constantFrom('hits_total', 'hits_total{code=~"5.."}', 'a{b="c",}', 'x_bucket{}', 'sum(rate(y[5m]))');
const sliceMinutes = fc.constantFrom(1, 2, 5, 10, 30, 60);

const indicator = fc.oneof(
  fc.record({ kind: fc.constant('counters'), total: query, bad: query }),
  fc.record({ kind: fc.constant('counters'), total: query, good: query }),
  fc.record({ kind: fc.constant('latency'), buckets: query, le: fc.constantFrom('0.25', '1', '1.0') }),
  fc.record({ kind: fc.constant('gauge'), selector: query }),
  fc.record({
    kind: fc.constant('slices'),
    query,
    op: fc.constantFrom('lte', 'lt', 'gte', 'gt'),
    value: finite,
    sliceMinutes,
  }),
  fc.record({
    kind: fc.constant('percentile'),
    buckets: query,
    quantile: fc.constantFrom(0.5, 0.95, 0.999),
    op: fc.constantFrom('lte', 'lt'),
    value: fc.double({ noNaN: true, min: 1e-6, max: 1e6 }),
    sliceMinutes,
  }),
  fc.constant({ kind: 'push' }),
);

const windowMs = fc.oneof(
  fc.integer({ min: 60, max: 4_000 }).map((n) => n * MINUTE_MS),
  fc.integer({ min: 72, max: 366 * 24 }).map((n) => n * HOUR_MS),
);
const anchorAt = fc.oneof(fc.integer({ min: 0, max: 2e12 }), fc.constant(Date.UTC(9_999, 11, 31)));
const startDate = fc.integer({ min: 0, max: 40_000 }).map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
const window = fc.oneof(
  fc.record({ kind: fc.constant('cycle'), windowMs, anchorAt }),
  fc.record({ kind: fc.constant('rolling'), windowMs }),
  fc.record({
    kind: fc.constant('calendar'),
    calendar: fc
      .record({
        unit: fc.constantFrom(['day', 12], ['week', 12], ['month', 12], ['quarter', 4], ['year', 1]),
        part: share,
        timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
        startDate,
      })
      .map(({ unit: [unit, max], part, ...rest }) => ({
        unit,
        count: 1 + Math.floor(part * (Number(max) - 1)),
        ...rest,
      })),
  }),
);

const row = fc
  .record({
    shortMs: fc.integer({ min: 1, max: 500 }).map((n) => n * MINUTE_MS),
    extraMs: fc.integer({ min: 1, max: 5_000 }).map((n) => n * MINUTE_MS),
    limit: fc.double({ noNaN: true, min: 0.01, max: 1_000_000 }),
    severity: fc.constantFrom('page', 'ticket'),
  })
  .map(({ extraMs, ...r }) => ({ ...r, longMs: r.shortMs + extraMs }));
const alerting = fc
  .record({
    policy: fc.constantFrom('constant_limit', 'constant_share', 'custom'),
    rows: fc.array(row, { minLength: 1, maxLength: 8 }),
    minBadEvents: fc.integer({ min: 1, max: 1_000 }),
    minTotalEvents: fc.integer({ min: 0, max: 1_000 }),
    exhaustionMs: fc.option(fc.integer({ min: HOUR_MS, max: 100 * DAY_MS })),
    absentMs: fc.option(fc.integer({ min: 5 * MINUTE_MS, max: 30 * DAY_MS })),
    allowSlowRows: fc.boolean(),
    isMuted: fc.boolean(),
  })
  .map((rules) => (rules.policy === 'custom' ? rules : { ...rules, rows: [] }));

const target = fc.integer({ min: 1, max: 99_999_999 }).map((micro) => {
  const whole = Math.floor(micro / 1_000_000);
  return `${whole}.${String(micro % 1_000_000).padStart(6, '0')}`;
});

const definition: fc.Arbitrary<SloDefinition> = fc
  .record({
    platform: word,
    slug: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/),
    name: text(100).map((name) => `n${name}`),
    description: text(200),
    owner: fc.option(text(100)),
    service: fc.option(text(100)),
    sourceId: fc.constantFrom('src_a', 'src_b', 'other'),
    indicator,
    targetPercent: target,
    windows: fc.uniqueArray(window, { minLength: 1, maxLength: 5, comparator: isSameWindow }),
    ratios: fc.tuple(share, share).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    meanings: fc.record({ ship: text(60), caution: text(60), freeze: text(60), overspent: text(60) }),
    alerting,
    exclusionMode: fc.constantFrom('auto', 'remove', 'good'),
    labels: fc.dictionary(fc.oneof(word, text(20)), fc.oneof(word, text(40)), { maxKeys: 5, noNullPrototype: true }),
  })
  .map(({ ratios: [freezeRatio, cautionRatio], ...rest }) =>
    sloDefinition.parse({ ...rest, freezeRatio, cautionRatio }),
  );

const sources = [
  { id: 'src_a', platformId: 'shop', kind: 'prometheus' as const, name: 'A', url: 'http://u:p@a:9090/x?token=1' },
  { id: 'src_b', platformId: 'shop', kind: 'push' as const, name: 'B', url: null },
];

describe('what is exported', () => {
  it('is valid OpenSLO v1 and reads back as the same definitions', () => {
    fc.assert(
      fc.property(fc.array(definition, { maxLength: 4 }), (definitions) => {
        const documents = JSON.parse(JSON.stringify(toOpenSlo(definitions, sources))) as unknown[];
        expect(collect(documents).faults).toEqual([]);
        const read = readOpenSlo(documents, {});
        expect(read.faults).toEqual([]);
        expect(read.warnings).toEqual([]);
        expect(read.objectives.map((o) => o.definition)).toEqual(definitions);
      }),
      { numRuns: 300 },
    );
  });

  it('says the same the second time', () => {
    fc.assert(
      fc.property(definition, (one) => {
        const first = toOpenSlo([one], sources);
        const again = readOpenSlo(first, {}).objectives.map((o) => o.definition);
        expect(toOpenSlo(again, sources)).toEqual(first);
      }),
    );
  });

  it('carries no secret of a source', () => {
    const [source] = toOpenSlo([], sources);
    expect(source).toMatchObject({ kind: 'DataSource', spec: { connectionDetails: { url: 'http://a:9090/x' } } });
  });
});
