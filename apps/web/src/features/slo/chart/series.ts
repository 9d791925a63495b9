import type { BurnDownSeries } from '@qd/shared/slo';
import type { UnknownSpan } from './unknown.ts';

/** One instant of a panel in percent of the budget. Null is unknown or not drawn; lines never cross a null. */
export interface ChartPoint {
  at: number;
  left: number | null;
  /** The same value again where the budget is going fast now; drawn in the colour of the state. */
  hot: number | null;
  ideal: number | null;
  forecast: number | null;
  /** Events of the minute before, and how many of them failed; only in the enlarged hour. */
  events: number | null;
  failed: number | null;
}

export interface TimeRange {
  startAt: number;
  endAt: number;
}

/** Holes narrower than this share of the panel are marked, but too thin to break the line visibly. */
const BREAK_SHARE = 1 / 400;

/** How far below zero a forecast is drawn. */
const FORECAST_BELOW_ZERO_PERCENT = 16;

const percent = (ratio: number | null | undefined): number | null => (ratio == null ? null : ratio * 100);

/** Points of the whole window: measured, then the ideal line and the forecast up to its end. */
export function windowPoints(
  series: BurnDownSeries,
  unknown: readonly UnknownSpan[],
  hotSince: number | null,
): ChartPoint[] {
  const measured = series.at.map((at, i) => ({ at, left: percent(series.leftRatio[i]), events: null, failed: null }));
  const future = series.ideal === null ? [] : [series.window.startAt, ...futureStops(series)];
  return assemble(series, series.window, [...measured, ...breaks(series.window, unknown)], { hotSince, more: future });
}

/** Points of the enlarged hour. */
export function lensPoints(
  series: BurnDownSeries,
  unknown: readonly UnknownSpan[],
  hotSince: number | null,
): ChartPoint[] {
  const lens = series.lens;
  if (lens === null) return [];
  const measured = lens.at.map((at, i) => {
    const events = lens.totalEvents[i] ?? null;
    const failed = events === null ? null : Math.round(events * (lens.badRatio[i] ?? 0));
    return { at, left: percent(lens.leftRatio[i]), events, failed };
  });
  const inside = unknown.filter((span) => span.endAt > lens.startAt && span.startAt < lens.endAt);
  return assemble(series, lens, [...measured, ...breaks(lens, inside)], { hotSince, more: [] });
}

type Measured = Pick<ChartPoint, 'at' | 'left' | 'events' | 'failed'>;

function breaks(range: TimeRange, unknown: readonly UnknownSpan[]): Measured[] {
  const least = (range.endAt - range.startAt) * BREAK_SHARE;
  return unknown
    .filter((span) => span.endAt - span.startAt > least)
    .map((span) => ({ at: (span.startAt + span.endAt) / 2, left: null, events: null, failed: null }));
}

function futureStops(series: BurnDownSeries): number[] {
  const { endAt, windowMs } = series.window;
  const step = windowMs / 30;
  const stops: number[] = [];
  for (let at = endAt; at > series.asOf; at -= step) stops.push(at);
  return stops;
}

/** The forecast in percent, carried on with the same slope below zero so that the plot shows where it leads. */
function forecastStops({ forecast, window }: BurnDownSeries): { at: number; left: number }[] {
  if (forecast === null) return [];
  const stops = forecast.at.map((at, i) => ({ at, left: (forecast.leftRatio[i] ?? 0) * 100 }));
  const [first, last] = [stops[0], stops.at(-1)];
  if (first === undefined || last === undefined || last.left > 0 || last.at <= first.at) return stops;
  const slope = (last.left - first.left) / (last.at - first.at);
  const at = Math.min(window.endAt, last.at + FORECAST_BELOW_ZERO_PERCENT / -slope);
  return at <= last.at ? stops : [...stops, { at, left: last.left + slope * (at - last.at) }];
}

function assemble(
  series: BurnDownSeries,
  range: TimeRange,
  measured: Measured[],
  options: { hotSince: number | null; more: number[] },
): ChartPoint[] {
  const points = new Map<number, ChartPoint>();
  const blank = (at: number): ChartPoint => ({
    at,
    left: null,
    hot: null,
    ideal: idealPercent(series, at),
    forecast: null,
    events: null,
    failed: null,
  });
  for (const one of measured) points.set(one.at, { ...blank(one.at), ...one });
  for (const at of options.more) if (!points.has(at)) points.set(at, blank(at));
  for (const { at, left } of forecastStops(series)) {
    points.set(at, { ...(points.get(at) ?? blank(at)), forecast: left });
  }
  const sorted = [...points.values()].toSorted((a, b) => a.at - b.at);
  return heat(sorted, options.hotSince).filter((point, i, all) => touches(range, all, i, point));
}

/** Keeps points inside the range and the nearest one on either side, so that lines run to the edge. */
function touches(range: TimeRange, all: readonly ChartPoint[], i: number, point: ChartPoint): boolean {
  const next = all[i + 1];
  const before = all[i - 1];
  if (point.at >= range.startAt && point.at <= range.endAt) return true;
  if (point.at < range.startAt) return next !== undefined && next.at > range.startAt;
  return before !== undefined && before.at < range.endAt;
}

/** The last point before `since` is in both colours, so that the line has no hole. */
function heat(points: ChartPoint[], since: number | null): ChartPoint[] {
  if (since === null) return points;
  const firstHot = points.findIndex((point) => point.at > since);
  if (firstHot === -1) return points;
  return points.map((point, i) => {
    if (i < firstHot - 1) return point;
    return i === firstHot - 1 ? { ...point, hot: point.left } : { ...point, hot: point.left, left: null };
  });
}

/** Percent the straight line from all to nothing asks for at an instant; null in the rolling view. */
export function idealPercent(series: BurnDownSeries, at: number): number | null {
  if (series.ideal === null) return null;
  const [start, end] = series.ideal.at;
  const [from, to] = series.ideal.leftRatio;
  const passed = Math.min(1, Math.max(0, (at - start) / (end - start)));
  return (from + (to - from) * passed) * 100;
}

/** What is drawn at a point, whichever colour it has. */
export function drawnPercent(point: ChartPoint): number | null {
  return point.hot ?? point.left;
}

/** The newest measured point of the panels, or null while nothing was measured. */
export function newestPoint(points: readonly ChartPoint[]): ChartPoint | null {
  return points.findLast((point) => drawnPercent(point) !== null) ?? null;
}

/** Lowest measured percent of both panels; 100 when nothing was measured. */
export function worstPercent(series: BurnDownSeries): number {
  const values = [...series.leftRatio, ...(series.lens?.leftRatio ?? [])];
  return values.reduce<number>((worst, ratio) => (ratio === null ? worst : Math.min(worst, ratio * 100)), 100);
}

/** Index of the point nearest to an instant. */
export function nearestIndex(points: readonly { at: number }[], at: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const above = points[low];
  const below = points[low - 1];
  if (above === undefined || below === undefined) return low;
  return at - below.at < above.at - at ? low - 1 : low;
}
