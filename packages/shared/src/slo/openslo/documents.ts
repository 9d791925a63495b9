import { z } from 'zod';

/** Fields of OpenSLO v1, as far as they are read; a field that is not listed is refused. */
export const API_VERSION = 'openslo/v1';
const MAX_DESCRIPTION = 1_050;
const MAX_ANNOTATION = 20_000;

export const openSloKinds = [
  'DataSource',
  'SLO',
  'SLI',
  'AlertPolicy',
  'AlertCondition',
  'AlertNotificationTarget',
  'Service',
] as const;
export type OpenSloKind = (typeof openSloKinds)[number];

const dnsName = z
  .string({ error: 'is missing: a name of a-z, 0-9 and "-"' })
  .max(63, 'must be at most 63 characters')
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'must be of a-z, 0-9 and "-", and begin and end with a letter or digit');
const description = z.string().max(MAX_DESCRIPTION, `must be at most ${MAX_DESCRIPTION} characters`).optional();

const metadata = z.strictObject({
  name: dnsName,
  displayName: z.string().max(500).optional(),
  labels: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  annotations: z.record(z.string(), z.string().max(MAX_ANNOTATION)).optional(),
});
export type Metadata = z.output<typeof metadata>;

const free = z.record(z.string(), z.unknown());
const metricSource = z.strictObject({
  metricSourceRef: z.string().optional(),
  type: z.string().optional(),
  spec: free,
});
const metric = z.strictObject({ metricSource });
export type Metric = z.output<typeof metric>;

const ratioMetric = z
  .strictObject({
    counter: z.boolean().default(false),
    good: metric.optional(),
    bad: metric.optional(),
    total: metric.optional(),
    raw: metric.optional(),
    rawType: z.enum(['success', 'failure'], { error: 'is success or failure' }).optional(),
  })
  .superRefine((ratio, ctx) => {
    const fault = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (ratio.raw !== undefined) {
      if (ratio.rawType === undefined) fault('rawType', 'is missing: success or failure');
      for (const key of ['good', 'bad', 'total'] as const)
        if (ratio[key] !== undefined) fault(key, 'does not go with raw');
      return;
    }
    if (ratio.good !== undefined && ratio.bad !== undefined) fault('bad', 'does not go with good; keep one of them');
    if (ratio.good === undefined && ratio.bad === undefined) fault('good', 'is missing: give good or bad');
    if (ratio.total === undefined) fault('total', 'is missing');
    if (ratio.rawType !== undefined) fault('rawType', 'goes with raw only');
  });

const sliSpec = z
  .strictObject({ description, thresholdMetric: metric.optional(), ratioMetric: ratioMetric.optional() })
  .refine((sli) => (sli.thresholdMetric === undefined) !== (sli.ratioMetric === undefined), {
    error: 'needs thresholdMetric or ratioMetric, and not both',
  });
export type SliSpec = z.output<typeof sliSpec>;

const inlineSli = z.strictObject({ metadata: metadata.optional(), spec: sliSpec });

const durationText = z
  .string({ error: 'must be a duration such as 30d' })
  .regex(/^[1-9]\d{0,5}[mhdwMQY]$/, 'must be a whole number with m, h, d, w, M, Q or Y, such as 30d or 1M');

const timeWindow = z
  .strictObject({
    duration: durationText,
    isRolling: z.boolean().default(false),
    calendar: z
      .strictObject({
        startTime: z
          .string({ error: 'must be text such as "2026-01-01 00:00:00"; put it in quotes' })
          .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$/, 'must read like 2026-01-01 00:00:00'),
        timeZone: z.string({ error: 'is missing: an IANA name such as Europe/Berlin' }),
      })
      .optional(),
  })
  .superRefine((window, ctx) => {
    const fault = (message: string) => ctx.addIssue({ code: 'custom', path: ['calendar'], message });
    if (window.isRolling && window.calendar !== undefined) fault('does not go with isRolling; keep one of them');
    if (!window.isRolling && window.calendar === undefined)
      fault('is missing: a window that does not roll begins somewhere');
  });
export type TimeWindow = z.output<typeof timeWindow>;

const op = z.enum(['lte', 'gte', 'lt', 'gt'], { error: 'is lte, gte, lt or gt' });

const objective = z
  .strictObject({
    displayName: z.string().optional(),
    op: op.optional(),
    value: z.number({ error: 'must be a number' }).optional(),
    target: z
      .number({ error: 'must be a number' })
      .min(0, 'must be 0 or more')
      .lt(1, 'must be below 1: 0.999 is 99.9 %')
      .optional(),
    targetPercent: z
      .number({ error: 'must be a number' })
      .min(0, 'must be 0 or more')
      .lt(100, 'must be below 100')
      .optional(),
    timeSliceTarget: z.number().gt(0, 'must be above 0').max(1, 'must be at most 1').optional(),
    timeSliceWindow: z.union([durationText, z.int().min(1)], { error: 'must be a duration such as 5m' }).optional(),
    indicator: inlineSli.optional(),
    indicatorRef: z.string().optional(),
    compositeWeight: z.number().gt(0, 'must be above 0').optional(),
  })
  .refine((o) => (o.target === undefined) !== (o.targetPercent === undefined), {
    path: ['target'],
    error: 'give target or targetPercent, and not both',
  })
  .refine((o) => o.indicator === undefined || o.indicatorRef === undefined, {
    path: ['indicatorRef'],
    error: 'does not go with indicator; keep one of them',
  });
export type Objective = z.output<typeof objective>;

const conditionSpec = z.strictObject({
  description,
  severity: z.string({ error: 'is missing, e.g. page' }).min(1, 'is empty'),
  condition: z.strictObject({
    kind: z.literal('burnrate', { error: 'is burnrate' }).default('burnrate'),
    op: op.optional(),
    threshold: z.number({ error: 'is missing: a burn rate' }),
    lookbackWindow: durationText,
    alertAfter: z.string().optional(),
  }),
});
export type ConditionSpec = z.output<typeof conditionSpec>;

const inlineCondition = z.strictObject({
  kind: z.literal('AlertCondition').optional(),
  metadata: metadata.optional(),
  spec: conditionSpec,
});
const conditionRef = z.strictObject({ conditionRef: z.string() });
const targetSpec = z.strictObject({ target: z.string(), description });
const inlineTarget = z.strictObject({
  kind: z.literal('AlertNotificationTarget').optional(),
  metadata: metadata.optional(),
  spec: targetSpec,
});

/** One of several shapes, chosen by whether a key is there, so that a fault is told in its terms. */
function byKey<A extends z.ZodType, B extends z.ZodType>(key: string, withKey: A, without: B) {
  return z.unknown().transform((value, ctx): z.output<A> | z.output<B> => {
    const schema = typeof value === 'object' && value !== null && key in value ? withKey : without;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [null];
      for (const name of unknown) {
        const path = name === null ? issue.path : [...issue.path, name];
        const message = name === null ? issue.message : 'is not a field of OpenSLO v1; remove it';
        ctx.addIssue({ code: 'custom', path: [...path], message });
      }
    }
    return z.NEVER;
  });
}

const policySpec = z.strictObject({
  description,
  alertWhenNoData: z.boolean().optional(),
  alertWhenResolved: z.boolean().optional(),
  alertWhenBreaching: z.boolean().optional(),
  conditions: z
    .array(byKey('conditionRef', conditionRef, inlineCondition), { error: 'is missing: exactly one condition' })
    .length(1, 'must be exactly one'),
  notificationTargets: z.array(byKey('targetRef', z.strictObject({ targetRef: z.string() }), inlineTarget)).optional(),
});
export type PolicySpec = z.output<typeof policySpec>;

const inlinePolicy = z.strictObject({
  kind: z.literal('AlertPolicy').optional(),
  metadata: metadata.optional(),
  spec: policySpec,
});

const sloSpec = z
  .strictObject({
    description,
    service: z.string({ error: 'is missing' }).min(1, 'is empty').max(120, 'must be at most 120 characters'),
    indicator: inlineSli.optional(),
    indicatorRef: z.string().optional(),
    timeWindow: z
      .array(timeWindow, { error: 'is missing: exactly one window' })
      .length(1, 'must be exactly one window'),
    budgetingMethod: z.enum(['Occurrences', 'Timeslices', 'RatioTimeslices'], {
      error: 'is Occurrences, Timeslices or RatioTimeslices',
    }),
    objectives: z
      .array(objective, { error: 'is missing: at least one objective' })
      .min(1, 'needs at least one objective')
      .max(20, 'at most 20 objectives'),
    alertPolicies: z
      .array(byKey('alertPolicyRef', z.strictObject({ alertPolicyRef: z.string() }), inlinePolicy))
      .max(40, 'at most 40 policies')
      .optional(),
  })
  .refine((spec) => spec.indicator === undefined || spec.indicatorRef === undefined, {
    path: ['indicatorRef'],
    error: 'does not go with indicator; keep one of them',
  });
export type SloSpec = z.output<typeof sloSpec>;

const specs = {
  DataSource: z.strictObject({ description, type: z.string({ error: 'is missing' }), connectionDetails: free }),
  SLO: sloSpec,
  SLI: sliSpec,
  AlertPolicy: policySpec,
  AlertCondition: conditionSpec,
  AlertNotificationTarget: targetSpec,
  Service: z.strictObject({ description }),
} as const;

/** A document of one kind. */
export interface OpenSloDocument<K extends OpenSloKind = OpenSloKind> {
  apiVersion: typeof API_VERSION;
  kind: K;
  metadata: Metadata;
  spec: z.output<(typeof specs)[K]>;
}

/** The schema of a whole document of this kind. */
export function documentSchema(kind: OpenSloKind) {
  return z.strictObject({ apiVersion: z.literal(API_VERSION), kind: z.literal(kind), metadata, spec: specs[kind] });
}
