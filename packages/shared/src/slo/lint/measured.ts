import { HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { burnRowsOf } from '../burn-policy.ts';
import type { SloDefinition } from '../definition.ts';
import { formatDuration } from '../duration.ts';
import { isSliced } from '../indicator-queries.ts';
import { parseTarget } from '../target.ts';
import { figure } from './rows.ts';
import type { LintRemark } from './types.ts';

/** What was really counted over a stretch of the past. */
export interface Measured {
  totalEvents: number;
  badEvents: number;
  /** Minutes that were measured, and minutes of the stretch. */
  observedMinutes: number;
  expectedMinutes: number;
  /** Budget left of the judged window now; null when unknown. */
  leftRatio: number | null;
}

/** Share of the minutes under which figures are not to be relied on. */
const LOW_COVERAGE_RATIO = 0.9;

/** Remarks on what was really counted. `windowMs` is the judged window. */
export function lintMeasured(definition: SloDefinition, windowMs: number, measured: Measured): LintRemark[] {
  if (measured.totalEvents === 0) return [noData(measured)];
  return [...lintCounts(measured), ...lintTraffic(definition, windowMs, measured), ...lintLeft(definition, measured)];
}

function noData({ observedMinutes, expectedMinutes }: Measured): LintRemark {
  const stretch = stretchWords(expectedMinutes);
  const message =
    observedMinutes === 0
      ? `found nothing in the last ${stretch}; check the names and labels`
      : `found no events in the last ${stretch}, though the source has these series`;
  return { code: 'no_data', level: 'warning', field: 'indicator', message };
}

function lintCounts(measured: Measured): LintRemark[] {
  const { totalEvents, badEvents, observedMinutes, expectedMinutes } = measured;
  const remarks: LintRemark[] = [];
  if (badEvents > totalEvents) {
    const message = `counted ${badEvents} failures of ${totalEvents} events; check that both select the same requests`;
    remarks.push({ code: 'bad_over_total', level: 'error', field: 'indicator', message });
  }
  const coverage = observedMinutes / expectedMinutes;
  if (coverage < LOW_COVERAGE_RATIO) {
    const message = `was measured in ${figure(100 * coverage)}% of the last ${stretchWords(expectedMinutes)} only; the rest is unknown`;
    remarks.push({ code: 'low_coverage', level: 'warning', field: 'indicator', message });
  }
  return remarks;
}

/** Traffic so low that one failure is too many, or that a row can never pass its gates. */
function lintTraffic(definition: SloDefinition, windowMs: number, measured: Measured): LintRemark[] {
  const { alerting, indicator } = definition;
  const target = parseTarget(definition.targetPercent);
  const perMs = measured.totalEvents / (measured.observedMinutes * MINUTE_MS);
  const allowed = target.allowedRatio * perMs * windowMs;
  const remarks: LintRemark[] = [];
  if (allowed < 1 && !isSliced(indicator)) {
    const message = `allows ${figure(allowed)} failures of about ${figure(perMs * windowMs)} events in ${formatDuration(windowMs)}: the first one overspends; lower the target or lengthen the window`;
    remarks.push({ code: 'low_traffic', level: 'warning', field: 'targetPercent', message });
  }
  const held = burnRowsOf(alerting, target, windowMs).filter(
    ({ longMs }) => perMs * longMs < Math.max(alerting.minTotalEvents, alerting.minBadEvents),
  );
  const [first] = held;
  if (first !== undefined) {
    const gate = Math.max(alerting.minTotalEvents, alerting.minBadEvents);
    const field =
      alerting.minTotalEvents >= alerting.minBadEvents ? 'alerting.minTotalEvents' : 'alerting.minBadEvents';
    const message = `asks for ${gate} events, but ${formatDuration(first.longMs)} see about ${figure(perMs * first.longMs)}: rows that look back so far stay held; lower it or use longer rows`;
    remarks.push({ code: 'low_traffic', level: 'warning', field, message });
  }
  return remarks;
}

function lintLeft({ targetPercent }: SloDefinition, { leftRatio, badEvents, totalEvents }: Measured): LintRemark[] {
  if (leftRatio === null || leftRatio > 0) return [];
  const good = ((totalEvents - badEvents) * 100) / totalEvents;
  const message = `${targetPercent} is missed already: ${figure(100 * (1 - leftRatio))}% of the budget is spent, and ${Number(good.toFixed(4))}% were good; releases would be frozen from the start`;
  return [{ code: 'already_overspent', level: 'warning', field: 'targetPercent', message }];
}

/** A stretch as people say it: whole days, or hours under two. */
function stretchWords(minutes: number): string {
  const hours = Math.round((minutes * MINUTE_MS) / HOUR_MS);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
