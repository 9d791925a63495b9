import type { Budget, BurnDownSeries, SloDetail } from '@qd/shared/slo';
import { formatClock, formatDay, formatPercent } from '../../../lib/format.ts';
import { isStale } from '../../../lib/slo-words.ts';
import type { Zone } from '../../../lib/zone.ts';
import { budgetPart } from '../budget-words.ts';
import type { EndWords, PanelMark, PanelNote } from './annotations.ts';
import { percentAxis, spanAxis, windowAxis, type PercentAxis, type TimeAxis } from './axis.ts';
import { excludedBands, type ExcludedBand } from './excluded.ts';
import { hotSince } from './hot.ts';
import { lensMarks, windowMarks } from './panel-marks.ts';
import {
  idealPercent,
  lensPoints,
  newestPoint,
  windowPoints,
  worstPercent,
  type ChartPoint,
  type TimeRange,
} from './series.ts';
import type { NamedSpan } from './unknown-layer.tsx';
import { unknownSpans, type UnknownSpan } from './unknown.ts';

/** Everything one panel draws. */
export interface PanelModel {
  kind: 'window' | 'lens';
  range: TimeRange;
  time: TimeAxis;
  /** The same axis with fewer ticks, for a narrow plot. */
  narrowTime: TimeAxis;
  points: ChartPoint[];
  spans: NamedSpan[];
  /** Time that does not count. */
  bands: ExcludedBand[];
  marks: PanelMark[];
  notes: PanelNote[];
  end: EndWords | null;
}

export interface BurnDownModel {
  series: BurnDownSeries;
  axis: PercentAxis;
  tone: 'water' | 'warn' | 'crit';
  window: PanelModel;
  lens: PanelModel | null;
}

/** Whose clock times are written in, and which budget the series is of. */
export interface ModelContext {
  zone: Zone;
  budget: Budget;
}

/** Turns what the server measured into what the panels draw. Pure: the same answer gives the same picture. */
export function burnDownModel(series: BurnDownSeries, slo: SloDetail, { zone, budget }: ModelContext): BurnDownModel {
  const spans = unknownSpans(series, {
    measuredSince: slo.measurement.measuredSince,
    dataAt: slo.dataAt,
    freshness: slo.freshness,
  });
  const hot = hotSince(series, slo.burnRows, slo.marks);
  const words = endWords(series, slo, { zone, budget });
  const lens = series.lens === null ? null : lensModel({ series, slo, zone, spans, hot, end: words });
  return {
    series,
    axis: percentAxis(worstPercent(series)),
    tone: toneOf(slo),
    window: windowModel({ series, slo, zone, spans, hot, end: lens === null ? words : null }),
    lens,
  };
}

/** Colour of the line where it goes fast, and of the forecast. */
function toneOf(slo: SloDetail): BurnDownModel['tone'] {
  if (isStale(slo)) return 'water';
  if (slo.state === 'freeze' || slo.state === 'overspent' || slo.state === 'fast_burn') return 'crit';
  return slo.state === 'caution' ? 'warn' : 'water';
}

interface Parts {
  series: BurnDownSeries;
  slo: SloDetail;
  zone: Zone;
  spans: UnknownSpan[];
  hot: number | null;
  end: EndWords | null;
}

function windowModel(parts: Parts): PanelModel {
  const { series, slo, zone } = parts;
  const points = windowPoints(series, parts.spans, parts.hot);
  const ideal = idealPercent(series, series.asOf);
  const newest = newestPoint(points);
  const notes: PanelNote[] =
    ideal === null || newest === null
      ? []
      : [
          {
            id: 'ideal',
            at: series.asOf,
            percent: ideal,
            text: `ideal ${formatPercent(ideal / 100)} now`,
            prefer: 'left',
          },
        ];
  return {
    kind: 'window',
    range: series.window,
    time: windowAxis(series.window, 7),
    narrowTime: windowAxis(series.window, 4),
    points,
    spans: named(parts.spans, zone, slo.asOf),
    bands: excludedBands(slo.marks, series.window),
    marks: windowMarks(slo, series),
    notes,
    end: parts.end,
  };
}

function lensModel(parts: Parts): PanelModel | null {
  const { series, slo, zone } = parts;
  const { lens } = series;
  if (lens === null) return null;
  const points = lensPoints(series, parts.spans, parts.hot);
  const calmEnd = parts.hot === null ? null : lens.startAt + (parts.hot - lens.startAt) * 0.6;
  const before = calmEnd === null ? undefined : points.findLast((point) => point.left !== null && point.at <= calmEnd);
  const notes: PanelNote[] =
    before?.left == null
      ? []
      : [
          {
            id: 'before',
            at: before.at,
            percent: before.left,
            text: `${formatPercent(before.left / 100)} before`,
            prefer: 'left',
          },
        ];
  const inside = parts.spans.filter((span) => span.endAt > lens.startAt && span.startAt < lens.endAt);
  return {
    kind: 'lens',
    range: { startAt: lens.startAt, endAt: lens.endAt },
    time: spanAxis(lens.startAt, lens.endAt, 5),
    narrowTime: spanAxis(lens.startAt, lens.endAt, 5),
    points,
    spans: named(inside, zone, slo.asOf),
    bands: excludedBands(slo.marks, lens),
    marks: lensMarks(slo, lens, zone),
    notes,
    end: parts.end,
  };
}

function named(spans: readonly UnknownSpan[], zone: Zone, nowMs: number): NamedSpan[] {
  return spans.map((span) => ({ ...span, text: spanWords(span, zone, nowMs) }));
}

function spanWords(span: UnknownSpan, zone: Zone, nowMs: number): string {
  if (span.kind === 'since') return `no data since ${moment(span.startAt, zone, nowMs)}`;
  if (span.kind === 'gap') return 'not measured';
  return `not measured before ${moment(span.endAt, zone, nowMs)}`;
}

function endWords(series: BurnDownSeries, slo: SloDetail, { zone, budget }: ModelContext): EndWords | null {
  if (budget.leftRatio === null || budget.leftMs === null) return null;
  const lead = `${formatPercent(budget.leftRatio)}, ${budgetPart(budget.leftMs, budget.budgetMs)}`;
  if (isStale(slo) && slo.dataAt !== null) {
    const since = `no data since ${moment(slo.dataAt, zone, slo.asOf)}`;
    return { lead, brief: since, more: since };
  }
  const brief = forecastWords(series, slo, zone);
  return { lead, brief, more: brief === null ? null : `${brief}, forecast` };
}

function forecastWords(series: BurnDownSeries, slo: SloDetail, zone: Zone): string | null {
  const last = series.forecast?.leftRatio.at(-1);
  const at = series.forecast?.at.at(-1);
  if (last === undefined || at === undefined) return null;
  const day = formatDay(at, zone, slo.asOf);
  if (last <= 0) return isToday(at, zone, slo.asOf) ? `zero at ${formatClock(at, zone)}` : `zero on ${day}`;
  return `${formatPercent(last, 0)} on ${formatDay(series.window.endAt, zone, slo.asOf)}`;
}

function isToday(at: number, zone: Zone, nowMs: number): boolean {
  return formatDay(at, zone, nowMs) === formatDay(nowMs, zone, nowMs);
}

/** Time of day today, else day and time. */
function moment(at: number, zone: Zone, nowMs: number): string {
  const clock = formatClock(at, zone);
  return isToday(at, zone, nowMs) ? clock : `${formatDay(at, zone, nowMs)}, ${clock}`;
}
