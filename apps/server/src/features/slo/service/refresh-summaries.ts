import {
  type Counted,
  type CumulativeRow,
  fixedSpec,
  lastCompleteMinute,
  probeMinutes,
  type SloSummary,
  summarise,
  summaryMinutes,
  type SummarySlo,
  windowNow,
} from '@qd/shared/slo';
import { minuteOf } from '@qd/shared/time';
import type { ReadDb } from '../../../db/client.ts';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { countsAt } from '../queries/boundaries.ts';
import { type ObjectiveRow, objectives } from '../queries/objectives.ts';
import { rowsAt } from '../queries/probes.ts';
import { upsertSummaries } from '../queries/summaries.ts';
import { horizonMinute } from '../queries/tiers.ts';
import { type ExclusionsByPlatform, exclusionsFor } from './exclusions/excluded-time.ts';
import { excludedRows, type ExclusionPlan, planExclusions } from './exclusions/summary-plan.ts';
import type { SparkMemory, SparkRows } from './spark-rows.ts';
import { summarySlo } from './summary-input.ts';

/** Objectives read and written at once; bounds one statement, and how long the embedded store is busy with it. */
const BATCH = 250;
/** A spark point this close to now may still grow. */
const SETTLED_AFTER_MINUTES = 120;

/** What one process remembers of list rows between ticks. */
export interface SummaryMemory {
  spark: SparkRows;
  /** SLIs that changed after their list row was written. */
  changed: Set<number>;
  /** Up to which epoch minute the list row of an SLI speaks. */
  shownMinute: Map<number, number>;
  /** When (ms) a push last had the list row of an SLI rewritten. */
  pushedAtMs: Map<number, number>;
  /** Hears of every list row that was rewritten. */
  onSummarised(summaries: readonly SloSummary[]): void;
}

/** An objective and what its list row says. */
export interface Summarised {
  row: ObjectiveRow;
  summary: SloSummary;
}

/**
 * Computes and stores the list rows of all objectives, or of the given SLIs, and publishes `slo`. Gives what was
 * stored. `memory` is kept between calls.
 */
export async function refreshSummaries(
  ctx: Ctx,
  memory: Pick<SummaryMemory, 'spark'> & Partial<SummaryMemory>,
  sliIds?: readonly number[],
): Promise<Summarised[]> {
  const rows = await objectives(ctx.db, sliIds);
  const done: Summarised[] = [];
  for (let i = 0; i < rows.length; i += BATCH) {
    const now = ctx.now();
    const batch = await summariesFor(ctx.db, rows.slice(i, i + BATCH), now.getTime(), memory.spark);
    const m = lastCompleteMinute(now.getTime());
    await ingest(ctx, (tx) =>
      upsertSummaries(
        tx,
        batch.map(({ row, summary }) => ({ sliId: row.sliId, m, summary })),
        now,
      ),
    );
    for (const { row } of batch) memory.shownMinute?.set(row.sliId, m);
    done.push(...batch);
  }
  if (done.length > 0) {
    memory.onSummarised?.(done.map(({ summary }) => summary));
    ctx.hub.publish('slo');
  }
  return done;
}

/** The list rows of these objectives at `nowMs`, from the read model alone. */
export async function summariesFor(
  db: ReadDb,
  rows: readonly ObjectiveRow[],
  nowMs: number,
  spark: SparkRows,
): Promise<Summarised[]> {
  return summariesWith(db, rows, { nowMs, spark, exclusions: await exclusionsFor(db, rows) });
}

/** The same as if these were the exclusions in use. */
export async function summariesWith(
  db: ReadDb,
  rows: readonly ObjectiveRow[],
  of: { nowMs: number; spark: SparkRows; exclusions: ExclusionsByPlatform },
): Promise<Summarised[]> {
  const { nowMs, spark, exclusions } = of;
  const nowMinute = lastCompleteMinute(nowMs);
  const horizon = horizonMinute(nowMs);
  const plans = rows.map((row) => planOf(row, { nowMs, exclusions, known: spark.known(row.sliId, nowMinute) }));
  const boundaries = plans.map(({ sliId, exclusion }) => ({ sliId, minutes: exclusion?.boundaries ?? [] }));
  const [found, counts] = await Promise.all([rowsAt(db, plans, horizon), countsAt(db, boundaries, horizon)]);
  // Where the window begins with another count than before, all of its past was rewritten.
  const moved = plans.filter(
    (plan, i) => plan.known !== null && !isSameRow(plan.known.origin, originOf(plan, found[i])),
  );
  if (moved.length > 0) {
    spark.forget(moved.map((plan) => plan.sliId));
    return summariesWith(db, rows, of);
  }
  return plans.map((plan, i) => {
    const read = new Map(plan.known?.rows);
    plan.minutes.forEach((m, k) => read.set(m, found[i]?.[k] ?? null));
    const kept = { origin: originOf(plan, found[i]), rows: settled(plan.sparkMinutes, read, nowMinute) };
    if (plan.exclusion === null) {
      spark.keep(plan.sliId, nowMinute, kept);
      return { row: plan.row, summary: summarise({ slo: plan.slo, now: nowMs, rows: read }) };
    }
    const {
      rows: counted,
      excluded,
      known,
    } = excludedRows(plan.exclusion, plan.row, read, {
      counts: counts[i] ?? new Map<number, Counted>(),
      exclusions,
      nowMs,
    });
    spark.keep(plan.sliId, nowMinute, { ...kept, spans: known });
    return { row: plan.row, summary: summarise({ slo: plan.slo, now: nowMs, rows: counted, excluded }) };
  });
}

interface Plan {
  row: ObjectiveRow;
  slo: SummarySlo;
  sliId: number;
  /** Minutes to be read. */
  minutes: number[];
  sparkMinutes: readonly number[];
  /** The minute before the window; always read. */
  originM: number;
  known: SparkMemory | null;
  /** Null where nothing is excluded. */
  exclusion: ExclusionPlan | null;
}

function planOf(
  row: ObjectiveRow,
  of: { nowMs: number; exclusions: ExclusionsByPlatform; known: SparkMemory | null },
): Plan {
  const { nowMs, exclusions, known } = of;
  const slo = summarySlo(row, nowMs);
  const probes = summaryMinutes(slo, nowMs);
  const sparkMinutes = probes.filter((p) => p.name === 'spark').map((p) => p.m);
  // Only points of the sparkline are remembered: every figure is read afresh.
  const exact = new Set(probes.filter((p) => p.name !== 'spark').map((p) => p.m));
  const isKnown = (m: number): boolean => !exact.has(m) && known?.rows.has(m) === true;
  const originM = probes.find((p) => p.name === 'windowStart')?.m ?? 0;
  const all = probeMinutes(probes);
  const exclusion = planExclusions(exclusions, row, {
    minutes: all,
    untilM: lastOf(slo, nowMs),
    nowMs,
    known: known?.spans,
  });
  const minutes = all.filter((m) => !isKnown(m));
  return { row, slo, sliId: row.sliId, minutes, sparkMinutes, originM, known, exclusion };
}

/** The last minute of the windows of an objective: a period also loses excluded time that is to come. */
function lastOf(slo: SummarySlo, nowMs: number): number {
  const specs = [fixedSpec(slo), ...slo.otherWindows];
  const ends = specs.map((spec) => minuteOf(windowNow(spec, nowMs).endAt) - 1);
  return ends.reduce((a, b) => Math.max(a, b), lastCompleteMinute(nowMs));
}

function originOf(plan: Plan, found: readonly (CumulativeRow | null)[] | undefined): CumulativeRow | null {
  return found?.[plan.minutes.indexOf(plan.originM)] ?? null;
}

function isSameRow(a: CumulativeRow | null, b: CumulativeRow | null): boolean {
  return a?.m === b?.m && a?.total === b?.total && a?.bad === b?.bad && a?.observed === b?.observed;
}

function settled(
  minutes: readonly number[],
  read: ReadonlyMap<number, CumulativeRow | null>,
  nowMinute: number,
): Map<number, CumulativeRow | null> {
  const old = minutes.filter((m) => m <= nowMinute - SETTLED_AFTER_MINUTES);
  return new Map(old.map((m) => [m, read.get(m) ?? null]));
}
