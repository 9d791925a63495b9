import { type BurnDownSeries, type CauseKey, type Mark, marksOfCause, type SloDetail } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import type { TimeRange } from '../../chart/series.ts';

/** A stretch in which the budget went though nothing is known to have happened. */
export interface WorstStretch extends TimeRange {
  /** Share of the whole budget. */
  budgetRatio: number;
}

const MOST_WORST = 3;

/** The stretch of a mark as it is drawn: an open one lasts until now, an instant for the minute it lies in. */
export function stretchOf({ at, endAt, open }: Mark, nowMs: number): TimeRange {
  return { startAt: at, endAt: Math.max(at + MINUTE_MS, endAt ?? (open ? nowMs : at)) };
}

/**
 * The stretches between two points of the line that cost most outside every incident and deploy, dearest first. Known
 * only where the line falls by what is spent, which a rolling one does not; as fine as its points.
 */
export function worstStretches(series: BurnDownSeries | undefined, marks: readonly Mark[]): WorstStretch[] {
  if (series === undefined || series.view !== 'window') return [];
  const known = marks
    .filter(({ kind }) => kind === 'incident' || kind === 'deploy')
    .map((mark) => stretchOf(mark, series.asOf));
  const steps = series.at.slice(1).map((endAt, i) => {
    const [before, after] = [series.leftRatio[i], series.leftRatio[i + 1]];
    const startAt = series.at[i] ?? endAt;
    return { startAt, endAt, budgetRatio: before == null || after == null ? 0 : before - after };
  });
  return steps
    .filter(
      (step) => step.budgetRatio > 0 && !known.some((one) => one.startAt < step.endAt && one.endAt > step.startAt),
    )
    .toSorted((a, b) => b.budgetRatio - a.budgetRatio)
    .slice(0, MOST_WORST);
}

/** What a cause is on the plot: its own time, each window of an exclusion, or the worst of what nothing explains. */
export function stretchesOf(
  key: CauseKey | null,
  { marks, asOf }: Pick<SloDetail, 'marks' | 'asOf'>,
  series: BurnDownSeries | undefined,
): TimeRange[] {
  if (key === null || key === 'smaller') return [];
  if (key === 'background') return worstStretches(series, marks);
  return marksOfCause(key, marks).map((mark) => stretchOf(mark, asOf));
}
