import { z } from 'zod';
import { DomainError } from '../errors/index.ts';
import { platformId } from '../platforms/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import { indicatorInput } from './indicator.ts';
import { labelsField, line, prose } from './plain-text.ts';
import { policyMeanings } from './policy-meanings.ts';
import { sloId } from './push.ts';
import { parseTarget } from './target.ts';
import { windowStepMs } from './windows.ts';
import { nominalMs } from './windows/primary.ts';
import { isSameWindow } from './windows/same.ts';
import type { SloWindowSpec } from './windows/types.ts';

const MAX_WINDOW_MS = 366 * DAY_MS;
const MAX_ROWS = 8;
const MAX_OTHER_WINDOWS = 4;
const MAX_LABELS = 20;

/** Lower-case name for URLs. */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use 1 to 63 of a-z, 0-9 and "-", starting with a letter or digit');

const targetPercent = z
  .union([z.string(), z.number()], { error: 'must be a percentage such as 99.95' })
  .transform((value, ctx) => {
    try {
      return parseTarget(String(value)).percent;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      ctx.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/** A zone this runtime knows. */
export const timeZone = z.string().refine(isTimeZone, 'is not a time zone; write an IANA name such as Europe/Berlin');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const windowMs = z
  .int({ error: 'must be a length in ms' })
  .min(HOUR_MS, 'must be at least an hour')
  .max(MAX_WINDOW_MS, 'must be at most 366 days')
  .refine((ms) => ms % windowStepMs(ms) === 0, 'must be whole minutes, and whole hours from three days on');

/** Periods end after they begin: the last instants a date can hold are no beginning. */
const beginning = z
  .int()
  .min(0)
  .max(Date.UTC(9_999, 11, 31), 'must be before the year 10000');

const calendar = z
  .strictObject({
    unit: z.enum(['day', 'week', 'month', 'quarter', 'year'], { error: 'is day, week, month, quarter or year' }),
    count: z.int().min(1, 'must be at least 1').max(12, 'must be at most 12').default(1),
    timeZone,
    startDate: z.iso.date({ error: 'must be a day such as 2026-01-01' }),
  })
  .refine((spec) => nominalMs(spec) <= MAX_WINDOW_MS, { path: ['count'], message: 'makes periods of over a year' });

/** Where a window lies, as it is sent. */
export const windowSpec = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('cycle'), windowMs, anchorAt: beginning }),
    z.strictObject({ kind: z.literal('rolling'), windowMs }),
    z.strictObject({ kind: z.literal('calendar'), calendar }),
  ],
  { error: 'is a cycle, rolling or calendar window' },
);

const burnRow = z
  .strictObject({
    shortMs: z.int().min(MINUTE_MS, 'must be at least a minute').multipleOf(MINUTE_MS, 'must be whole minutes'),
    longMs: z.int().min(MINUTE_MS).max(MAX_WINDOW_MS).multipleOf(MINUTE_MS, 'must be whole minutes'),
    limit: z.number().gt(0, 'must be above 0').max(1_000_000),
    severity: z.enum(['page', 'ticket'], { error: 'is page or ticket' }),
  })
  .refine((row) => row.shortMs < row.longMs, { path: ['shortMs'], message: 'must be shorter than the long window' });

const sameAs = (index: number): string => `makes the same window as number ${index + 1}; change it or remove one`;

function refuseEqualWindows(windows: readonly SloWindowSpec[], ctx: z.core.$RefinementCtx): void {
  windows.forEach((window, i) => {
    const first = windows.findIndex((other) => isSameWindow(other, window));
    if (first === i) return;
    const field = window.kind === 'calendar' ? ['calendar', 'unit'] : ['windowMs'];
    ctx.addIssue({ code: 'custom', path: [i, ...field], message: sameAs(first) });
  });
}

/** When an objective speaks up, as it is sent; what is left out has the default. */
export const alertRules = z
  .strictObject({
    policy: z.enum(['constant_limit', 'constant_share', 'custom']).default('constant_limit'),
    rows: z.array(burnRow).max(MAX_ROWS, `at most ${MAX_ROWS} rows`).default([]),
    minBadEvents: z.int().min(1, 'must be at least 1').max(1_000_000).default(3),
    minTotalEvents: z.int().min(0).max(1_000_000_000).default(0),
    exhaustionMs: z.int().min(HOUR_MS, 'must be at least an hour').max(MAX_WINDOW_MS).nullable().default(null),
    absentMs: z
      .int()
      .min(5 * MINUTE_MS, 'must be at least 5 minutes')
      .max(30 * DAY_MS)
      .nullable()
      .default(15 * MINUTE_MS),
    allowSlowRows: z.boolean().default(false),
    isMuted: z.boolean().default(false),
  })
  .refine((rules) => rules.policy !== 'custom' || rules.rows.length > 0, {
    path: ['rows'],
    message: 'are missing: a custom policy needs at least one row',
  })
  .refine((rules) => rules.policy === 'custom' || rules.rows.length === 0, {
    path: ['rows'],
    message: 'belong to the custom policy; remove them or choose it',
  });

/** The rules of an objective that names none. */
export const defaultAlertRules = alertRules.parse({});

const share = z.number().min(0, 'must be 0 or more').max(1, 'must be at most 1');

/** Everything that defines an objective, as the form and importers send it. */
export const sloDefinition = z
  .strictObject({
    platform: platformId,
    slug,
    name: line(120).min(1, 'must not be empty'),
    description: prose(1_050).default(''),
    owner: line(120).nullable().default(null),
    service: line(120).nullable().default(null),
    sourceId: z.string().min(1, 'choose a source').max(200),
    indicator: indicatorInput,
    targetPercent,
    /** The first is the one the policy is judged by. */
    windows: z
      .array(windowSpec)
      .min(1, 'needs at least one window')
      .max(1 + MAX_OTHER_WINDOWS, `at most ${1 + MAX_OTHER_WINDOWS} windows`)
      .superRefine(refuseEqualWindows),
    cautionRatio: share.default(0.2),
    freezeRatio: share.default(0.1),
    meanings: policyMeanings.default({ ship: '', caution: '', freeze: '', overspent: '' }),
    alerting: alertRules.default(defaultAlertRules),
    /** `auto` removes excluded time from counted events, and counts excluded slices as good. */
    exclusionMode: z.enum(['auto', 'remove', 'good']).default('auto'),
    labels: labelsField(MAX_LABELS).default({}),
  })
  .refine((d) => d.freezeRatio <= d.cautionRatio, { path: ['freezeRatio'], message: 'must not be above caution' });
export type SloDefinition = z.output<typeof sloDefinition>;

/** A change of an objective: the whole definition, the revision it was made from, and why. */
export const sloUpdate = z.strictObject({
  id: sloId,
  revision: z.int().min(1),
  definition: sloDefinition,
  reason: prose(500).default(''),
});
export type SloUpdate = z.output<typeof sloUpdate>;

/** One past or present definition. `current` measures now; older ones keep what they measured. */
export interface SloRevision {
  revision: number;
  definition: SloDefinition;
  changedAt: number;
  /** E-mail address of a person, else the name of a key or command; empty when nobody wrote it down. */
  changedBy: string;
  /** The same person by name. */
  changedByName: string;
  reason: string;
  /** Measured from scratch because what is counted changed; false where the measurements went on. */
  isRemeasured: boolean;
  supersededAt: number | null;
}
