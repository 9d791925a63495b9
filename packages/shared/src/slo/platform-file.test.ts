import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../time/index.ts';
import { defaultAlertRules } from './definition.ts';
import { platformFile, slugOf } from './platform-file.ts';
import { fieldPath, schemaFaults } from './push.ts';
import { sloIdInput, sloListInput, sloPageInput } from './schemas.ts';
import { parseTarget } from './target.ts';

const slo = { name: 'Availability', target: 99.95, total: 'requests_total', bad: 'requests_total{status=~"5.."}' };
const file = { platform: 'hashinsight', prometheus: 'http://localhost:9090', slos: [slo] };
const push = { platform: 'ledger', push: true, slos: [{ name: 'Payouts', target: '99.9' }] };

function faultsOf(input: unknown): Record<string, string> {
  const parsed = platformFile.safeParse(input);
  if (parsed.success) throw new Error('was accepted');
  return Object.fromEntries(schemaFaults(parsed.error).map((fault) => [fault.field, fault.message]));
}

describe('platformFile', () => {
  it('fills in what is usual', () => {
    expect(platformFile.parse(file)).toEqual({
      platform: 'hashinsight',
      name: 'hashinsight',
      source: { kind: 'prometheus', url: 'http://localhost:9090' },
      intervalMs: 30_000,
      slos: [
        {
          name: 'Availability',
          slug: 'availability',
          description: '',
          target: parseTarget('99.95'),
          windowMs: 30 * DAY_MS,
          windows: [{ kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt: null }],
          indicator: { kind: 'counters', total: slo.total, bad: slo.bad },
          owner: null,
          service: null,
          policy: { cautionRatio: 0.2, freezeRatio: 0.1 },
          meanings: { ship: '', caution: '', freeze: '', overspent: '' },
          alerting: defaultAlertRules,
          exclusionMode: 'auto',
          labels: {},
        },
      ],
    });
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['a bound', { latency: { buckets: 'd_bucket', le: 0.25 } }, { kind: 'latency', buckets: 'd_bucket', le: '0.25' }],
    ['samples', { gauge: 'up' }, { kind: 'gauge', selector: 'up' }],
    [
      'slices',
      { slices: { query: 'lag', op: 'lt', value: 5, slice: '5m' } },
      { kind: 'slices', query: 'lag', op: 'lt', value: 5, sliceMinutes: 5 },
    ],
    [
      'a percentile',
      { percentile: { buckets: 'd_bucket', quantile: 0.95, value: 0.25 } },
      { kind: 'percentile', buckets: 'd_bucket', quantile: 0.95, op: 'lte', value: 0.25, sliceMinutes: 1 },
    ],
  ])('counts by %s', (_what, counting, indicator) => {
    const parsed = platformFile.parse({ ...file, slos: [{ name: 'x', target: 99, ...counting }] });
    expect(parsed.slos[0]?.indicator).toEqual(indicator);
  });

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['two ways of counting', { gauge: 'up', total: 'a', bad: 'b' }, 'slos[0].total', /does not go with gauge/],
    ['a bound that is none', { latency: { buckets: 'b', le: 'fast' } }, 'slos[0].latency', /le must be a bound/],
    ['a quantile of 95', { percentile: { buckets: 'b', quantile: 95, value: 1 } }, 'slos[0].percentile', /quantile/],
    [
      'slices that divide no hour',
      { slices: { query: 'q', op: 'lt', value: 1, slice: '7m' } },
      'slos[0].slices',
      /hour/,
    ],
    [
      'a zone nobody knows',
      { gauge: 'up', window: { calendar: 'month', timeZone: 'Mars', startDate: '2026-01-01' } },
      'slos[0].window.timeZone',
      /time zone/,
    ],
    [
      'a calendar without a day',
      { gauge: 'up', window: [{ calendar: 'month' }] },
      'slos[0].window[0].startDate',
      /day/,
    ],
    ['an unknown word in a window', { gauge: 'up', window: { rolling: '7d', from: 'x' } }, 'slos[0].window', /from/],
    [
      'rows without the custom policy',
      { gauge: 'up', alerting: { rows: [{ short: '5m', long: '1h', limit: 14, severity: 'page' }] } },
      'slos[0].alerting.rows',
      /custom/,
    ],
    ['an unknown alert setting', { gauge: 'up', alerting: { loud: true } }, 'slos[0].alerting.loud', /known/],
  ])('refuses %s and names the field', (_what, entry, field, sentence) => {
    const faults = faultsOf({ ...file, slos: [{ name: 'x', target: 99, ...entry }] });
    expect(faults[field]).toMatch(sentence);
  });

  it('measures slices only where the past is known', () => {
    const { prometheus: _gone, ...rest } = file;
    const entry = { name: 'x', target: 99, slices: { query: 'q', op: 'lt', value: 1 } };
    const faults = faultsOf({ ...rest, scrape: 'http://x/metrics', slos: [entry] });
    expect(faults['slos[0].slices']).toMatch(/scrape source/);
  });

  it('reads everything that can be said', () => {
    const full = {
      platform: 'web3-audit',
      name: 'Web3 Audit',
      scrape: 'https://audit.example/metrics',
      interval: '15s',
      slos: [
        {
          name: 'API',
          slug: 'api-good',
          description: 'calls answered',
          target: '99.5',
          window: '7d',
          total: 'a',
          good: 'b',
          owner: 'Core',
          caution: '25%',
          freeze: 5,
        },
      ],
    };
    expect(platformFile.parse(full)).toMatchObject({
      name: 'Web3 Audit',
      source: { kind: 'scrape', url: 'https://audit.example/metrics' },
      intervalMs: 15_000,
      slos: [
        {
          slug: 'api-good',
          windowMs: 7 * DAY_MS,
          indicator: { kind: 'counters', total: 'a', good: 'b' },
          owner: 'Core',
          policy: { cautionRatio: 0.25, freezeRatio: 0.05 },
        },
      ],
    });
    expect(platformFile.parse(push)).toMatchObject({
      source: { kind: 'push' },
      slos: [{ indicator: { kind: 'push' } }],
    });
    expect(platformFile.parse({ ...push, slos: [{ name: 'x', target: 50, window: '6h' }] }).slos[0]?.windowMs).toBe(
      6 * HOUR_MS,
    );
  });

  it('takes the limits themselves', () => {
    const windows = ['1h', '366d', '3d1h', '71h59m'].map((window, i) => ({ ...slo, name: `SLO ${i}`, window }));
    expect(platformFile.parse({ ...file, slos: windows }).slos).toHaveLength(4);
    for (const interval of ['5s', '1h']) expect(platformFile.safeParse({ ...file, interval }).success).toBe(true);
    for (const marks of [
      { caution: 10, freeze: 10 },
      { caution: 1, freeze: 0 },
      { caution: 100, freeze: 100 },
    ]) {
      expect(platformFile.safeParse({ ...file, slos: [{ ...slo, ...marks }] }).success).toBe(true);
    }
  });

  const withSlo = (change: object) => ({ ...file, slos: [{ ...slo, ...change }] });
  it.each<[string, unknown, string, RegExp]>([
    ['no source', { platform: 'abc', slos: [slo] }, 'prometheus', /exactly one.*none/],
    ['two sources', { ...file, push: true }, 'push', /prometheus and push/],
    ['push: false', { ...push, push: false }, 'push', /true or left out/],
    ['a source that is no address', { ...file, prometheus: 'localhost' }, 'prometheus', /http/],
    ['a source with another protocol', { ...file, prometheus: 'file:///etc/passwd' }, 'prometheus', /http/],
    ['a platform name with capitals', { ...file, platform: 'HashInsight' }, 'platform', /a-z/],
    ['an unknown field', { ...file, prometeus: 'x' }, 'prometeus', /not a known field/],
    ['an unknown field of an objective', withSlo({ objective: 99 }), 'slos[0].objective', /not a known field/],
    ['no objectives', { ...file, slos: [] }, 'slos', /at least one/],
    ['a target of 100', withSlo({ target: 100 }), 'slos[0].target', /no error budget/],
    ['a target with a sign', withSlo({ target: '99.9%' }), 'slos[0].target', /plain decimal/],
    ['a target too fine', withSlo({ target: '99.99999999' }), 'slos[0].target', /6 decimals/],
    ['no target', withSlo({ target: undefined }), 'slos[0].target', /percentage/],
    ['a window in words', withSlo({ window: 'a month' }), 'slos[0].window', /not a duration/],
    ['a window too short', withSlo({ window: '59m' }), 'slos[0].window', /between 1h and 366d/],
    ['a window too long', withSlo({ window: '367d' }), 'slos[0].window', /between 1h and 366d/],
    ['a long window off the hour', withSlo({ window: '3d30m' }), 'slos[0].window', /whole hours/],
    ['an interval too short', { ...file, interval: '1s' }, 'interval', /between 5s and 1h/],
    ['an interval as a number', { ...file, interval: 15 }, 'interval', /duration/],
    ['no total', withSlo({ total: undefined }), 'slos[0].total', /missing/],
    ['neither good nor bad', withSlo({ bad: undefined }), 'slos[0].bad', /missing/],
    ['both good and bad', withSlo({ good: 'x' }), 'slos[0].good', /not both/],
    ['bad that is total', withSlo({ bad: slo.total }), 'slos[0].bad', /same query/],
    ['an empty query', withSlo({ bad: '  ' }), 'slos[0].bad', /empty/],
    [
      'queries for pushed points',
      { ...push, slos: [{ name: 'x', target: 99, total: 'y' }] },
      'slos[0].total',
      /pushed/,
    ],
    ['freeze above caution', withSlo({ caution: 10, freeze: 20 }), 'slos[0].freeze', /above caution/],
    ['a ratio where percent is meant', withSlo({ caution: 0.2 }), 'slos[0].caution', /write 20 for 20 %/],
    ['over 100 percent', withSlo({ caution: 101 }), 'slos[0].caution', /at most 100/],
    ['a name twice', { ...file, slos: [slo, slo] }, 'slos[1].slug', /taken by slos\[0\]/],
    ['a name without a letter', withSlo({ name: '***' }), 'slos[0].slug', /missing/],
    ['a slug with a slash', withSlo({ slug: 'a/b' }), 'slos[0].slug', /a-z/],
    ['no file', undefined, '', /expected object/i],
    ['a list', [file], '', /expected object/i],
  ])('refuses %s and names the field', (_, input, field, sentence) => {
    const faults = faultsOf(input);
    expect(Object.keys(faults)).toContain(field);
    expect(faults[field]).toMatch(sentence);
  });

  it('reports all faults of one objective at once', () => {
    expect(Object.keys(faultsOf(withSlo({ target: 100, window: 'x', caution: 0.5 })))).toEqual([
      'slos[0].target',
      'slos[0].window',
      'slos[0].caution',
    ]);
  });
});

it.each([
  ['API latency (p95)', 'api-latency-p95'],
  ['  Ünïcode  Café ', 'unicode-cafe'],
  ['--x--', 'x'],
  ['***', ''],
  ['a'.repeat(80), 'a'.repeat(63)],
])('slugOf(%j)', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

describe('inputs of reads', () => {
  it('are strict', () => {
    expect(sloIdInput.parse({ id: 'slo_1' })).toEqual({ id: 'slo_1' });
    expect(sloPageInput.parse({ id: 'slo_1' })).toEqual({ id: 'slo_1' });
    expect(sloPageInput.parse({ id: 'slo_1', view: 'rolling' })).toEqual({ id: 'slo_1', view: 'rolling' });
    expect(sloListInput.parse({})).toEqual({});
    expect(sloListInput.parse({ platform: 'hashinsight' })).toEqual({ platform: 'hashinsight' });
    for (const [schema, input] of [
      [sloIdInput, {}],
      [sloIdInput, { id: '../etc' }],
      [sloIdInput, { id: 'a', other: 1 }],
      [sloPageInput, { id: 'a', view: 'calendar' }],
      [sloPageInput, { view: 'rolling' }],
      [sloListInput, { platform: 'A B' }],
    ] as const) {
      expect(schema.safeParse(input).success, fieldPath([JSON.stringify(input)])).toBe(false);
    }
  });
});
