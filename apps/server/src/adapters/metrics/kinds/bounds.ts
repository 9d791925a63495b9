import { DomainError } from '@qd/shared/errors';
import type { Indicator } from '@qd/shared/slo';
import type { BoundarySeries } from '../count-minutes.ts';
import { parseSelector } from '../scrape/selector.ts';

type LatencyIndicator = Extract<Indicator, { kind: 'latency' }>;

const BOUND_LABEL = 'le';
/** The bound that every histogram has; its bucket counts all events. */
const ALL_EVENTS = '+Inf';

/**
 * The text of a selector with one more label matcher. Throws `invalid` unless it is a plain selector that leaves the
 * label to us.
 */
export function withMatcher(selector: string, label: string, matcher: string): string {
  const { matchers } = parseSelector(selector);
  if (matchers.some((one) => new RegExp(`^${label}[=!]`).test(one))) {
    const message = `must not choose ${label}; leave the label out, the bound is given apart`;
    throw new DomainError('invalid', `The selector ${message}.`, { fields: [{ field: 'indicator.buckets', message }] });
  }
  const text = selector.trim();
  const added = `${label}${matcher}`;
  if (!text.endsWith('}')) return `${text}{${added}}`;
  const inner = text.slice(0, -1).trimEnd();
  return inner.endsWith('{') || inner.endsWith(',') ? `${inner}${added}}` : `${inner},${added}}`;
}

/** Selects, of the buckets of a latency indicator, the one within the bound and the one with all events. */
export function bucketSelector({ buckets, le }: LatencyIndicator): string {
  return withMatcher(buckets, BOUND_LABEL, `=~"\\\\+Inf|${boundPattern(le)}"`);
}

/** Every way servers write the same bound: `1`, `1.0`, `1e+00`; they differ by their version and by the client library. */
export function boundPattern(le: string): string {
  const value = Number(le);
  const plain = value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 12 });
  const escaped = plain.replace('.', '[.]');
  const decimal = plain.includes('.') ? `${escaped}0*` : `${escaped}([.]0*)?`;
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const digits = exponent.slice(1);
  return `${decimal}|${mantissa.replace('.', '[.]')}([.]0*)?[eE]${exponent.startsWith('-') ? '-' : '[+]?'}0*${digits}`;
}

/** One spelling of a bound. */
function plainBound(text: string): string {
  return text === ALL_EVENTS || Number.isNaN(Number(text)) ? text : String(Number(text));
}

/** The buckets of a latency indicator, told apart. */
export interface LatencyBuckets {
  total: BoundarySeries[];
  good: BoundarySeries[];
  /** True if there are events, but none of the histograms has the bound. */
  lacksBound: boolean;
}

/**
 * Tells the buckets of `bucketSelector` apart. The same bound in two spellings, before and after a server was renewed,
 * is one series. Histograms without the bound are left out: what they measure cannot be judged.
 * Throws `invalid` where the bucket of all events is missing.
 */
export function latencyBuckets(series: readonly BoundarySeries[]): LatencyBuckets {
  const merged = mergeSpellings(series);
  const within = merged.filter(({ labels }) => labels[BOUND_LABEL] !== ALL_EVENTS);
  const all = merged.filter(({ labels }) => labels[BOUND_LABEL] === ALL_EVENTS);
  if (within.length > 0 && all.length === 0) {
    const message =
      'has no bucket le="+Inf", so that all events cannot be counted; give the selector of the _bucket series';
    throw new DomainError('invalid', `The histogram ${message}.`, {
      fields: [{ field: 'indicator.buckets', message }],
    });
  }
  const judged = new Set(within.map(histogramOf));
  return {
    total: all.filter((one) => judged.has(histogramOf(one))),
    good: within,
    lacksBound: all.length > 0 && within.length === 0,
  };
}

/** The labels of a bucket without its bound. */
function histogramOf({ labels }: BoundarySeries): string {
  const rest = Object.entries(labels).filter(([label]) => label !== BOUND_LABEL);
  return JSON.stringify(rest.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mergeSpellings(series: readonly BoundarySeries[]): BoundarySeries[] {
  const byBucket = Map.groupBy(series, (one) =>
    JSON.stringify([histogramOf(one), plainBound(one.labels[BOUND_LABEL] ?? '')]),
  );
  return [...byBucket.values()].map((same) => {
    const [first, ...others] = same;
    if (first === undefined) throw new RangeError('a group has at least one series');
    const labels = { ...first.labels, [BOUND_LABEL]: plainBound(first.labels[BOUND_LABEL] ?? '') };
    return others.reduce(joined, { ...first, labels });
  });
}

/** Where both spellings are there, the one that counted further is the living one. */
function joined(a: BoundarySeries, b: BoundarySeries): BoundarySeries {
  const base = Math.max(a.base ?? -1, b.base ?? -1);
  const values = a.values.map((value, i) => {
    const other = b.values[i] ?? null;
    return value === null || other === null ? (value ?? other) : Math.max(value, other);
  });
  return { labels: a.labels, values, ...(base < 0 ? {} : { base }) };
}

/** The finite ones of some bounds as they are written, ascending, each once. */
export function finiteBounds(found: readonly string[]): number[] {
  const bounds = new Set(found.filter((text) => text !== ALL_EVENTS).map(Number));
  return [...bounds].filter((bound) => Number.isFinite(bound)).sort((a, b) => a - b);
}

/** The refusal of a bound that a histogram does not have, naming the bounds around it. `found` are the bounds it has. */
export function missingBound(le: string, found: readonly string[]): DomainError {
  const wanted = Number(le);
  const bounds = finiteBounds(found);
  const below = bounds.findLast((bound) => bound < wanted);
  const above = bounds.find((bound) => bound > wanted);
  const near = [below, above].filter((bound) => bound !== undefined);
  const remedy = near.length === 0 ? 'it has no bounds at all' : `choose ${near.join(' or ')}, the nearest it has`;
  const message = `${le} is no boundary of the histogram; ${remedy}`;
  return new DomainError('invalid', `${message}.`, { fields: [{ field: 'indicator.le', message }] });
}

/** True if one of the bounds is the wanted one, however it is written. */
export function hasBound(le: string, found: readonly string[]): boolean {
  return found.some((text) => plainBound(text) === plainBound(le));
}
