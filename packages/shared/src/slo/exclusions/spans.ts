import { MINUTE_MS } from '../../time/index.ts';
import type { ExcludedSpan } from './types.ts';

/** The whole minutes after epoch minute `beforeM` up to and with `endM`. */
export interface MinuteSpan {
  beforeM: number;
  endM: number;
}

/** The minutes a span touches, a begun one as a whole. */
export function minuteSpan({ startAt, endAt }: ExcludedSpan): MinuteSpan {
  return { beforeM: Math.floor(startAt / MINUTE_MS) - 1, endM: Math.ceil(endAt / MINUTE_MS) - 1 };
}

/** Instants (ms) between which the minutes lie. */
export function spanInstants({ beforeM, endM }: MinuteSpan): ExcludedSpan {
  return { startAt: (beforeM + 1) * MINUTE_MS, endAt: (endM + 1) * MINUTE_MS };
}

/** The same minutes as ascending spans that neither overlap nor touch. Empty spans vanish. */
export function unionSpans(spans: readonly MinuteSpan[]): MinuteSpan[] {
  const union: MinuteSpan[] = [];
  for (const span of spans.filter((s) => s.endM > s.beforeM).sort((a, b) => a.beforeM - b.beforeM)) {
    const last = union.at(-1);
    if (last !== undefined && span.beforeM <= last.endM) last.endM = Math.max(last.endM, span.endM);
    else union.push({ ...span });
  }
  return union;
}

/** Index of the first span that ends after minute `m`; spans are ascending and apart. */
export function firstEndingAfter(spans: readonly MinuteSpan[], m: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.endM ?? 0) <= m) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of a union that lies after minute `beforeM` up to `endM`. */
export function clipSpans(union: readonly MinuteSpan[], { beforeM, endM }: MinuteSpan): MinuteSpan[] {
  const inside: MinuteSpan[] = [];
  for (let i = firstEndingAfter(union, beforeM); i < union.length; i += 1) {
    const span = union[i];
    if (span === undefined || span.beforeM >= endM) break;
    inside.push({ beforeM: Math.max(span.beforeM, beforeM), endM: Math.min(span.endM, endM) });
  }
  return inside;
}

/** How many minutes of a union lie after minute `beforeM` up to `endM`. */
export function minutesWithin(union: readonly MinuteSpan[], within: MinuteSpan): number {
  return clipSpans(union, within).reduce((sum, span) => sum + span.endM - span.beforeM, 0);
}

/** The parts of the spans that no span of the union covers, ascending. */
export function withoutSpans(spans: readonly MinuteSpan[], union: readonly MinuteSpan[]): MinuteSpan[] {
  return spans.flatMap((span) => {
    const rest: MinuteSpan[] = [];
    let fromM = span.beforeM;
    for (const taken of clipSpans(union, span)) {
      if (taken.beforeM > fromM) rest.push({ beforeM: fromM, endM: taken.beforeM });
      fromM = taken.endM;
    }
    if (span.endM > fromM) rest.push({ beforeM: fromM, endM: span.endM });
    return rest;
  });
}
