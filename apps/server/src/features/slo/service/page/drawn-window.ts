import {
  budgetProbes,
  type CumulativeRow,
  fixedSpec,
  isSliced,
  judgedSpec,
  mapLookup,
  type MinuteSpan,
  parseTarget,
  readBudget,
  readerOf,
  type SloPageInput,
  type SloWindow,
  type SloWindowSpec,
  windowNow,
} from '@qd/shared/slo';
import { minuteOf, startOfMinute } from '@qd/shared/time';
import type { ObjectiveRow } from '../../queries/objectives.ts';
import { type ExclusionsByPlatform, excludedSpans, modeOf } from '../exclusions/excluded-time.ts';
import { windowsOf } from '../summary-input.ts';
import type { OpenObjective } from './open-objective.ts';

/**
 * The window a burn-down draws: a further one as it was defined, of the first one the reading asked for, else the one
 * that decides. So is a further one there is not: an address may be older than the objective's windows.
 */
export function drawnSpec(row: ObjectiveRow, { view, window = 0 }: Omit<SloPageInput, 'id'>): SloWindowSpec {
  const windows = windowsOf(row);
  if (window > 0) return windows.otherWindows[window - 1] ?? judgedSpec(windows);
  if (view === 'rolling') return { kind: 'rolling', windowMs: windows.windowMs };
  return view === 'window' ? fixedSpec(windows) : judgedSpec(windows);
}

/** Events the period of a drawn window is expected to have, and the minutes to read where the list row does not say. */
export interface ExpectedEvents {
  minutes: number[];
  /** `removed` are the minutes of the window, also to come, that the rows lack. */
  of(rows: ReadonlyMap<number, CumulativeRow | null>, removed: readonly MinuteSpan[]): number;
}

/** The denominator of a line: what the list row says of the same window, else read afresh. */
export function expectedEventsOf({ row, summary, atMs }: OpenObjective, spec: SloWindowSpec): ExpectedEvents {
  const window = windowNow(spec, atMs);
  const known = [summary.budget, ...summary.others].find(
    (budget) =>
      budget.window.view === window.view &&
      budget.window.startAt === window.startAt &&
      budget.window.endAt === window.endAt,
  );
  if (known !== undefined) return { minutes: [], of: () => known.expectedEvents };
  const slo = { target: parseTarget(row.targetPercent), unit: isSliced(row.indicator) ? 'minutes' : 'events' } as const;
  const { measuredSinceMinute: sinceM } = row;
  const measuredSince = sinceM === null ? null : startOfMinute(sinceM);
  return {
    minutes: budgetProbes(slo.unit, spec, atMs).map(({ m }) => m),
    of: (rows, removed) =>
      readBudget(readerOf(mapLookup(rows), atMs, measuredSince, removed), slo, spec).expectedEvents,
  };
}

/** Minutes of a window, past and to come, that exclusions remove from both sides of its ratio. */
export function removedFrom(window: SloWindow, row: ObjectiveRow, exclusions: ExclusionsByPlatform): MinuteSpan[] {
  if (modeOf(row) !== 'remove') return [];
  const within = { beforeM: minuteOf(window.startAt) - 1, endM: minuteOf(window.endAt) - 1 };
  return excludedSpans(exclusions, row, within);
}
