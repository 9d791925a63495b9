import { z } from 'zod';
import { MINUTE_MS, HOUR_MS } from '../time/index.ts';
import { type Indicator, indicatorInput, sliceOp } from './indicator.ts';
import { duration, words } from './platform-fields.ts';
import { indicatorKindsOf } from './source-kinds.ts';
import type { SourceKind } from './types.ts';

const query = words(4_000);
const slice = duration(MINUTE_MS, HOUR_MS, 'between 1m and 1h').default(MINUTE_MS);
const bound = z
  .union([z.string(), z.number()], { error: 'must be a bound such as 0.25' })
  .transform((value) => String(value));

/** The fields of an objective that say what is counted; exactly one way of counting is given. */
export const countingFields = {
  total: query.optional(),
  bad: query.optional(),
  good: query.optional(),
  latency: z.strictObject({ buckets: query, le: bound }).optional(),
  gauge: query.optional(),
  slices: z.strictObject({ query, op: sliceOp, value: z.number(), slice }).optional(),
  percentile: z
    .strictObject({ buckets: query, quantile: z.number(), op: sliceOp.default('lte'), value: z.number(), slice })
    .optional(),
};
type Counting = z.output<z.ZodObject<typeof countingFields>>;
type Key = keyof Counting;

const ways = ['latency', 'gauge', 'slices', 'percentile'] as const;
const keys: readonly Key[] = ['total', 'bad', 'good', ...ways];

/** A fault of the field at `path` under the objective. */
export type Faulty = (path: (string | number)[], message: string) => void;

/** What an objective counts, as the source of its platform can; faults are told to `fault`. */
export function indicatorOfEntry(entry: Counting, source: SourceKind, fault: Faulty): Indicator {
  const given = keys.filter((key) => entry[key] !== undefined);
  if (source === 'push') {
    for (const key of given) fault([key], 'has no meaning for pushed measurements; remove it');
    return { kind: 'push' };
  }
  const own = ways.filter((way) => entry[way] !== undefined);
  const [way] = own;
  if (way === undefined) return countersOf(entry, fault);
  for (const key of given) if (key !== way) fault([key], `does not go with ${way}; keep one of them`);
  return wayOf(entry, way, source, fault);
}

function countersOf(entry: Counting, fault: Faulty): Indicator {
  const { total, bad, good } = entry;
  for (const [key, message] of counterFaults(entry)) fault([key], message);
  if (good !== undefined) return { kind: 'counters', total: total ?? '', good };
  return { kind: 'counters', total: total ?? '', bad: bad ?? '' };
}

function counterFaults({ total, bad, good }: Counting): [key: Key, message: string][] {
  const faults: [Key, string][] = [];
  if (total === undefined) faults.push(['total', 'is missing: the counter of all events']);
  if (bad !== undefined && good !== undefined) faults.push(['good', 'give either good or bad, not both']);
  if (bad === undefined && good === undefined)
    faults.push(['bad', 'is missing: the counter of failed events (or good)']);
  for (const [key, query] of [
    ['bad', bad],
    ['good', good],
  ] as const) {
    if (total !== undefined && query === total)
      faults.push([key, 'is the same query as total: the ratio says nothing']);
  }
  return faults;
}

function wayOf(entry: Counting, way: (typeof ways)[number], source: SourceKind, fault: Faulty): Indicator {
  const kinds = indicatorKindsOf(source);
  if (!kinds.includes(way)) fault([way], `cannot be measured by a ${source} source; it knows ${kinds.join(', ')}`);
  const written = writtenAs(entry, way);
  const parsed = indicatorInput.safeParse({ kind: way, ...written });
  if (parsed.success) return parsed.data;
  fault([way], `is not complete: ${parsed.error.issues.map(innermost).join('; ')}`);
  return { kind: 'push' };
}

function writtenAs(entry: Counting, way: (typeof ways)[number]): object {
  if (way === 'gauge') return { selector: entry.gauge };
  if (way === 'latency') return { ...entry.latency };
  const { slice: sliceMs = MINUTE_MS, ...rest } = (way === 'slices' ? entry.slices : entry.percentile) ?? {};
  return { ...rest, sliceMinutes: sliceMs / MINUTE_MS };
}

/** The fault of the one kind that was meant, out of a union that tried every kind. */
function innermost(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return `${issue.path.join('.')} ${issue.message}`;
  const meant = issue.errors.find((faults) => !faults.some(({ path }) => path[0] === 'kind'));
  return (meant ?? []).map((inner) => `${inner.path.join('.')} ${inner.message}`).join('; ') || issue.message;
}
