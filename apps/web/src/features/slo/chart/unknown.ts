import type { BurnDownSeries, Freshness } from '@qd/shared/slo';

export interface UnknownSpan {
  startAt: number;
  endAt: number;
  /** Before the first measurement, a hole in it, or since the newest one. */
  kind: 'before' | 'gap' | 'since';
}

export interface MeasuredLife {
  measuredSince: number | null;
  dataAt: number | null;
  freshness: Freshness;
}

/** Time we cannot speak for, clipped to what has passed of the window. It is hatched, and no line crosses it. */
export function unknownSpans(series: BurnDownSeries, life: MeasuredLife): UnknownSpan[] {
  const from = series.window.startAt;
  const to = Math.min(series.window.endAt, series.asOf);
  const since = life.freshness === 'stale' ? life.dataAt : null;
  const spans: UnknownSpan[] = series.gaps
    .filter((gap) => since === null || gap.endAt <= since)
    .map((gap) => ({ ...gap, kind: 'gap' }));
  const first = life.measuredSince ?? to;
  if (first > from) spans.push({ startAt: from, endAt: Math.min(first, to), kind: 'before' });
  if (since !== null) spans.push({ startAt: since, endAt: to, kind: 'since' });
  return spans
    .map((span) => ({ ...span, startAt: Math.max(span.startAt, from), endAt: Math.min(span.endAt, to) }))
    .filter((span) => span.endAt > span.startAt)
    .toSorted((a, b) => a.startAt - b.startAt);
}
