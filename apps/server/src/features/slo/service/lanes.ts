import { DomainError } from '@qd/shared/errors';
import {
  badRatios,
  type Indicator,
  lastCompleteMinute,
  parseTarget,
  type PlatformLane,
  queriesOf,
  type SloLanesInput,
} from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, startOfUtcDay } from '@qd/shared/time';
import type { Ctx } from '../../../platform/context.ts';
import { type LaneObjective, laneObjectives } from '../queries/lanes.ts';
import { rowsAt } from '../queries/probes.ts';
import { summariesBySli } from '../queries/summaries.ts';
import { horizonMinute } from '../queries/tiers.ts';
import { type ExcludableObjective, exclusionsFor } from './exclusions/excluded-time.ts';
import { readWithoutExcluded } from './exclusions/read-rows.ts';
import { aged, visiblePlatforms } from './list.ts';
import { marksOf } from './page/marks.ts';

const STEP_MINUTES = 15;
/** Words that say an objective is about time taken, not about success. */
const aboutTime = /latency|duration|response.?time|\bp\d{2}\b|\bms\b|_bucket\b|\ble\s*=/i;

/** The longest a day can have begun ago: one hour more than a day where clocks go back. */
const LONGEST_DAY_MS = DAY_MS + HOUR_MS;
/** At midnight the asker's clock may be ahead of ours, or behind. */
const CLOCK_SLACK_MS = 5 * MINUTE_MS;

/**
 * The day of each platform the actor may see, up to now, with the objective that fares worst: the UTC day, or the one
 * that begins at `dayStartAt`. Throws `invalid` when now does not lie in that day.
 */
export async function listLanes(ctx: Ctx, input: SloLanesInput): Promise<{ lanes: PlatformLane[]; asOf: number }> {
  const nowMs = ctx.now().getTime();
  const dayStartAt = input.dayStartAt ?? startOfUtcDay(nowMs);
  if (dayStartAt > nowMs + CLOCK_SLACK_MS || nowMs - dayStartAt > LONGEST_DAY_MS + CLOCK_SLACK_MS) {
    const fields = [{ field: 'dayStartAt', message: 'names a day that is not today' }];
    throw new DomainError('invalid', 'Lanes are drawn for the day of now.', { fields });
  }
  const found = await laneObjectives(ctx.db, visiblePlatforms(ctx, input.platform));
  const platforms = [...Map.groupBy(found, (row) => row.platformId).values()].map((rows) => ({
    rows,
    worst: worstOf(rows),
  }));
  const drawn = platforms.flatMap(({ worst }) => drawable(worst));
  const [summaries, lines] = await Promise.all([
    summariesBySli(
      ctx.db,
      drawn.map(({ sliId }) => sliId),
    ),
    linesOf(ctx, drawn, { dayStartAt, nowMs }),
  ]);
  const lanes = await Promise.all(
    platforms.map(async ({ rows, worst }) => {
      const platformId = rows[0]?.platformId ?? '';
      const marks = await marksOf(ctx, platformId, { fromMs: dayStartAt, toMs: dayStartAt + DAY_MS });
      const summary = worst === null ? null : (summaries.get(worst.sliId) ?? null);
      const slo = worst === null || summary === null ? null : aged({ ...worst, summary }, nowMs);
      return laneOf(rows, { slo, marks, dayStartAt, badRatio: lines.get(worst?.sliId ?? 0) ?? [] });
    }),
  );
  return { lanes, asOf: lanes.reduce((newest, lane) => Math.max(newest, lane.slo?.asOf ?? 0), 0) || nowMs };
}

function laneOf(
  rows: readonly LaneObjective[],
  drawn: Pick<PlatformLane, 'slo' | 'marks' | 'dayStartAt' | 'badRatio'>,
): PlatformLane {
  const [first] = rows;
  return {
    ...drawn,
    platformId: first?.platformId ?? '',
    platformName: first?.platformName ?? '',
    isDemo: first?.isDemo ?? false,
    sloCount: rows.filter((row) => row.id !== null).length,
    attention: rows.filter((row) => row.state !== null && row.state !== 'on_course').length,
    stepMs: STEP_MINUTES * MINUTE_MS,
    objectiveRatio: drawn.slo === null ? null : parseTarget(drawn.slo.targetPercent).allowedRatio,
  };
}

/** The objective of a lane with what reading its rows needs; none where a platform has no objective. */
function drawable(row: LaneObjective | null): ExcludableObjective[] {
  if (row === null) return [];
  const { id, indicator, exclusionMode } = row;
  return id === null || indicator === null || exclusionMode === null ? [] : [{ ...row, id, indicator, exclusionMode }];
}

/** Error ratio per step of the day without excluded time, by SLI. */
async function linesOf(
  ctx: Ctx,
  drawn: readonly ExcludableObjective[],
  { dayStartAt, nowMs }: { dayStartAt: number; nowMs: number },
): Promise<Map<number, (number | null)[]>> {
  const exclusions = await exclusionsFor(ctx.db, drawn);
  const minutes = stepEnds(dayStartAt, nowMs);
  const wanted = drawn.map((row) => ({ row, minutes }));
  const probes = drawn.map(({ sliId }) => ({ sliId, minutes }));
  const read = await readWithoutExcluded(ctx.db, { wanted, exclusions, nowMs }, () =>
    rowsAt(ctx.db, probes, horizonMinute(nowMs)),
  );
  return new Map(drawn.map(({ sliId }, i) => [sliId, badRatios(minutes.map((m) => read[i]?.rows.get(m) ?? null))]));
}

/** The minute before the day, the last of each full step, and the newest complete minute: ends of the steps drawn. */
function stepEnds(dayStartAt: number, nowMs: number): number[] {
  const beforeM = minuteOf(dayStartAt) - 1;
  const endM = lastCompleteMinute(nowMs);
  const minutes: number[] = [beforeM];
  for (let m = beforeM + STEP_MINUTES; m < endM; m += STEP_MINUTES) minutes.push(m);
  if (endM > beforeM) minutes.push(endM);
  return minutes;
}

/** True if the objective counts successes rather than how long something took. */
export function isAvailabilityLike(slo: { name: string; indicator: Indicator }): boolean {
  const { kind } = slo.indicator;
  if (kind === 'latency' || kind === 'percentile') return false;
  return !aboutTime.test(`${slo.name} ${Object.values(queriesOf(slo.indicator)).join(' ')}`);
}

function worstOf(rows: readonly LaneObjective[]): LaneObjective | null {
  const known = rows.filter((row) => row.state !== null);
  const alike = known.filter(
    ({ name, indicator }) => name !== null && indicator !== null && isAvailabilityLike({ name, indicator }),
  );
  const left = (row: LaneObjective): number => row.leftRatio ?? Infinity;
  return (alike.length > 0 ? alike : known).reduce<LaneObjective | null>(
    (worst, row) => (worst === null || left(row) < left(worst) ? row : worst),
    null,
  );
}
