import { z } from 'zod';
import { DomainError } from '../errors/index.ts';
import { DAY_MS, HOUR_MS } from '../time/index.ts';
import type { AlertRules } from './alerts/types.ts';
import { alertRules, timeZone, windowSpec } from './definition.ts';
import { parseDuration } from './duration.ts';
import { line } from './plain-text.ts';
import { parseTarget } from './target.ts';
import { windowStepMs } from './windows.ts';
import { nominalMs } from './windows/primary.ts';
import type { CalendarSpec } from './windows/types.ts';

const MAX_WINDOWS = 5;

/** Runs a parser that throws DomainError inside a schema, so that its sentence reaches the right field. */
export function via<T>(parse: (text: string) => T) {
  return (text: string, ctx: z.RefinementCtx): T => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      ctx.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  };
}

/** A length of time within bounds, as ms. */
export const duration = (minMs: number, maxMs: number, bounds: string) =>
  z
    .string({ error: 'must be a duration such as 30d or 15s' })
    .transform(via((text) => parseDuration(text)))
    .refine((ms) => ms >= minMs && ms <= maxMs, `must be ${bounds}`);

const windowLength = duration(HOUR_MS, 366 * DAY_MS, 'between 1h and 366d').refine(
  (ms) => ms % windowStepMs(ms) === 0,
  'must be whole minutes, and whole hours from 3d on',
);

/** One line of 1 to `max` characters. */
export const words = (max: number) => line(max).min(1, 'must not be empty');

/** A target in percent. */
export const targetField = z
  .union([z.string(), z.number()], { error: 'must be a percentage such as 99.95' })
  .transform((value) => String(value))
  .transform(via(parseTarget));

/** Percent of the budget left, written as 20 or 20%. */
export const percentLeft = z
  .union([z.number(), z.string().regex(/^\d{1,3}(\.\d+)?%$/)], {
    error: 'must be percent of the budget left, such as 20',
  })
  .transform((value) => (typeof value === 'number' ? value : Number(value.slice(0, -1))))
  .refine((percent) => percent === 0 || percent >= 1, 'is percent of the budget left: write 20 for 20 %')
  .refine((percent) => percent <= 100, 'is percent of the budget left: at most 100');

/** Checks by another schema from inside a transform: its faults keep their words and their place. */
function checkedBy<S extends z.ZodType>(
  schema: S,
  value: unknown,
  ctx: z.RefinementCtx,
  at: number[] = [],
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : null;
    const message = keys === null ? issue.message : `does not know ${keys}; remove it`;
    ctx.addIssue({ code: 'custom', path: [...at, ...issue.path], message });
  }
  return z.NEVER;
}

/** A window as a file has it: a cycle gets its beginning when it is stored, unless one is given. */
export type FileWindow =
  | { kind: 'cycle'; windowMs: number; anchorAt: number | null }
  | { kind: 'rolling'; windowMs: number }
  | { kind: 'calendar'; calendar: CalendarSpec };

const cycle = z
  .strictObject({ cycle: windowLength, from: z.iso.datetime({ offset: true, error: 'must be an instant' }).optional() })
  .transform(({ cycle: windowMs, from }): FileWindow => ({
    kind: 'cycle',
    windowMs,
    anchorAt: from === undefined ? null : Date.parse(from),
  }));
const rolling = z
  .strictObject({ rolling: windowLength })
  .transform((window): FileWindow => ({ kind: 'rolling', windowMs: window.rolling }));
const calendar = z
  .strictObject({
    calendar: z.enum(['day', 'week', 'month', 'quarter', 'year'], { error: 'is day, week, month, quarter or year' }),
    count: z.int().default(1),
    timeZone: timeZone.default('UTC'),
    startDate: z.iso.date({ error: 'must be a day such as 2026-01-01' }),
  })
  .transform(({ calendar: unit, ...rest }, ctx): FileWindow => {
    const wanted = { unit, ...rest };
    checkedBy(windowSpec, { kind: 'calendar', calendar: wanted }, ctx);
    return { kind: 'calendar', calendar: wanted };
  });
const plain = windowLength.transform((windowMs): FileWindow => ({ kind: 'cycle', windowMs, anchorAt: null }));

/** The shape is chosen by what is written, so that a fault is told in its terms. */
function shapeOfWindow(value: unknown): z.ZodType<FileWindow> {
  if (typeof value !== 'object' || value === null) return plain;
  if ('rolling' in value) return rolling;
  return 'calendar' in value ? calendar : cycle;
}

/** One window or a list of them; the first is the one the policy is judged by. */
export const windowsField = z.unknown().transform((value, ctx): FileWindow[] => {
  if (!Array.isArray(value)) return [checkedBy(shapeOfWindow(value), value, ctx)];
  if (value.length === 0 || value.length > MAX_WINDOWS)
    ctx.addIssue({ code: 'custom', message: `must be 1 to ${MAX_WINDOWS} windows` });
  return value.map((one: unknown, i) => checkedBy(shapeOfWindow(one), one, ctx, [i]));
});

/** Length (ms) of a window; the usual one of a calendar period. */
export function fileWindowMs(window: FileWindow): number {
  return window.kind === 'calendar' ? nominalMs(window.calendar) : window.windowMs;
}

const minutes = duration(60_000, 366 * DAY_MS, 'between 1m and 366d');
const lengthOrOff = z.union([minutes, z.literal(false).transform(() => null)], {
  error: 'must be a duration such as 24h, or false',
});

/** When an objective speaks up, with lengths as durations; what is left out has the default. */
export const alertingField = z
  .strictObject({
    policy: alertRules.shape.policy.optional(),
    rows: z
      .array(
        z
          .strictObject({ short: minutes, long: minutes, limit: z.number(), severity: z.enum(['page', 'ticket']) })
          .transform(({ short: shortMs, long: longMs, ...row }) => ({ shortMs, longMs, ...row })),
      )
      .optional(),
    minBadEvents: z.number().optional(),
    minTotalEvents: z.number().optional(),
    exhaustion: lengthOrOff.optional(),
    absent: lengthOrOff.optional(),
    allowSlowRows: z.boolean().optional(),
    muted: z.boolean().optional(),
  })
  .transform(({ exhaustion: exhaustionMs, absent: absentMs, muted: isMuted, ...rest }) => ({
    ...rest,
    ...(exhaustionMs === undefined ? {} : { exhaustionMs }),
    ...(absentMs === undefined ? {} : { absentMs }),
    ...(isMuted === undefined ? {} : { isMuted }),
  }))
  .transform((rules, ctx): AlertRules => checkedBy(alertRules, rules, ctx));
