import { MINUTE_MS, SECOND_MS } from '../../time/index.ts';
import { burnRowsOf } from '../burn-policy.ts';
import type { SloDefinition } from '../definition.ts';
import { formatDuration } from '../duration.ts';
import { sliceMinutesOf } from '../indicator-queries.ts';
import { budgetMsOf, parseTarget } from '../target.ts';
import { figure } from './rows.ts';
import type { LintRemark } from './types.ts';

/** Caution that begins before a tenth of the budget is spent is seen while all is well. */
const EARLY_CAUTION_RATIO = 0.9;

/** Remarks on the target and on the zones of the budget. `windowMs` is the judged window. */
export function lintPolicy(definition: SloDefinition, windowMs: number): LintRemark[] {
  return [
    ...lintTarget(definition, windowMs),
    ...lintEarly(definition, windowMs),
    ...lintSilence(definition, windowMs),
  ];
}

/** A budget that is smaller than the least that can be measured is spent by the first failure. */
function lintTarget({ targetPercent, indicator }: SloDefinition, windowMs: number): LintRemark[] {
  const budgetMs = budgetMsOf(parseTarget(targetPercent), windowMs);
  const leastMs = sliceMinutesOf(indicator) * MINUTE_MS;
  if (budgetMs >= leastMs) return [];
  const allowed = budgetMs < SECOND_MS ? 'less than a second' : `${figure(budgetMs / SECOND_MS)} s`;
  const least = leastMs === MINUTE_MS ? 'a minute' : `one slice of ${formatDuration(leastMs)}`;
  const message = `allows ${allowed} of outage in ${formatDuration(windowMs)}, less than ${least}, the finest that is measured; lower the target or lengthen the window`;
  return [{ code: 'target_too_high', level: 'warning', field: 'targetPercent', message }];
}

function lintEarly({ cautionRatio, alerting }: SloDefinition, windowMs: number): LintRemark[] {
  const remarks: LintRemark[] = [];
  if (cautionRatio > EARLY_CAUTION_RATIO) {
    const message = `asks for care once ${figure(100 * (1 - cautionRatio))}% of the budget is spent, well inside the objective`;
    remarks.push({ code: 'warning_inside_objective', level: 'warning', field: 'cautionRatio', message });
  }
  if (alerting.exhaustionMs !== null && alerting.exhaustionMs >= windowMs) {
    const message = `is as long as the window of ${formatDuration(windowMs)}: a full budget that burns no faster than allowed would speak up; shorten it`;
    remarks.push({ code: 'warning_inside_objective', level: 'warning', field: 'alerting.exhaustionMs', message });
  }
  return remarks;
}

/** Objectives whose budget can be gone before anything is said. */
function lintSilence({ cautionRatio, alerting, targetPercent }: SloDefinition, windowMs: number): LintRemark[] {
  const remarks: LintRemark[] = [];
  if (cautionRatio === 0) {
    const message = 'is 0: nobody is warned before the budget is gone; 20% is usual';
    remarks.push({ code: 'late_warning', level: 'warning', field: 'cautionRatio', message });
  }
  const rows = burnRowsOf(alerting, parseTarget(targetPercent), windowMs);
  if (rows.length === 0 && alerting.exhaustionMs === null) {
    const message = 'has no row that can fire for this target and window; add rows of your own, or a run-out alert';
    remarks.push({ code: 'late_warning', level: 'warning', field: 'alerting.policy', message });
  }
  return remarks;
}
