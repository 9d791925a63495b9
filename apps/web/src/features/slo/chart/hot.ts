import type { BurnDownSeries, BurnRow, Mark } from '@qd/shared/slo';

/** Minutes of calm inside a fast burn that do not end it: one lucky minute is not the end of an outage. */
const CALM_POINTS_ALLOWED = 3;

/** The burn a page row would fire at; without such a row nothing counts as fast. */
export function pageLimit(rows: readonly BurnRow[]): number {
  const limits = rows.filter((row) => row.severity === 'page').map((row) => row.limit);
  return limits.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...limits);
}

/** Since when the budget has been going fast without a pause, or null when it is calm now. */
export function hotSince(series: BurnDownSeries, rows: readonly BurnRow[], marks: readonly Mark[]): number | null {
  if (!rows.some((row) => row.state === 'firing' && row.severity === 'page')) return null;
  const trailing = trailingRun(series, pageLimit(rows));
  const began = openIncidentAt(series, marks);
  if (trailing === null) return began;
  return began === null ? trailing : Math.min(began, trailing);
}

function openIncidentAt(series: BurnDownSeries, marks: readonly Mark[]): number | null {
  const starts = marks.filter((mark) => mark.kind === 'incident' && mark.open).map((mark) => mark.at);
  const inside = starts.filter((at) => at >= (series.lens?.startAt ?? series.window.startAt));
  return inside.length === 0 ? null : Math.min(...inside);
}

function trailingRun(series: BurnDownSeries, limit: number): number | null {
  const { at, leftRatio } = series.lens ?? series;
  const lastKnown = leftRatio.findLastIndex((left) => left !== null);
  let since: number | null = null;
  let calm = 0;
  for (let i = lastKnown; i > 0 && calm <= CALM_POINTS_ALLOWED; i -= 1) {
    const burn = burnBetween(series, i);
    if (burn === null) break;
    calm = burn > limit ? 0 : calm + 1;
    if (burn > limit) since = at[i - 1] ?? null;
  }
  return since;
}

/** Burn rate between a point and the one before it; null where either is unknown. */
function burnBetween(series: BurnDownSeries, i: number): number | null {
  const { at, leftRatio } = series.lens ?? series;
  const [to, from] = [leftRatio[i], leftRatio[i - 1]];
  const [end, start] = [at[i], at[i - 1]];
  if (to == null || from == null || end === undefined || start === undefined) return null;
  return ((from - to) * series.window.windowMs) / (end - start);
}
