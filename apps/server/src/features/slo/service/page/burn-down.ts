import {
  type BurnDownSeries,
  burnDownSeries,
  lensMinutes,
  lensWindow,
  parseTarget,
  sampleMinutes,
  type SloPageInput,
  windowNow,
} from '@qd/shared/slo';
import { startOfMinute } from '@qd/shared/time';
import { currentBurn } from './current-burn.ts';
import { drawnSpec, expectedEventsOf, removedFrom } from './drawn-window.ts';
import { lensDecisionMinutes, lensOf } from './lens.ts';
import type { OpenObjective } from './open-objective.ts';
import type { PagePart } from './page-part.ts';

/** The line of budget left over the window an address asks for, with gaps, forecast and the enlarged hour. */
export function burnDownPart(opened: OpenObjective, drawn: Omit<SloPageInput, 'id'>): PagePart<BurnDownSeries> {
  const { row, summary, atMs, exclusions } = opened;
  const spec = drawnSpec(row, drawn);
  const window = windowNow(spec, atMs);
  const expected = expectedEventsOf(opened, spec);
  // The rows of a lens are read with the others, before it is known whether one is shown: they are few.
  const line = sampleMinutes(window, atMs);
  const enlarged = lensMinutes(window, lensWindow(atMs), atMs);
  return {
    wanted: { minutes: distinct([...line, ...enlarged, ...lensDecisionMinutes(atMs), ...expected.minutes]) },
    make: ({ rows, raw, spans }) =>
      burnDownSeries({
        target: parseTarget(row.targetPercent),
        window,
        now: atMs,
        rows,
        expectedEvents: expected.of(rows, removedFrom(window, row, exclusions)),
        burnRate: currentBurn(summary),
        measuredSince: row.measuredSinceMinute === null ? null : startOfMinute(row.measuredSinceMinute),
        lens: lensOf(opened, rows),
        ...(spans.length === 0 ? {} : { excluded: { spans, raw } }),
      }),
  };
}

function distinct(minutes: readonly number[]): number[] {
  return [...new Set(minutes)].sort((a, b) => a - b);
}
