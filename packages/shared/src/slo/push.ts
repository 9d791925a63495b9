import { z } from 'zod';
import { DomainError, type FieldError } from '../errors/index.ts';
import { DAY_MS, SECOND_MS } from '../time/index.ts';

export const MAX_PUSH_POINTS = 10_000;
/** Events one point may report; keeps every sum exact in a double. */
export const MAX_POINT_EVENTS = 1_000_000_000_000;
/** How far ahead of our clock a point may lie: senders' clocks differ. */
export const PUSH_AHEAD_MS = 60 * SECOND_MS;
/** How old a point may be: the minute tier is kept this long. */
export const PUSH_BEHIND_MS = 8 * DAY_MS;
const MAX_REPORTED_FAULTS = 50;

/** Identifier of an objective as it appears in URLs and bodies. */
export const sloId = z
  .string({ error: 'must be the id of an objective' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, 'is not an id of an objective; copy it from the objective’s page');

const isoInstant = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 time with a zone, such as 2026-01-31T08:00:00Z, or milliseconds since 1970',
  })
  .transform((text) => Date.parse(text));

const instant = z
  .union([isoInstant, z.int()], {
    error: 'must be an ISO 8601 time with a zone, such as 2026-01-31T08:00:00Z, or milliseconds since 1970',
  })
  .transform((atMs) => Math.floor(atMs / SECOND_MS) * SECOND_MS);

const eventCount = z
  .int({ error: 'must be a whole number of events' })
  .min(0, 'must be 0 or more')
  .max(MAX_POINT_EVENTS, `must be at most ${MAX_POINT_EVENTS}`);

/** Counts since the point before, at one second. */
export const sliPoint = z.strictObject({ at: instant, good: eventCount, total: eventCount });
export type SliPoint = z.output<typeof sliPoint>;

/** Body of a push: one objective, 1 to 10,000 points. `at` comes out as epoch ms on a full second. */
export const sliPushInput = z.strictObject({
  slo: sloId,
  points: z
    .array(sliPoint, { error: 'must be a list of points' })
    .min(1, 'send at least one point')
    .max(MAX_PUSH_POINTS, `send at most ${MAX_PUSH_POINTS} points at once; split the rest into further requests`),
});
export type SliPush = z.output<typeof sliPushInput>;

function pointFaults(point: SliPoint, now: number): { name: keyof SliPoint; message: string }[] {
  const faults: { name: keyof SliPoint; message: string }[] = [];
  if (!Number.isFinite(point.at)) faults.push({ name: 'at', message: 'is not an instant' });
  else if (point.at > now + PUSH_AHEAD_MS) {
    faults.push({ name: 'at', message: 'lies more than 60 s in the future; check the sender’s clock' });
  } else if (point.at < now - PUSH_BEHIND_MS)
    faults.push({ name: 'at', message: 'is older than 8 days; leave the point out' });
  for (const name of ['good', 'total'] as const) {
    if (!Number.isSafeInteger(point[name]) || point[name] < 0) {
      faults.push({ name, message: 'must be a whole number of events, 0 or more' });
    }
  }
  if (point.total < point.good)
    faults.push({ name: 'total', message: `is less than good (${point.total} < ${point.good})` });
  return faults;
}

/**
 * What a schema cannot see: points in the future or too old, totals below good, the same second twice in one body.
 * Empty when all is well; the fields read like `points[3].total`. At most 50 faults are listed.
 */
export function checkPoints(points: readonly SliPoint[], now: number): FieldError[] {
  const faults: FieldError[] = [];
  const seen = new Map<number, number>();
  for (const [i, point] of points.entries()) {
    for (const fault of pointFaults(point, now))
      faults.push({ field: `points[${i}].${fault.name}`, message: fault.message });
    const second = Math.floor(point.at / SECOND_MS);
    const twin = seen.get(second);
    if (twin !== undefined)
      faults.push({ field: `points[${i}].at`, message: `is the same second as points[${twin}].at; send each once` });
    else seen.set(second, i);
    if (faults.length >= MAX_REPORTED_FAULTS) return faults.slice(0, MAX_REPORTED_FAULTS);
  }
  return faults;
}

/** A path of a schema fault as people write it: `points[3].good`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** Faults of a schema as field errors, at most 50; an unknown key is named itself. */
export function schemaFaults(error: z.ZodError): FieldError[] {
  const faults = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code !== 'unrecognized_keys') return [{ field: fieldPath(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({
      field: fieldPath([...issue.path, key]),
      message: 'is not a known field; remove it',
    }));
  });
  return faults.slice(0, MAX_REPORTED_FAULTS);
}

/** Reads and checks a push body in one go. Throws `invalid` with every fault named by field; nothing of it may then be stored. */
export function parseSliPush(body: unknown, now: number): SliPush {
  const parsed = sliPushInput.safeParse(body);
  const fields = parsed.success ? checkPoints(parsed.data.points, now) : schemaFaults(parsed.error);
  if (parsed.success && fields.length === 0) return parsed.data;
  const [first] = fields;
  const where = first === undefined || first.field === '' ? 'the body' : first.field;
  throw new DomainError('invalid', `nothing was stored: ${where} ${first?.message ?? 'is not valid'}`, { fields });
}
