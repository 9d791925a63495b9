import { DomainError } from '@qd/shared/errors';
import { type CounterSeries, minuteDeltas } from '@qd/shared/slo';
import type { MinuteCount } from './port.ts';
import { carry } from './whole-events.ts';

/** One raw series at minute boundaries; entry `i` is its value when minute `fromMinute + i` begins. */
export interface BoundarySeries extends CounterSeries {
  labels: Readonly<Record<string, string>>;
  values: readonly (number | null)[];
  /** Its last value before the first boundary, where it is absent there but known from earlier. */
  base?: number;
}

export interface CountInput {
  fromMinute: number;
  total: readonly BoundarySeries[];
  /** Failed or successful events. */
  part: readonly BoundarySeries[];
  partIs: 'bad' | 'good';
  /** True if everything that appears is known to have started from zero: one process, watched without a break. */
  allFromZero?: boolean;
}

/** Events by which a part may exceed its total before it is called a mistake: two counters are never raised at once. */
const SLACK_EVENTS = 5;
const SLACK_RATIO = 0.01;

/**
 * Events per minute from raw counters: resets are removed per series before summing, and a series that first appears on
 * a target that was read before counts from zero. A minute is measured if any series of the total was there at its
 * end and known before. Throws `invalid` when the part clearly exceeds the total.
 */
export function countMinutes({ fromMinute, total, part, partIs, allFromZero }: CountInput): MinuteCount[] {
  const seen = targetsSeen([...total, ...part]);
  const fromZero = (one: BoundarySeries): boolean => allFromZero === true || startsFromZero(one, seen);
  const totals = sumOf(total, fromZero);
  const parts = sumOf(part, fromZero);
  refuseExcess(totals, parts, partIs);
  const round = { total: carry(), bad: carry() };
  const counts: MinuteCount[] = [];
  totals.forEach((delta, i) => {
    const one = parts[i] ?? 0;
    const observed = delta !== null;
    const bad = partIs === 'bad' ? one : observed ? delta - one : 0;
    if (!observed && bad === 0) return;
    counts.push({ m: fromMinute + i, total: round.total(delta ?? 0), bad: round.bad(bad), observed });
  });
  return counts;
}

type Deltas = (number | null)[];

function sumOf(series: readonly BoundarySeries[], fromZero: (one: BoundarySeries) => boolean): Deltas {
  const based = series.map(withBase);
  const { credited = [], plain = [] } = Object.groupBy(based, (one) => (fromZero(one) ? 'credited' : 'plain'));
  const a = minuteDeltas(plain, { creditFirstSample: false });
  const b = minuteDeltas(credited, { creditFirstSample: true });
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => {
    const [x = null, y = null] = [a[i]?.delta, b[i]?.delta];
    return x === null ? y : x + (y ?? 0);
  });
}

function withBase(one: BoundarySeries): BoundarySeries {
  if (one.base === undefined || one.values[0] !== null) return one;
  return { ...one, values: [one.base, ...one.values.slice(1)] };
}

/** Whether anything of a target was there at each boundary. */
type TargetsSeen = ReadonlyMap<string, readonly boolean[]>;

/** The scraped process a series comes from; null where the labels do not say. */
function targetOf({ labels }: BoundarySeries): string | null {
  return labels['instance'] === undefined ? null : JSON.stringify([labels['job'] ?? '', labels['instance']]);
}

function targetsSeen(series: readonly BoundarySeries[]): TargetsSeen {
  const seen = new Map<string, boolean[]>();
  for (const one of series) {
    const target = targetOf(one);
    if (target === null) continue;
    const there = seen.get(target) ?? [];
    one.values.forEach((value, i) => (there[i] = there[i] === true || value !== null));
    seen.set(target, there);
  }
  return seen;
}

/** True if the series first appears right after a boundary at which its target was there without it. */
function startsFromZero(one: BoundarySeries, seen: TargetsSeen): boolean {
  const first = one.values.findIndex((value) => value !== null);
  const target = targetOf(one);
  return first > 0 && target !== null && seen.get(target)?.[first - 1] === true;
}

function refuseExcess(totals: Deltas, parts: Deltas, partIs: 'bad' | 'good'): void {
  const sum = (deltas: Deltas): number => deltas.reduce<number>((all, delta) => all + (delta ?? 0), 0);
  const [all, some] = [sum(totals), sum(parts)];
  if (some <= all + Math.max(SLACK_EVENTS, all * SLACK_RATIO)) return;
  const message = `counts ${Math.round(some)} events where total counts ${Math.round(all)}; check that both select the same requests`;
  throw new DomainError('invalid', `“${partIs}” ${message}.`, { fields: [{ field: `indicator.${partIs}`, message }] });
}
