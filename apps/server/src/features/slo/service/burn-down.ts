import {
  type BurnDownInputQuery,
  type BurnDownSeries,
  burnDownSeries,
  lensMinutes,
  lensWindow,
  parseTarget,
  sampleMinutes,
  windowNow,
} from '@qd/shared/slo';
import { startOfMinute } from '@qd/shared/time';
import type { Ctx } from '../../../platform/context.ts';
import { rowsWithoutExcluded } from './exclusions/read-rows.ts';
import { currentBurn } from './page/current-burn.ts';
import { drawnSpec, expectedEventsOf, removedFrom } from './page/drawn-window.ts';
import { lensDecisionMinutes, lensOf } from './page/lens.ts';
import { openObjective } from './page/open-objective.ts';

/**
 * The line of budget left over one window, with gaps, forecast and the enlarged hour. `window` 0 is the first one, read
 * from its fixed start or rolling; further ones are drawn as they were defined. Throws `not_found`, `forbidden`, and
 * `invalid` for a window there is not.
 */
export async function burnDown(ctx: Ctx, input: BurnDownInputQuery): Promise<BurnDownSeries> {
  const opened = await openObjective(ctx, input.id);
  const { row, summary, atMs, exclusions } = opened;
  const spec = drawnSpec(row, input);
  const window = windowNow(spec, atMs);
  const expected = expectedEventsOf(opened, spec);
  // The rows of a lens are read with the others, before it is known whether one is shown: they are few.
  const line = sampleMinutes(window, atMs);
  const enlarged = lensMinutes(window, lensWindow(atMs), atMs);
  const minutes = distinct([...line, ...enlarged, ...lensDecisionMinutes(atMs), ...expected.minutes]);
  const { rows, raw, spans } = await rowsWithoutExcluded(ctx.db, { row, minutes, exclusions, nowMs: atMs });
  return burnDownSeries({
    target: parseTarget(row.targetPercent),
    window,
    now: atMs,
    rows,
    expectedEvents: expected.of(rows, removedFrom(window, row, exclusions)),
    burnRate: currentBurn(summary),
    measuredSince: row.measuredSinceMinute === null ? null : startOfMinute(row.measuredSinceMinute),
    lens: lensOf(opened, rows),
    ...(spans.length === 0 ? {} : { excluded: { spans, raw } }),
  });
}

function distinct(minutes: readonly number[]): number[] {
  return [...new Set(minutes)].sort((a, b) => a - b);
}
