export type * from './types.ts';
export type * from './windows/types.ts';
export * from './windows/primary.ts';
export * from './windows/current.ts';
export { calendarPeriod, type Period, previousCalendarPeriod } from './windows/calendar.ts';
export * from './exclusions/types.ts';
export * from './exclusions/schemas.ts';
export { plainRecurrence, recurrenceFault } from './exclusions/recurrence.ts';
export {
  clipSpans,
  minuteSpan,
  type MinuteSpan,
  minutesWithin,
  spanInstants,
  unionSpans,
  withoutSpans,
} from './exclusions/spans.ts';
export { exclusionMark } from './exclusions/marks.ts';
export {
  excludedEdges,
  excludedSpend,
  type ExcludedSpendInput,
  type ExclusionOccurrence,
  gatheredExclusions,
} from './exclusions/spend.ts';
export { type CauseKey, causeKey, marksOfCause, parseCause } from './cause.ts';
export { type AlertEpisode, alertMarks, type AlertMarksInput, MAX_ALERT_MARKS } from './alerts/marks.ts';
export type { ExcludedTime } from './exclusions/excluded-time.ts';
export {
  type AdjustOptions,
  adjustRows,
  type Counted,
  countedByShare,
  type CountedSpan,
  knownMinute,
} from './exclusions/adjust.ts';
export type * from './alerts/types.ts';
export { type AlertChange, type AlertOutcome, evaluateAlerts, retireAlert } from './alerts/evaluate.ts';
export {
  alertEventsInput,
  type AlertEventsInput,
  alertListInput,
  type AlertListInput,
  channelInput,
  type ChannelInput,
} from './alerts/schemas.ts';
export { byUrgency } from './alerts/urgency.ts';
export type { AlertDetails, AlertInput, AlertSubject } from './alerts/verdict.ts';
export type * from './lint/types.ts';
export { lintDefinition, type LintContext, refuseErrors, remarkOfRefusal } from './lint/lint.ts';
export type { Measured } from './lint/measured.ts';
export type * from './preview.ts';
export * from './preview-input.ts';
export * from './indicator.ts';
export * from './indicator-queries.ts';
export * from './policy-meanings.ts';
export * from './definition.ts';
export * from './definition-inputs.ts';
export * from './source-kinds.ts';
export {
  budgetMsOf,
  budgetShare,
  formatAllowedPercent,
  MAX_TARGET_DECIMALS,
  maxBurnRate,
  parseTarget,
  type Target,
} from './target.ts';
export {
  dayNumber,
  fixedWindow,
  HOUR_ALIGNED_FROM_MS,
  lastCompleteMinute,
  MINUTE_TIER_MS,
  minuteBefore,
  rollingWindow,
  windowMinutes,
  windowStepMs,
} from './windows.ts';
export {
  applyDeltas,
  difference,
  gapStats,
  type GapStats,
  type MinuteDelta,
  missingSpans,
  type MissingSpan,
  thinToHours,
  valueAt,
} from './cumulative.ts';
export { type CounterSeries, increase, minuteDeltas, type MinuteDeltaOptions, seriesDeltas } from './counters.ts';
export {
  type BudgetInput,
  computeBudget,
  elapsedShares,
  expectedEvents,
  type ExpectedEventsInput,
  MIN_PREVIOUS_COVERAGE_RATIO,
} from './budget.ts';
export {
  budgetShareAtLimit,
  type BurnGates,
  burnRate,
  type BurnWindows,
  defaultBurnGates,
  defaultBurnRows,
  detectionMs,
  evaluateBurnRow,
  highestFiring,
  isReachable,
  maxReachableLimit,
  worstBurn,
} from './burn.ts';
export {
  burnGatesOf,
  type BurnRowProblem,
  burnRowsOf,
  burnWindowsOf,
  planBurnRows,
  type PlannedBurnRow,
} from './burn-policy.ts';
export { exhaustion, type ExhaustionInput } from './exhaustion.ts';
export {
  freshness,
  type FreshnessInput,
  MIN_STATE_COVERAGE_RATIO,
  sloState,
  type SloStateInput,
  STALE_AFTER_MS,
} from './state.ts';
export {
  BURN_DOWN_POINTS,
  LENS_OPENS_AT_RATIO,
  lensFor,
  lensMinutes,
  lensPointMinutes,
  lensWindow,
  pointMinutes,
  sampleMinutes,
  SPARK_POINTS,
  sparkPoints,
} from './sampling.ts';
export {
  badRatios,
  type BurnDownInput,
  burnDownSeries,
  eventCounts,
  type LeftInput,
  leftRatios,
  mapLookup,
  type RowAt,
  sparkSeries,
} from './series.ts';
export { forecast, type ForecastInput, forecastMinutes } from './forecast.ts';
export { attributeSpend, type SpendInput, spendMinutes } from './spend.ts';
export { budgetProbes, type BudgetedSlo, readBudget, type SummaryProbe } from './budget-reading.ts';
export { readerOf } from './window-reader.ts';
export {
  lastHourSpentRatio,
  probeMinutes,
  summarise,
  type SummariseInput,
  summaryMinutes,
  type SummaryPlan,
  type SummarySlo,
} from './summarise.ts';
export { formatDuration, parseDuration } from './duration.ts';
export {
  checkPoints,
  fieldPath,
  MAX_PUSH_POINTS,
  parseSliPush,
  schemaFaults,
  type SliPoint,
  sliPoint,
  type SliPush,
  sliPushInput,
  sloId,
} from './push.ts';
export {
  type PlatformDefinition,
  platformFile,
  type PlatformSlo,
  type PlatformSource,
  slugOf,
} from './platform-file.ts';
export type { FileWindow } from './platform-fields.ts';
export {
  sloIdInput,
  type SloIdInput,
  sloLanesInput,
  type SloLanesInput,
  sloListInput,
  type SloListInput,
  sloPageInput,
  type SloPageInput,
} from './schemas.ts';
