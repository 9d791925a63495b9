import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { readOpenSlo } from './index.ts';

const metric = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });
const ratio = { counter: true, good: metric('good_total'), total: metric('all_total') };
const sloDocument = (spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'openslo/v1',
  kind: 'SLO',
  metadata: { name: 'checkout', displayName: 'Checkout', ...metadata },
  spec: {
    service: 'shop',
    indicator: { metadata: { name: 'checkout' }, spec: { ratioMetric: ratio } },
    timeWindow: [{ duration: '28d', isRolling: true }],
    budgetingMethod: 'Occurrences',
    objectives: [{ target: 0.999 }],
    ...spec,
  },
});
const objective = (more: Record<string, unknown>) => sloDocument({ objectives: [more] });
const named = (kind: string, name: string, spec: unknown) => ({
  apiVersion: 'openslo/v1',
  kind,
  metadata: { name },
  spec,
});
const sli = (spec: unknown) => sloDocument({ indicator: { spec } });
const ratioOf = (ratioMetric: unknown) => sli({ ratioMetric });
const window = (timeWindow: Record<string, unknown>) => sloDocument({ timeWindow: [timeWindow] });
const month = { startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Berlin' };
const condition = (more: Record<string, unknown> = {}) => ({
  kind: 'AlertCondition',
  metadata: { name: 'fast' },
  spec: {
    severity: 'page',
    condition: { kind: 'burnrate', op: 'gte', threshold: 14.4, lookbackWindow: '1h', ...more },
  },
});
const policy = (more: Record<string, unknown> = {}) => ({
  kind: 'AlertPolicy',
  spec: { conditions: [condition()], ...more },
});
const alerting = (...alertPolicies: unknown[]) => sloDocument({ alertPolicies });

const read = (...documents: unknown[]) => readOpenSlo(documents, { platform: 'shop' });
const one = (...documents: unknown[]) => {
  const { faults, objectives, warnings } = read(...documents);
  expect(faults).toEqual([]);
  const [first] = objectives;
  if (first === undefined) throw new Error('nothing was read');
  return { definition: first.definition, warnings: warnings.map(({ message }) => message) };
};

describe('a document of anyone', () => {
  it('becomes a definition with what is usual for the rest', () => {
    expect(one(sloDocument({ description: 'Orders go through' })).definition).toMatchObject({
      platform: 'shop',
      slug: 'checkout',
      name: 'Checkout',
      description: 'Orders go through',
      service: 'shop',
      targetPercent: '99.9',
      indicator: { kind: 'counters', total: 'all_total', good: 'good_total' },
      windows: [{ kind: 'rolling', windowMs: 28 * DAY_MS }],
      cautionRatio: 0.2,
      alerting: { policy: 'constant_limit' },
    });
  });

  it.each([
    [0.9995, '99.95'],
    [0.999999, '99.9999'],
    [0.07, '7'],
    [0.29, '29'],
    [0.57, '57'],
    [0.00000001, '0.000001'],
  ])('with the ratio %s has the target %s percent', (target, percent) => {
    expect(one(objective({ target })).definition.targetPercent).toBe(percent);
  });

  it('may give its target in percent, and its query as promql', () => {
    const total = { metricSource: { spec: { promql: 'all_total' } } };
    expect(one(ratioOf({ ...ratio, total })).definition.indicator).toMatchObject({ total: 'all_total' });
    expect(one(objective({ targetPercent: 99.95 })).definition.targetPercent).toBe('99.95');
  });

  it('measures slices by a threshold', () => {
    const sliced = sloDocument({
      indicator: { spec: { thresholdMetric: metric('lag') } },
      budgetingMethod: 'Timeslices',
      objectives: [{ target: 0.99, op: 'lt', value: 5, timeSliceTarget: 0.9, timeSliceWindow: '5m' }],
    });
    expect(one(sliced).warnings).toEqual([expect.stringContaining('as a whole')]);
    expect(one(sliced).definition.indicator).toEqual({
      kind: 'slices',
      query: 'lag',
      op: 'lt',
      value: 5,
      sliceMinutes: 5,
    });
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['hours', { duration: '36h', isRolling: true }, { kind: 'rolling', windowMs: 36 * HOUR_MS }],
    [
      'a month',
      { duration: '1M', calendar: month },
      { kind: 'calendar', calendar: { unit: 'month', count: 1, timeZone: 'Europe/Berlin', startDate: '2026-01-01' } },
    ],
    [
      'a quarter',
      { duration: '1Q', isRolling: false, calendar: month },
      { kind: 'calendar', calendar: { unit: 'quarter', count: 1, timeZone: 'Europe/Berlin', startDate: '2026-01-01' } },
    ],
    [
      'days from a wall time on',
      { duration: '28d', calendar: month },
      { kind: 'cycle', windowMs: 28 * DAY_MS, anchorAt: Date.UTC(2025, 11, 31, 23) },
    ],
    [
      'a week from a morning on',
      { duration: '1w', calendar: { ...month, startTime: '2026-07-06 08:30:00' } },
      { kind: 'cycle', windowMs: 7 * DAY_MS, anchorAt: Date.UTC(2026, 6, 6, 6, 30) },
    ],
  ])('has a window of %s', (_what, timeWindow, wanted) => {
    expect(one(window(timeWindow)).definition.windows).toEqual([wanted]);
  });

  it('that writes minutes where a month is meant is understood, with a remark', () => {
    const { definition, warnings } = one(window({ duration: '1m', calendar: month }));
    expect(definition.windows).toMatchObject([{ calendar: { unit: 'month' } }]);
    expect(warnings).toEqual([expect.stringContaining('minutes')]);
  });

  it('with several objectives becomes several definitions', () => {
    const { objectives, faults } = read(
      sloDocument({
        objectives: [{ target: 0.99, displayName: 'Fine' }, { target: 0.9 }, { target: 0.8, displayName: 'fine' }],
      }),
    );
    expect(faults).toEqual([]);
    expect(objectives.map(({ definition: d }) => [d.slug, d.name, d.targetPercent])).toEqual([
      ['checkout-fine', 'Checkout: Fine', '99'],
      ['checkout-2', 'Checkout: 2', '90'],
      ['checkout-fine-3', 'Checkout: fine', '80'],
    ]);
  });

  it('refers to indicators, policies and conditions of other documents', () => {
    const { definition } = one(
      sloDocument({ indicator: undefined, indicatorRef: 'orders', alertPolicies: [{ alertPolicyRef: 'burn' }] }),
      named('SLI', 'orders', { ratioMetric: { counter: true, bad: metric('bad_total'), total: metric('all_total') } }),
      named('AlertPolicy', 'burn', {
        conditions: [{ conditionRef: 'fast' }],
        notificationTargets: [{ targetRef: 'ops' }],
      }),
      named('AlertCondition', 'fast', condition().spec),
      named('AlertNotificationTarget', 'ops', { target: 'email' }),
      named('Service', 'shop', {}),
    );
    expect(definition.indicator).toEqual({ kind: 'counters', total: 'all_total', bad: 'bad_total' });
    expect(definition.alerting).toMatchObject({
      policy: 'custom',
      rows: [{ longMs: HOUR_MS, shortMs: 5 * MINUTE_MS, limit: 14.4, severity: 'page' }],
    });
  });

  it('keeps labels, several values of one as one text', () => {
    const { definition, warnings } = one(sloDocument({}, { labels: { team: ['a', 'b'], env: 'prod' } }));
    expect(definition.labels).toEqual({ team: 'a,b', env: 'prod' });
    expect(warnings).toHaveLength(1);
  });

  it('is believed rather than an annotation that no longer fits it', () => {
    const annotations = {
      'quarterdeck.dev/indicator': JSON.stringify({ kind: 'counters', total: 'old_total', good: 'good_total' }),
      'quarterdeck.dev/windows': JSON.stringify([{ kind: 'rolling', windowMs: 7 * DAY_MS }]),
    };
    const { definition, warnings } = one(sloDocument({}, { annotations }));
    expect(definition.indicator).toMatchObject({ total: 'all_total' });
    expect(definition.windows).toEqual([{ kind: 'rolling', windowMs: 28 * DAY_MS }]);
    expect(warnings).toHaveLength(2);
  });
});

describe('a document is refused', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['that is none', 'hello', '', /no fields/],
    ['without a version', { kind: 'SLO' }, 'apiVersion', /missing/],
    ['of another version', { ...sloDocument(), apiVersion: 'openslo/v1alpha' }, 'apiVersion', /not supported yet/],
    ['of an unknown kind', { ...sloDocument(), kind: 'Slo' }, 'kind', /one of/],
    ['without a name', sloDocument({}, { name: undefined }), 'metadata.name', /missing/],
    ['with a long name', sloDocument({}, { name: 'a'.repeat(64) }), 'metadata.name', /63/],
    ['with capitals in its name', sloDocument({}, { name: 'Checkout' }), 'metadata.name', /a-z/],
    ['with a name that ends in a dash', sloDocument({}, { name: 'a-' }), 'metadata.name', /end/],
    ['with an unknown field', { ...sloDocument(), extra: 1 }, 'extra', /not a field/],
    ['with an unknown field deep down', objective({ target: 0.9, goal: 1 }), 'spec.objectives.0.goal', /not a field/],
    ['with a long description', sloDocument({ description: 'x'.repeat(1_051) }), 'spec.description', /1050/],
    ['without a service', sloDocument({ service: undefined }), 'spec.service', /missing/],
    [
      'with two windows',
      sloDocument({
        timeWindow: [
          { duration: '1d', isRolling: true },
          { duration: '2d', isRolling: true },
        ],
      }),
      'spec.timeWindow',
      /exactly one/,
    ],
    [
      'with a window that rolls by the calendar',
      window({ duration: '1M', isRolling: true, calendar: month }),
      'spec.timeWindow.0.calendar',
      /isRolling/,
    ],
    ['with a window that begins nowhere', window({ duration: '30d' }), 'spec.timeWindow.0.calendar', /missing/],
    ['with a rolling month', window({ duration: '1M', isRolling: true }), 'spec.timeWindow.0.duration', /fixed length/],
    [
      'with a duration of words',
      window({ duration: '30 days', isRolling: true }),
      'spec.timeWindow.0.duration',
      /whole number/,
    ],
    ['with a window of minutes', window({ duration: '5m', isRolling: true }), 'spec.timeWindow.0.duration', /an hour/],
    [
      'with a zone nobody knows',
      window({ duration: '1M', calendar: { ...month, timeZone: 'Mars' } }),
      'spec.timeWindow.0.calendar.timeZone',
      /time zone/,
    ],
    [
      'with a start that became a date',
      window({ duration: '1M', calendar: { ...month, startTime: 5 } }),
      'spec.timeWindow.0.calendar.startTime',
      /quotes/,
    ],
    [
      'with months from noon on',
      window({ duration: '1M', calendar: { ...month, startTime: '2026-01-01 12:00:00' } }),
      'spec.timeWindow.0.calendar.startTime',
      /not supported yet/,
    ],
    ['with an unknown method', sloDocument({ budgetingMethod: 'Guess' }), 'spec.budgetingMethod', /Occurrences/],
    [
      'with ratio time slices',
      sloDocument({ budgetingMethod: 'RatioTimeslices' }),
      'spec.budgetingMethod',
      /not supported yet/,
    ],
    [
      'with time slices of a ratio',
      sloDocument({ budgetingMethod: 'Timeslices' }),
      'spec.budgetingMethod',
      /not supported yet/,
    ],
    [
      'with occurrences of a threshold',
      sli({ thresholdMetric: metric('lag') }),
      'spec.budgetingMethod',
      /not supported yet/,
    ],
    ['without objectives', sloDocument({ objectives: [] }), 'spec.objectives', /at least one/],
    ['with a target of 1', objective({ target: 1 }), 'spec.objectives.0.target', /below 1/],
    ['with a target in percent as a ratio', objective({ target: 99.9 }), 'spec.objectives.0.target', /below 1/],
    ['with a target below 0', objective({ target: -0.1 }), 'spec.objectives.0.target', /0 or more/],
    ['with a target of 0, which anything meets', objective({ target: 0 }), 'spec.objectives.0', /met by anything/],
    ['with more decimals than are kept', objective({ target: 0.999999999 }), 'spec.objectives.0', /decimals/],
    ['with 100 percent', objective({ targetPercent: 100 }), 'spec.objectives.0.targetPercent', /below 100/],
    ['with both targets', objective({ target: 0.9, targetPercent: 90 }), 'spec.objectives.0.target', /not both/],
    ['with no target', objective({ displayName: 'x' }), 'spec.objectives.0.target', /not both/],
    [
      'with a limit for a ratio',
      objective({ target: 0.9, op: 'lt', value: 5 }),
      'spec.objectives.0.op',
      /thresholdMetric/,
    ],
    [
      'with weights',
      objective({ target: 0.9, compositeWeight: 2 }),
      'spec.objectives.0.compositeWeight',
      /not supported yet/,
    ],
    [
      'with a weight of 0',
      objective({ target: 0.9, compositeWeight: 0 }),
      'spec.objectives.0.compositeWeight',
      /above 0/,
    ],
    [
      'with a slice target over 1',
      objective({ target: 0.9, timeSliceTarget: 2 }),
      'spec.objectives.0.timeSliceTarget',
      /at most 1/,
    ],
    ['without an indicator', sloDocument({ indicator: undefined }), 'spec.objectives.0', /no indicator/],
    ['with two indicators', sloDocument({ indicatorRef: 'x' }), 'spec.indicatorRef', /does not go with/],
    [
      'with a reference to nothing',
      sloDocument({ indicator: undefined, indicatorRef: 'gone' }),
      'spec.indicatorRef',
      /no SLI “gone”/,
    ],
    ['with both metrics', sli({ ratioMetric: ratio, thresholdMetric: metric('x') }), 'spec.indicator.spec', /not both/],
    ['with good and bad', ratioOf({ ...ratio, bad: metric('b') }), 'spec.indicator.spec.ratioMetric.bad', /keep one/],
    [
      'with neither good nor bad',
      ratioOf({ counter: true, total: metric('b') }),
      'spec.indicator.spec.ratioMetric.good',
      /missing/,
    ],
    [
      'without a total',
      ratioOf({ counter: true, good: metric('b') }),
      'spec.indicator.spec.ratioMetric.total',
      /missing/,
    ],
    [
      'with a raw ratio',
      ratioOf({ raw: metric('b'), rawType: 'success' }),
      'spec.indicator.spec.ratioMetric.raw',
      /not supported yet/,
    ],
    ['with raw of no type', ratioOf({ raw: metric('b') }), 'spec.indicator.spec.ratioMetric.rawType', /missing/],
    [
      'with gauges',
      ratioOf({ ...ratio, counter: false }),
      'spec.indicator.spec.ratioMetric.counter',
      /not supported yet/,
    ],
    [
      'of another database',
      ratioOf({ ...ratio, total: { metricSource: { type: 'Datadog', spec: { query: 'x' } } } }),
      'spec.indicator.spec.ratioMetric.total.metricSource.type',
      /Datadog/,
    ],
    [
      'without a query',
      ratioOf({ ...ratio, total: { metricSource: { spec: {} } } }),
      'spec.indicator.spec.ratioMetric.total.metricSource.spec.query',
      /missing/,
    ],
    [
      'with a policy that is not there',
      alerting({ alertPolicyRef: 'gone' }),
      'spec.alertPolicies.0.alertPolicyRef',
      /no AlertPolicy/,
    ],
    [
      'with a policy of no condition',
      alerting(policy({ conditions: [] })),
      'spec.alertPolicies.0.spec.conditions',
      /exactly one/,
    ],
    [
      'with a condition that is not there',
      alerting(policy({ conditions: [{ conditionRef: 'gone' }] })),
      'spec.alertPolicies.0.conditionRef',
      /no AlertCondition/,
    ],
    [
      'with an unknown word in a condition',
      alerting(policy({ conditions: [condition({ size: 1 })] })),
      'spec.alertPolicies.0.spec.conditions.0.spec.condition.size',
      /not a field/,
    ],
    [
      'with a lookback of months',
      alerting(policy({ conditions: [condition({ lookbackWindow: '1M' })] })),
      'spec.alertPolicies.0',
      /fixed length/,
    ],
    [
      'with another kind of condition',
      alerting(policy({ conditions: [condition({ kind: 'breach' })] })),
      'spec.alertPolicies.0.spec.conditions.0.spec.condition.kind',
      /burnrate/,
    ],
  ])('%s', (_what, document, path, message) => {
    const { faults } = read(document);
    const found = faults.find((fault) => fault.path.join('.') === path);
    expect(faults.map((fault) => `${fault.path.join('.')}: ${fault.message}`)).toContainEqual(
      expect.stringMatching(message),
    );
    expect(found?.message).toMatch(message);
  });

  it('when it has the name of another', () => {
    const [fault] = read(sloDocument(), sloDocument()).faults;
    expect(fault).toMatchObject({ document: 2, path: ['metadata', 'name'] });
  });

  it('when nobody says which platform it is for', () => {
    expect(readOpenSlo([sloDocument()], {}).faults).toMatchObject([{ message: expect.stringMatching(/platform/) }]);
  });
});
