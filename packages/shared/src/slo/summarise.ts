import { endOfMinute, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import type { AlertRules } from './alerts/types.ts';
import { budgetProbes, readBudget, type SummaryProbe } from './budget-reading.ts';
import { burnGatesOf, burnRowsOf, burnWindowsOf } from './burn-policy.ts';
import { burnRate, evaluateBurnRow } from './burn.ts';
import { difference } from './cumulative.ts';
import { formatDuration } from './duration.ts';
import { type ExcludedTime, excludedShare, minutesExcluded, removedSpans } from './exclusions/excluded-time.ts';
import { exhaustion } from './exhaustion.ts';
import { pointMinutes, sampleMinutes, sparkPoints } from './sampling.ts';
import { mapLookup, sparkSeries } from './series.ts';
import { freshness, sloState } from './state.ts';
import { budgetShare, type Target } from './target.ts';
import type { Budget, BurnRow, CumulativeRow, SloPolicy, SloSummary } from './types.ts';
import { lifeIn, readBack, type Reader, readerOf, readWindow } from './window-reader.ts';
import { lastCompleteMinute, minuteBefore, windowMinutes } from './windows.ts';
import { fixedSpec, judgedSpec, windowNow } from './windows/current.ts';
import type { StoredWindows } from './windows/primary.ts';
import type { SloWindowSpec } from './windows/types.ts';

const MINUTES_PER_HOUR = HOUR_MS / MINUTE_MS;
/** Burn rates that a summary names, whatever rows there are. */
const NAMED_BURNS_MS = [5 * MINUTE_MS, HOUR_MS];

/** What decides which minutes the summary of an objective reads. */
export interface SummaryPlan extends StoredWindows {
  target: Target;
  unit: SloSummary['unit'];
  /** When it speaks up; null for the default rules. */
  alerting: AlertRules | null;
}

const rowsOf = (slo: SummaryPlan) => burnRowsOf(slo.alerting, slo.target, slo.windowMs);
const rollingSpec = (slo: StoredWindows): SloWindowSpec => ({ kind: 'rolling', windowMs: slo.windowMs });

function burnProbes(slo: SummaryPlan, endM: number): SummaryProbe[] {
  const lengths = new Set([...NAMED_BURNS_MS, ...burnWindowsOf(rowsOf(slo))]);
  return [...lengths]
    .sort((a, b) => a - b)
    .map((lengthMs) => ({ name: formatDuration(lengthMs), m: minuteBefore(lengthMs, endM) }));
}

/** Probes of the window with the fixed start. Its start is read even where the rolling one judges: it never moves. */
function fixedProbes(slo: SummaryPlan, now: number): SummaryProbe[] {
  const [start, ...previous] = budgetProbes(slo.unit, fixedSpec(slo), now);
  if (start === undefined) return [];
  const windowStart = { ...start, name: 'windowStart' };
  return slo.judgedBy === 'rolling' ? [windowStart] : [windowStart, ...previous];
}

/**
 * The epoch minutes to read for one summary at `now`, each with a name: `now`, one per burn window (`5m` to `3d`),
 * `rollingStart`, `windowStart`, `previousStart`, `previousSameFloor`, `previousSameCeil`, `other` for further windows,
 * and up to 64 `spark`. Minutes may repeat; `probeMinutes` gives each once.
 */
export function summaryMinutes(slo: SummaryPlan, now: number): SummaryProbe[] {
  const endM = lastCompleteMinute(now);
  const probes: SummaryProbe[] = [
    { name: 'now', m: endM },
    ...burnProbes(slo, endM),
    { name: 'rollingStart', m: minuteBefore(slo.windowMs, endM) },
    ...fixedProbes(slo, now),
  ];
  for (const spec of slo.otherWindows) {
    for (const { m } of budgetProbes(slo.unit, spec, now)) probes.push({ name: 'other', m });
  }
  const judged = windowNow(judgedSpec(slo), now);
  for (const m of sampleMinutes(judged, now, sparkPoints(judged))) probes.push({ name: 'spark', m });
  return probes;
}

/** The minutes of probes, ascending, each once. */
export function probeMinutes(probes: readonly SummaryProbe[]): number[] {
  return [...new Set(probes.map((probe) => probe.m))].sort((a, b) => a - b);
}

export interface SummarySlo extends SummaryPlan {
  id: string;
  platformId: string;
  platformName: string;
  name: string;
  description: string;
  isDemo: boolean;
  policy: SloPolicy;
  source: SloSummary['source'];
  revision: number;
  /** How often the source is read. */
  intervalMs: number;
  /** Instant of the first measurement; null if there is none. */
  measuredSince: number | null;
  sourceDown: boolean;
  /** Why there is no fresh data, in words for a person. */
  staleReason: string | null;
}

export interface SummariseInput {
  slo: SummarySlo;
  now: number;
  /** For every minute of `summaryMinutes(slo, now)` the last cumulative row at or before it, or null. A missing key throws. */
  rows: ReadonlyMap<number, CumulativeRow | null>;
  /** What was taken out of `rows`; absent where nothing is excluded. */
  excluded?: ExcludedTime;
}

function evaluatedRows(reader: Reader, { slo, excluded }: SummariseInput, budget: Budget): BurnRow[] {
  const gates = burnGatesOf(slo.alerting);
  const measured = { target: slo.target, windowMs: slo.windowMs, expectedEvents: budget.expectedEvents };
  return rowsOf(slo).map((spec) => {
    const { lifeMinutes } = reader;
    const windows = { short: readBack(reader, spec.shortMs), long: readBack(reader, spec.longMs), lifeMinutes };
    const row = evaluateBurnRow(spec, windows, measured, gates);
    const beforeM = minuteBefore(spec.longMs, reader.endM);
    return { ...row, excludedMinutes: minutesExcluded(excluded, { beforeM, endM: reader.endM }) };
  });
}

/** Measured minutes of the budget's window over those that count since the objective was first measured in it. */
function lifeCoverage(reader: Reader, budget: Budget): number {
  const reading = readWindow(reader, budget.window);
  const life = lifeIn(reader, budget.window, reading);
  return life > 0 ? Math.min(1, reading.observedMinutes / life) : 0;
}

function sparkOf(reader: Reader, slo: SummarySlo, budget: Budget): SloSummary['spark'] {
  const { window, expectedEvents } = budget;
  const left = { target: slo.target, window, rowAt: reader.rowAt, expectedEvents, endM: reader.endM };
  return sparkSeries(left, pointMinutes(window, reader.now, sparkPoints(window)));
}

/** The budget the policy is judged by, the rolling one, and those of further windows. */
function budgetsOf(reader: Reader, slo: SummarySlo): Pick<SloSummary, 'budget' | 'rolling' | 'others'> {
  const rolling = readBudget(reader, slo, rollingSpec(slo));
  return {
    budget: slo.judgedBy === 'rolling' ? rolling : readBudget(reader, slo, fixedSpec(slo)),
    rolling,
    others: slo.otherWindows.map((spec) => readBudget(reader, slo, spec)),
  };
}

/** What exclusions took out of the budget that judges, beside the budget as it was counted. */
function takenOut({ slo, now, excluded }: SummariseInput, budget: Budget): SloSummary['excluded'] {
  if (excluded === undefined) return null;
  const within = windowMinutes(budget.window, now);
  if (minutesExcluded(excluded, within) === 0) return null;
  const raw = readBudget(readerOf(mapLookup(excluded.raw), now, slo.measuredSince), slo, judgedSpec(slo));
  return excludedShare(excluded, within, { raw, adjusted: budget });
}

/** Share of the whole budget that the last hour spent, for `lensFor`; null without events. */
export function lastHourSpentRatio(input: SummariseInput, budget: Budget): number | null {
  const rowAt = mapLookup(input.rows);
  const endM = lastCompleteMinute(input.now);
  const hour = difference(rowAt(endM), rowAt(minuteBefore(HOUR_MS, endM)), MINUTES_PER_HOUR);
  return budget.expectedEvents > 0 ? budgetShare(hour.bad, budget.expectedEvents, input.slo.target) : null;
}

/**
 * Everything a list row or the head of a page says about one objective, from cumulative rows alone.
 * The run-out time goes on with the burn of the last 5 minutes (of the last hour if those had no events) and is
 * unknown while data are stale. Throws RangeError if a row of `summaryMinutes` was not read.
 */
export function summarise(input: SummariseInput): SloSummary {
  const { slo, now } = input;
  const rowAt = mapLookup(input.rows);
  const reader = readerOf(rowAt, now, slo.measuredSince, removedSpans(input.excluded));
  const newest = rowAt(reader.endM);
  const dataAt = newest === null ? null : endOfMinute(newest.m);
  const fresh = freshness({ dataAt, now, intervalMs: slo.intervalMs, sourceDown: slo.sourceDown });
  const budgets = budgetsOf(reader, slo);
  const { budget } = budgets;
  const burnRows = evaluatedRows(reader, input, budget);
  const burn5m = burnRate(readBack(reader, 5 * MINUTE_MS), slo.target);
  const burn1h = burnRate(readBack(reader, HOUR_MS), slo.target);
  const current = fresh === 'stale' || fresh === 'never' ? null : (burn5m ?? burn1h);
  const { windowMs } = budget.window;
  return {
    id: slo.id,
    platformId: slo.platformId,
    platformName: slo.platformName,
    name: slo.name,
    description: slo.description,
    isDemo: slo.isDemo,
    targetPercent: slo.target.percent,
    policy: slo.policy,
    state: sloState({ budget, burnRows, lifeCoverageRatio: lifeCoverage(reader, budget), policy: slo.policy }),
    freshness: fresh,
    dataAt,
    staleReason: fresh === 'fresh' ? null : slo.staleReason,
    asOf: now,
    source: slo.source,
    revision: slo.revision,
    unit: slo.unit,
    ...budgets,
    excluded: takenOut(input, budget),
    inMaintenance: input.excluded?.isInForce ?? false,
    alerts: [],
    burnRows,
    burn5m,
    burn1h,
    exhaustion: exhaustion({ leftRatio: budget.leftRatio, burnRate: current, windowMs, now }),
    spark: sparkOf(reader, slo, budget),
  };
}
