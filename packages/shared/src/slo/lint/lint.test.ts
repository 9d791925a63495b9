import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { type SloDefinition, sloDefinition } from '../definition.ts';
import { lintDefinition, refuseErrors, remarkOfRefusal } from './lint.ts';
import type { Measured } from './measured.ts';
import type { LintRemark } from './types.ts';

const plain = {
  platform: 'shop',
  slug: 'checkout',
  name: 'Checkout',
  sourceId: 'src_shop_prometheus',
  indicator: { kind: 'counters', total: 'http_requests_total', bad: 'http_requests_total{status=~"5.."}' },
  targetPercent: '99.9',
  windows: [{ kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt: 0 }],
};
const define = (more: Record<string, unknown> = {}): SloDefinition => sloDefinition.parse({ ...plain, ...more });
const lint = (more: Record<string, unknown> = {}, intervalMs = 15_000, measured?: Measured): LintRemark[] =>
  lintDefinition(define(more), measured === undefined ? { intervalMs } : { intervalMs, measured });
const codes = (remarks: readonly LintRemark[]) => remarks.map(({ code, level, field }) => [code, level, field]);
const counters = (part: Record<string, string>, total = 'http_requests_total') => ({
  indicator: { kind: 'counters', total, ...part },
});
const custom = (row: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  alerting: {
    policy: 'custom',
    rows: [{ shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page', ...row }],
    ...more,
  },
});
const healthy: Measured = {
  totalEvents: 1_000_000,
  badEvents: 200,
  observedMinutes: 43_200,
  expectedMinutes: 43_200,
  leftRatio: 0.8,
};

describe('a sound definition', () => {
  it.each([
    ['counters of failures', {}],
    ['counters of successes', counters({ good: 'http_requests_total{status!~"5.."}' })],
    ['successes by their own labels', counters({ good: 'http_requests_total{status=~"2..|3.."}' })],
    ['successes of either kind', counters({ good: 'http_requests_total{status=~"2..|5.."}' })],
    ['failures by name', counters({ bad: 'http_request_errors_total' })],
    ['failures of another kind', counters({ bad: 'http_requests_total{slow="yes"}' })],
    ['port numbers', counters({ good: 'http_requests_total{instance="a:5000",path="/v25.."}' })],
    ['a gauge', { indicator: { kind: 'gauge', selector: 'up' } }],
    ['slices', { indicator: { kind: 'slices', query: 'max(x)', op: 'lte', value: 1, sliceMinutes: 1 } }],
    ['pushed counts', { indicator: { kind: 'push' } }],
    ['constant shares over 30 days', { alerting: { policy: 'constant_share' } }],
  ])('has no remarks: %s', (_what, more) => {
    expect(lint(more, 15_000, healthy)).toEqual([]);
  });
});

describe('what is counted', () => {
  it.each([
    ['bad', 'http_requests_total', 'indicator.bad'],
    ['good', ' http_requests_total ', 'indicator.good'],
  ])('%s must not be the total', (part, query, field) => {
    expect(codes(lint(counters({ [part]: query })))).toEqual([['identical_queries', 'error', field]]);
    const spaced = counters({ [part]: 'x{ a = "b" }' }, 'x{a="b"}');
    expect(codes(lint(spaced))).toEqual([['identical_queries', 'error', field]]);
  });

  it.each([
    ['good', 'http_requests_total{status=~"5.."}'],
    ['good', 'http_requests_total{code="500"}'],
    ['good', "http_requests_total{status=~'5\\\\d\\\\d'}"],
    ['good', 'http_requests_total{outcome="failed"}'],
    ['good', 'http_request_errors_total'],
    ['good', 'checks_failed_total'],
    ['bad', 'http_requests_total{status=~"2.."}'],
    ['bad', 'http_requests_total{status!~"5.."}'],
    ['bad', 'http_requests_total{outcome="success"}'],
  ])('%s is questioned when it is %s', (part, query) => {
    expect(codes(lint(counters({ [part]: query })))).toEqual([['good_is_errors', 'warning', `indicator.${part}`]]);
  });

  it.each([
    { kind: 'latency', buckets: 'x_bucket', le: '0.25' },
    { kind: 'percentile', buckets: 'x_bucket', quantile: 0.95, op: 'lte', value: 0.25, sliceMinutes: 1 },
  ])('$kind is told from its twin', (indicator) => {
    expect(codes(lint({ indicator }))).toEqual([['percentile_as_ratio', 'note', 'indicator.kind']]);
  });
});

describe('the limit of a percentile', () => {
  const judged = (value: number, op: string, bounds: number[]) => {
    const indicator = { kind: 'percentile', buckets: 'x_bucket', quantile: 0.95, op, value, sliceMinutes: 1 };
    const remarks = lintDefinition(define({ indicator }), { intervalMs: 15_000, bounds });
    return remarks.filter(({ code }) => code === 'missing_bucket').map(({ level, message }) => [level, message]);
  };

  it.each<[number, string, number[], string | null, string]>([
    [0.25, 'lte', [0.1, 0.25, 1], null, ''],
    [0.3, 'lte', [0.1, 0.25, 1], 'note', 'between 0.25 and 1'],
    [0.05, 'lte', [0.1, 0.25, 1], 'note', 'between 0 and 0.1'],
    [1, 'lt', [0.1, 0.25, 1], null, ''],
    [1, 'lte', [0.1, 0.25, 1], 'warning', 'above 1'],
    [5, 'lt', [0.1, 0.25, 1], 'warning', 'above 1'],
    [5, 'lt', [], null, ''],
  ])('%d (%s) of %j', (value, op, bounds, ...[level, words]) => {
    const found = judged(value, op, bounds);
    expect(found).toEqual(level === null ? [] : [[level, expect.stringContaining(words) as string]]);
  });
});

describe('rows of burn', () => {
  it.each([
    ['unreachable', { limit: 950 }, ['unreachable_row', 'error', 'alerting.rows[0].limit'], 'at most 900.'],
    ['slow', { limit: 0.5 }, ['slow_row', 'error', 'alerting.rows[0].limit'], 'choose 1 or more'],
    ['too long', { longMs: 31 * DAY_MS }, ['long_row', 'error', 'alerting.rows[0].longMs'], '30d'],
    ['too short', { shortMs: MINUTE_MS }, ['short_row', 'error', 'alerting.rows[0].shortMs'], 'at least 2m'],
    ['late', { longMs: 20 * DAY_MS, limit: 2 }, ['late_warning', 'warning', 'alerting.rows[0].limit'], '133%'],
  ])('of one’s own: %s', (_what, row, expected, words) => {
    const remarks = lint(custom(row), MINUTE_MS);
    expect(codes(remarks)).toContainEqual(expected);
    expect(remarks.map(({ message }) => message).join(' ')).toContain(words);
  });

  it('that are allowed to be slow are told to speak inside the objective', () => {
    const remarks = lint(custom({ limit: 0.5 }, { allowSlowRows: true }));
    expect(codes(remarks)).toEqual([['warning_inside_objective', 'warning', 'alerting.rows[0].limit']]);
  });

  it('of a policy are left out with a note, never refused', () => {
    const low = lint({ targetPercent: '90' });
    expect(codes(low)).toEqual([['unreachable_row', 'note', 'alerting.policy']]);
    expect(low[0]?.message).toContain('left out');
    const week = { windows: [{ kind: 'rolling', windowMs: 7 * DAY_MS }], alerting: { policy: 'constant_share' } };
    expect(codes(lint(week))).toEqual([
      ['slow_row', 'warning', 'alerting.policy'],
      ['slow_row', 'warning', 'alerting.policy'],
    ]);
    const rare = lint({}, 10 * MINUTE_MS);
    expect(codes(rare)).toEqual([['short_row', 'warning', 'alerting.policy']]);
  });

  it('must hold two slices', () => {
    const indicator = { kind: 'slices', query: 'max(x)', op: 'lte', value: 1, sliceMinutes: 60 };
    const remarks = lint({ indicator });
    const short = remarks.filter(({ code }) => code === 'short_row');
    expect(short).toHaveLength(2);
    expect(short[0]?.message).toContain('every 1h');
  });

  it('are missed where none can fire', () => {
    const remarks = lint({ targetPercent: '5' });
    expect(codes(remarks)).toContainEqual(['late_warning', 'warning', 'alerting.policy']);
    const withRunOut = lint({ targetPercent: '5', alerting: { exhaustionMs: DAY_MS } });
    expect(withRunOut.map(({ code }) => code)).not.toContain('late_warning');
  });
});

describe('target and zones', () => {
  it.each([
    [{ targetPercent: '99.9999' }, [['target_too_high', 'warning', 'targetPercent']]],
    [{ targetPercent: '99.99' }, []],
    [{ cautionRatio: 0.95 }, [['warning_inside_objective', 'warning', 'cautionRatio']]],
    [{ cautionRatio: 0, freezeRatio: 0 }, [['late_warning', 'warning', 'cautionRatio']]],
    [{ alerting: { exhaustionMs: 30 * DAY_MS } }, [['warning_inside_objective', 'warning', 'alerting.exhaustionMs']]],
    [{ alerting: { exhaustionMs: 2 * DAY_MS } }, []],
  ])('%j', (more, expected) => {
    expect(codes(lint(more))).toEqual(expected);
  });

  it('calls a target too high when one slice is more than it allows', () => {
    const indicator = { kind: 'slices', query: 'max(x)', op: 'lte', value: 1, sliceMinutes: 5 };
    expect(codes(lint({ indicator, targetPercent: '99.99' }))).toContainEqual([
      'target_too_high',
      'warning',
      'targetPercent',
    ]);
    expect(lint({ indicator, targetPercent: '99.95' }).map(({ code }) => code)).not.toContain('target_too_high');
  });
});

describe('what was really counted', () => {
  const found = (more: Partial<Measured>, definition: Record<string, unknown> = {}) =>
    codes(lint(definition, 15_000, { ...healthy, ...more }));

  it.each<[string, Partial<Measured>, string[][]]>([
    ['nothing', { totalEvents: 0, badEvents: 0, observedMinutes: 0 }, [['no_data', 'warning', 'indicator']]],
    ['no events', { totalEvents: 0, badEvents: 0 }, [['no_data', 'warning', 'indicator']]],
    ['gaps', { observedMinutes: 30_000 }, [['low_coverage', 'warning', 'indicator']]],
    ['more failures than events', { badEvents: 2_000_000 }, [['bad_over_total', 'error', 'indicator']]],
    ['a missed objective', { leftRatio: -3 }, [['already_overspent', 'warning', 'targetPercent']]],
    ['ten requests an hour', { totalEvents: 720, badEvents: 0, observedMinutes: 4_320, expectedMinutes: 4_320 }, []],
  ])('tells %s', (_what, more, expected) => {
    expect(found(more)).toEqual(expected);
  });

  it('tells traffic that allows less than one failure, or never passes the gates', () => {
    const rare = { totalEvents: 720, badEvents: 0 };
    expect(found(rare)).toEqual([
      ['low_traffic', 'warning', 'targetPercent'],
      ['low_traffic', 'warning', 'alerting.minBadEvents'],
    ]);
    expect(found(rare, { targetPercent: '99' })).toEqual([['low_traffic', 'warning', 'alerting.minBadEvents']]);
    expect(found({}, { alerting: { minTotalEvents: 100_000 } })).toEqual([
      ['low_traffic', 'warning', 'alerting.minTotalEvents'],
    ]);
  });
});

describe('errors', () => {
  it('come first, and keep a definition from being stored', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 2_000, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('99.9', '95', '50'),
        (limit, shortMinutes, targetPercent) => {
          const remarks = lint({
            ...custom({ limit, shortMs: shortMinutes * MINUTE_MS, longMs: 61 * MINUTE_MS }),
            targetPercent,
          });
          const levels = remarks.map(({ level }) => level);
          expect(levels).toEqual([...levels].sort((a, b) => 'ewn'.indexOf(a[0] ?? '') - 'ewn'.indexOf(b[0] ?? '')));
          if (levels.includes('error')) expect(() => refuseErrors(remarks)).toThrow('Nothing was stored');
          else expect(() => refuseErrors(remarks)).not.toThrow();
        },
      ),
    );
  });

  it('name each field', () => {
    const remarks = lint(custom({ limit: 950, longMs: HOUR_MS }));
    expect(() => refuseErrors(remarks)).toThrow(
      expect.objectContaining({
        code: 'invalid',
        fields: [{ field: 'alerting.rows[0].limit', message: expect.stringContaining('900') as string }],
      }) as Error,
    );
  });

  it.each([
    ['indicator.le', 'missing_bucket'],
    ['indicator.bad', 'bad_over_total'],
    ['indicator.good', 'bad_over_total'],
  ])('of a source at %s become remarks', (field, code) => {
    expect(remarkOfRefusal({ field, message: 'x' })).toEqual({ code, level: 'error', field, message: 'x' });
    expect(remarkOfRefusal({ field: 'indicator', message: 'parse error' })).toBeNull();
  });
});
