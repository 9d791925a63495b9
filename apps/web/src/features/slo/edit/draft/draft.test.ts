import { sloDefinition, type SloDefinition } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slugIn } from './draft-input.ts';
import { emptyDraft, nextKey, type SloDraft, usualStart, usualWindow } from './draft.ts';
import { copyDraft, fillDraft } from './fill-draft.ts';
import { readDraft, readForPreview } from './read-draft.ts';

const NOW = Date.UTC(2026, 9, 3, 14, 47);
const short: SloDraft = {
  ...emptyDraft('hashinsight', NOW),
  sourceId: 'src_1',
  total: 'http_requests_total',
  bad: 'http_requests_total{code=~"5.."}',
  target: '99.95',
  name: 'API availability',
};
const faultsOf = (over: Partial<SloDraft>) =>
  Object.fromEntries(readDraft({ ...short, ...over }).faults.map(({ field, message }) => [field, message]));
const definitionOf = (over: Partial<SloDraft> = {}): SloDefinition => {
  const { definition, faults } = readDraft({ ...short, ...over });
  expect(faults).toEqual([]);
  if (definition === null) throw new Error('no definition');
  return definition;
};

describe('the short path', () => {
  it('needs platform, source, queries, target and name only', () => {
    expect(definitionOf()).toMatchObject({
      platform: 'hashinsight',
      slug: 'api-availability',
      name: 'API availability',
      indicator: { kind: 'counters', total: 'http_requests_total', bad: 'http_requests_total{code=~"5.."}' },
      targetPercent: '99.95',
      windows: [{ kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt: Date.UTC(2026, 9, 1) }],
      cautionRatio: 0.2,
      freezeRatio: 0.1,
      alerting: { policy: 'constant_limit', rows: [], minBadEvents: 3, absentMs: 15 * MINUTE_MS, exhaustionMs: null },
      owner: null,
      labels: {},
    });
  });

  it('names every field that is missing, by the name the server gives it', () => {
    const { faults } = readDraft(emptyDraft('', NOW));
    expect(faults.map(({ field }) => field).toSorted()).toEqual([
      'indicator.bad',
      'indicator.total',
      'name',
      'platform',
      'sourceId',
    ]);
  });

  it('can be previewed before it has a name', () => {
    expect(readForPreview({ ...short, name: '' }).definition).toMatchObject({ name: 'Preview', slug: 'preview' });
    expect(readForPreview({ ...short, bad: '' }).faults).toEqual([{ field: 'indicator.bad', message: 'is missing' }]);
  });
});

describe('each kind', () => {
  it.each<[Partial<SloDraft>, SloDefinition['indicator']]>([
    [
      { kind: 'good', good: 'ok_total' },
      { kind: 'counters', total: 'http_requests_total', good: 'ok_total' },
    ],
    [
      { kind: 'latency', buckets: 'd_bucket', le: ' 0.25 ' },
      { kind: 'latency', buckets: 'd_bucket', le: '0.25' },
    ],
    [
      { kind: 'percentile', buckets: 'd_bucket', quantilePercent: '99.9', op: 'gte', value: '0.25' },
      { kind: 'percentile', buckets: 'd_bucket', quantile: 0.999, op: 'lte', value: 0.25, sliceMinutes: 5 },
    ],
    [
      { kind: 'slices', query: 'queue_depth', op: 'lt', value: '-1.5', sliceMinutes: '10' },
      { kind: 'slices', query: 'queue_depth', op: 'lt', value: -1.5, sliceMinutes: 10 },
    ],
    [
      { kind: 'gauge', selector: 'up{job="api"}' },
      { kind: 'gauge', selector: 'up{job="api"}' },
    ],
    [{ kind: 'push' }, { kind: 'push' }],
  ])('%j is %j', (over, indicator) => {
    expect(definitionOf(over).indicator).toEqual(indicator);
  });

  it('is not troubled by what was typed for another kind', () => {
    expect(definitionOf({ value: 'abc', le: 'x', quantilePercent: '' }).indicator.kind).toBe('counters');
  });
});

describe('what is wrong', () => {
  it.each<[Partial<SloDraft>, string, RegExp]>([
    [{ target: '100' }, 'targetPercent', /leaves no error budget/],
    [{ target: 'high' }, 'targetPercent', /plain decimal such as 99\.95/],
    [{ windows: [{ ...usualWindow(0, NOW), length: 'a month' }] }, 'windows[0].windowMs', /such as 30d/],
    [{ windows: [{ ...usualWindow(0, NOW), length: '30m' }] }, 'windows[0].windowMs', /at least an hour/],
    [{ windows: [{ ...usualWindow(0, NOW), anchorDay: '' }] }, 'windows[0].anchorAt', /a day such as/],
    [
      { windows: [{ ...usualWindow(0, NOW, 'calendar'), timeZone: 'Mars/Olympus' }] },
      'windows[0].calendar.timeZone',
      /IANA name/,
    ],
    [{ windows: [] }, 'windows', /at least one window/],
    [{ windows: [usualWindow(0, NOW), usualWindow(0, NOW)] }, 'windows[1].windowMs', /same window as number 1/],
    [{ caution: '5', freeze: '10' }, 'freezeRatio', /not be above caution/],
    [{ caution: 'some' }, 'cautionRatio', /must be a number/],
    [{ kind: 'latency', buckets: 'b', le: '250ms' }, 'indicator.le', /bound such as 0\.25/],
    [{ kind: 'slices', query: 'q', value: '' }, 'indicator.value', /is missing/],
    [{ kind: 'percentile', buckets: 'b', value: '1', quantilePercent: '100' }, 'indicator.quantile', /below 1/],
    [{ alerts: { ...short.alerts, policy: 'custom' } }, 'alerting.rows', /at least one row/],
    [{ alerts: { ...short.alerts, absent: '1m' } }, 'alerting.absentMs', /at least 5 minutes/],
    [{ slug: 'Not A Slug' }, 'slug', /a-z/],
    [{ name: '???' }, 'name', /a letter or digit/],
    [{ labels: [{ key: 0, name: '', value: 'x' }] }, 'labels', /needs a name/],
    [
      {
        labels: [
          { key: 0, name: 'a', value: '1' },
          { key: 1, name: ' a', value: '2' },
        ],
      },
      'labels',
      /there twice/,
    ],
  ])('%j is said at %s', (over, field, message) => {
    const faults = faultsOf(over);
    expect(Object.keys(faults)).toEqual([field]);
    expect(faults[field]).toMatch(message);
  });

  it('puts the fault of an alert row on its own line', () => {
    const rows = [
      { key: 0, short: '5m', long: '1h', limit: '14.4', severity: 'page' as const },
      { key: 1, short: '2h', long: '1h', limit: 'x', severity: 'ticket' as const },
    ];
    expect(Object.keys(faultsOf({ alerts: { ...short.alerts, policy: 'custom', rows } }))).toEqual([
      'alerting.rows[1].limit',
    ]);
    const shortFirst = rows.map((row) => ({ ...row, limit: '2' }));
    expect(Object.keys(faultsOf({ alerts: { ...short.alerts, policy: 'custom', rows: shortFirst } }))).toEqual([
      'alerting.rows[1].shortMs',
    ]);
  });
});

it.each([
  ['30 d', 30 * DAY_MS],
  ['6h', 6 * HOUR_MS],
  ['90 min', 90 * MINUTE_MS],
  ['1h 30min', 90 * MINUTE_MS],
])('reads the length %s', (length, windowMs) => {
  const windows = [{ ...usualWindow(0, NOW, 'rolling'), length }];
  expect(definitionOf({ windows }).windows).toEqual([{ kind: 'rolling', windowMs }]);
});

describe('an objective that exists', () => {
  const text = fc.string({ minLength: 1, maxLength: 40 }).filter((value) => value.trim() === value && value !== '');
  // Minus zero is a zero no form can hold.
  const limit = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value + 0);
  const sliceMinutes = fc.constantFrom(1, 5, 30);
  const indicator = fc.oneof(
    fc.record({ kind: fc.constant('counters'), total: text, bad: text }),
    fc.record({ kind: fc.constant('counters'), total: text, good: text }),
    fc.record({ kind: fc.constant('latency'), buckets: text, le: fc.constantFrom('0.25', '1', '1000') }),
    fc.record({ kind: fc.constant('gauge'), selector: text }),
    fc.record({
      kind: fc.constant('slices'),
      query: text,
      op: fc.constantFrom('lte', 'lt', 'gte', 'gt'),
      value: limit,
      sliceMinutes,
    }),
    fc.record({
      kind: fc.constant('percentile'),
      buckets: text,
      quantile: fc.integer({ min: 1, max: 9_999 }).map((n) => n / 10_000),
      op: fc.constantFrom('lte', 'lt'),
      value: fc.double({ noNaN: true, min: 0.001, max: 1e6 }),
      sliceMinutes,
    }),
    fc.record({ kind: fc.constant('push') }),
  );
  const hours = fc.integer({ min: 3 * 24, max: 366 * 24 }).map((n) => n * HOUR_MS);
  const window = fc.oneof(
    fc.record({ kind: fc.constant('rolling'), windowMs: hours }),
    fc.record({ kind: fc.constant('cycle'), windowMs: hours, anchorAt: fc.integer({ min: 0, max: NOW }) }),
    fc.record({
      kind: fc.constant('calendar'),
      calendar: fc.record({
        unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
        count: fc.constant(1),
        timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
        startDate: fc.constantFrom('2026-01-31', '2024-02-29'),
      }),
    }),
  );
  const minutes = fc.integer({ min: 1, max: 500 }).map((n) => n * MINUTE_MS);
  const row = fc.record({
    shortMs: minutes,
    longMs: minutes.map((ms) => ms + DAY_MS),
    limit: fc.double({ noNaN: true, min: 0.01, max: 1_000 }),
    severity: fc.constantFrom('page', 'ticket'),
  });
  const shared = {
    minBadEvents: fc.integer({ min: 1, max: 100 }),
    minTotalEvents: fc.integer({ min: 0, max: 1_000 }),
    exhaustionMs: fc.option(fc.constant(24 * HOUR_MS)),
    absentMs: fc.option(fc.constant(90 * MINUTE_MS)),
    allowSlowRows: fc.boolean(),
    isMuted: fc.boolean(),
  };
  const alerting = fc.oneof(
    fc.record({ ...shared, policy: fc.constant('custom'), rows: fc.array(row, { minLength: 1, maxLength: 8 }) }),
    fc.record({ ...shared, policy: fc.constantFrom('constant_limit', 'constant_share'), rows: fc.constant([]) }),
  );
  const definitions = fc
    .record({
      platform: fc.constantFrom('hashinsight', 'web3-audit'),
      slug: fc.constantFrom('a', 'api-availability', '0-x'),
      name: fc.constantFrom('API availability', 'Größe', 'a'),
      description: text,
      owner: fc.option(text),
      service: fc.option(text),
      sourceId: fc.constant('src_1'),
      indicator,
      targetPercent: fc.constantFrom('99.95', '90', '99.999999'),
      windows: fc.uniqueArray(window, {
        minLength: 1,
        maxLength: 5,
        selector: (one) =>
          'calendar' in one ? `${one.calendar.unit} ${one.calendar.timeZone}` : `${one.kind} ${one.windowMs}`,
      }),
      cautionRatio: fc.integer({ min: 50, max: 100 }).map((n) => n / 100),
      freezeRatio: fc.integer({ min: 0, max: 50 }).map((n) => n / 100),
      meanings: fc.constant({ ship: 'Go', caution: '', freeze: 'Stop', overspent: '' }),
      alerting,
      exclusionMode: fc.constantFrom('auto', 'remove', 'good'),
      labels: fc.constantFrom({}, { team: 'api', tier: '1' }),
    })
    .map((value) => sloDefinition.parse(value));

  it('goes into the form and comes out the same, whatever it holds', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(readDraft(fillDraft(definition, NOW))).toEqual({ definition, faults: [] });
      }),
    );
  });

  it('keeps the exact start of a cycle until its day is touched', () => {
    const anchorAt = Date.UTC(2026, 8, 9, 7, 30);
    const definition = sloDefinition.parse({
      ...definitionOf(),
      windows: [{ kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt }],
    });
    const draft = fillDraft(definition, NOW);
    const touched = draft.windows.map((one) => ({ ...one, anchorDay: '2026-09-10', anchorAt: null }));
    expect(readDraft(draft).definition?.windows).toEqual(definition.windows);
    expect(readDraft({ ...draft, windows: touched }).definition?.windows).toEqual([
      { kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt: Date.UTC(2026, 8, 10) },
    ]);
  });

  it('can be copied without its name', () => {
    expect(copyDraft(definitionOf(), NOW)).toMatchObject({ name: '', slug: '', total: short.total, target: '99.95' });
  });
});

it('makes the slug from the name until it has its own', () => {
  expect(slugIn({ name: 'P95 latency (EU)', slug: '' })).toBe('p95-latency-eu');
  expect(slugIn({ name: 'P95 latency (EU)', slug: ' eu ' })).toBe('eu');
});

it('begins calendar periods where people expect them', () => {
  expect(usualStart('week', NOW)).toBe('2026-09-28');
  expect(usualStart('month', NOW)).toBe('2026-10-01');
  expect(usualStart('quarter', NOW)).toBe('2026-01-01');
  expect(usualStart('day', NOW)).toBe('2026-10-03');
});

it('never gives two lines one key', () => {
  expect(nextKey([])).toBe(0);
  expect(nextKey([{ key: 4 }, { key: 1 }])).toBe(5);
});
