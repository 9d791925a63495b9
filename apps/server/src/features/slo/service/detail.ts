import {
  attributeSpend,
  type CumulativeRow,
  excludedEdges,
  excludedSpend,
  forecast,
  forecastMinutes,
  fromStoredWindows,
  gapStats,
  mapLookup,
  type Measurement,
  type MinuteSpan,
  parseTarget,
  type SloDetail,
  spendMinutes,
  STALE_AFTER_MS,
  windowMinutes,
} from '@qd/shared/slo';
import { MINUTE_MS, startOfMinute } from '@qd/shared/time';
import type { Ctx } from '../../../platform/context.ts';
import type { CountsByMinute } from '../queries/boundaries.ts';
import { type Measured, measuredRows } from '../queries/gaps.ts';
import { horizonMinute } from '../queries/tiers.ts';
import { countedFrom, excludedSpans, occurrencesOf } from './exclusions/excluded-time.ts';
import { type AdjustedRows, rowsWithoutExcluded } from './exclusions/read-rows.ts';
import { currentBurn } from './page/current-burn.ts';
import { lensDecisionMinutes, lensOf } from './page/lens.ts';
import { byTime, exclusionMarks, marksWithAlerts } from './page/marks.ts';
import { openObjective, type OpenObjective } from './page/open-objective.ts';
import type { PagePart } from './page/page-part.ts';
import { windowsOf } from './summary-input.ts';

/**
 * One objective in full: its list row, what happened on its platform in the window, what spent the budget, and how it
 * is measured. Throws `not_found` or `forbidden`.
 */
export async function getSlo(ctx: Ctx, id: string): Promise<SloDetail> {
  const opened = await openObjective(ctx, id);
  const part = detailPart(ctx, opened);
  const { row, exclusions, atMs } = opened;
  const [read] = await rowsWithoutExcluded(ctx.db, [part.wanted] as const, { row, exclusions, nowMs: atMs });
  return part.make(read);
}

/** The same as a part of a page, which may read more about the objective at once. */
export function detailPart(ctx: Ctx, opened: OpenObjective): PagePart<Promise<SloDetail>> {
  const { row, summary, atMs, exclusions, override } = opened;
  const { budget } = summary;
  const { window } = budget;
  const nowMs = ctx.now().getTime();
  const range = { fromMs: window.startAt, toMs: Math.max(window.endAt, nowMs) };
  const life = measuredLife(opened);
  const marks = byTime(marksWithAlerts(opened), exclusionMarks(exclusions, row, { ...range, nowMs }));
  const wanted = [spendMinutes(marks, window, atMs), lensDecisionMinutes(atMs), forecastMinutes(window, atMs)];
  const ends = life === null ? [] : [life.beforeM, life.endM];
  const maintenance = maintenanceOf(opened, life);
  const make = async ({ rows, raw, counts }: AdjustedRows): Promise<SloDetail> => {
    const at = (m: number): CumulativeRow | null => raw.get(m) ?? null;
    const measured = life === null ? null : { ...life, start: at(life.beforeM), end: at(life.endM) };
    const gaps = await gapsOf(ctx, opened, measured);
    const read = { target: parseTarget(row.targetPercent), now: atMs, budget, rowAt: mapLookup(rows) };
    return {
      ...summary,
      owner: row.owner,
      service: row.service,
      forecast: forecast({ ...read, burnRate: currentBurn(summary) }),
      override,
      meanings: row.meanings ?? { ship: '', caution: '', freeze: '', overspent: '' },
      windows: fromStoredWindows(windowsOf(row)),
      spend: [...attributeSpend({ ...read, marks }), ...maintenance.spend(counts, nowMs)],
      marks,
      measurement: measurementOf(opened, gaps),
      lens: lensOf(opened, rows),
    };
  };
  return { wanted: { minutes: [...new Set([...wanted.flat(), ...ends])], edges: maintenance.edges }, make };
}

/** The lines of excluded time among the causes, and the minutes at which they ask what had been counted. */
function maintenanceOf({ row, summary, exclusions }: OpenObjective, life: MinuteSpan | null) {
  const within = life ?? { beforeM: 0, endM: 0 };
  const occurrences = life === null ? [] : occurrencesOf(exclusions, row, within);
  const { budget, excluded } = summary;
  return {
    edges: excludedEdges(occurrences, within),
    spend: (counts: CountsByMinute, nowMs: number) =>
      excludedSpend({ occurrences, within, budget, excluded, nowMs, countedAt: countedFrom(row, counts) }),
  };
}

function measurementOf({ row }: OpenObjective, gaps: Measurement['gaps']): Measurement {
  const { source, measuredSinceMinute: sinceM } = row;
  return {
    indicator: row.indicator,
    intervalMs: source.intervalMs,
    serverVersion: source.serverVersion,
    gaps,
    createdAt: row.createdAt.getTime(),
    measuredSince: sinceM === null ? null : startOfMinute(sinceM),
  };
}

/** The minutes of the window since the first measurement; null before there was any. */
function measuredLife({ row, summary, atMs }: OpenObjective): Pick<Measured, 'sliId' | 'beforeM' | 'endM'> | null {
  if (row.measuredSinceMinute === null) return null;
  const { beforeM, endM } = windowMinutes(summary.budget.window, atMs);
  return { sliId: row.sliId, beforeM: Math.max(beforeM, row.measuredSinceMinute - 1), endM };
}

/** Missing minutes of those that were to be measured, excluded ones left out; the last five may still be on their way. */
async function gapsOf(
  ctx: Ctx,
  { row, atMs, exclusions }: OpenObjective,
  measured: Measured | null,
): Promise<Measurement['gaps']> {
  if (measured === null) return gapStats([]);
  const { beforeM, endM } = measured;
  const rows = await measuredRows(ctx.db, measured, horizonMinute(atMs));
  const newest = rows.at(-1)?.m ?? beforeM;
  const isLate = endM - newest > STALE_AFTER_MS / MINUTE_MS;
  const excluded = excludedSpans(exclusions, row, { beforeM, endM });
  return gapStats(rows, isLate && rows.length > 0 ? endM : undefined, excluded);
}
