import { type PlannedBurnRow, planBurnRows } from '../burn-policy.ts';
import type { SloDefinition } from '../definition.ts';
import { formatDuration } from '../duration.ts';
import { reportingIntervalMs } from '../source-kinds.ts';
import { maxBurnRate, parseTarget } from '../target.ts';
import type { LintRemark } from './types.ts';

/** Scrapes a short window must hold: a rate needs two. */
const MIN_INTERVALS = 2;

/** Up to three digits that matter. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Where a row stands, and whether somebody wrote it: then a row that cannot work is refused, else it is left out. */
interface RowPlace {
  row: PlannedBurnRow;
  field: (name: string) => string;
  isOwn: boolean;
  title: string;
}

/** Remarks on rows that cannot fire, fire too late, or fire while the objective is kept. `windowMs` is the judged window. */
export function lintRows(definition: SloDefinition, windowMs: number, intervalMs: number): LintRemark[] {
  const { alerting, indicator } = definition;
  const target = parseTarget(definition.targetPercent);
  const isOwn = alerting.policy === 'custom';
  const everyMs = reportingIntervalMs(indicator, intervalMs);
  return planBurnRows(alerting, target, windowMs).flatMap((row, i) => {
    const place: RowPlace = {
      row,
      isOwn,
      field: (name) => (isOwn ? `alerting.rows[${i}].${name}` : 'alerting.policy'),
      title: `the row of ${formatDuration(row.shortMs)} and ${formatDuration(row.longMs)}`,
    };
    const problem = lintProblem(place, maxBurnRate(target), windowMs);
    return problem === null ? [...lintShort(place, everyMs), ...lintTime(place)] : [problem];
  });
}

function lintProblem({ row, field, isOwn, title }: RowPlace, maxBurn: number, windowMs: number): LintRemark | null {
  const leftOut = isOwn ? '' : ' It is left out.';
  switch (row.problem) {
    case null:
      return null;
    case 'unreachable': {
      const message = `${title} asks for a burn of ${figure(row.limit)}, but a full outage burns ${figure(maxBurn)}; choose at most ${figure(row.maxLimit)}.${leftOut}`;
      return { code: 'unreachable_row', level: isOwn ? 'error' : 'note', field: field('limit'), message };
    }
    case 'long': {
      const message = `${title} looks back further than the window of ${formatDuration(windowMs)}; shorten it.${leftOut}`;
      return { code: 'long_row', level: isOwn ? 'error' : 'note', field: field('longMs'), message };
    }
    case 'slow': {
      const message = `${title} speaks up at a burn of ${figure(row.limit)}, where the budget still lasts; choose 1 or more, or allow slow rows.${leftOut}`;
      return { code: 'slow_row', level: isOwn ? 'error' : 'warning', field: field('limit'), message };
    }
  }
}

function lintShort({ row, field, isOwn, title }: RowPlace, everyMs: number): LintRemark[] {
  const least = MIN_INTERVALS * everyMs;
  if (row.shortMs >= least) return [];
  const message = `${title} holds less than two measurements in its short window: one comes every ${formatDuration(everyMs)}; make it at least ${formatDuration(least)}.`;
  return [{ code: 'short_row', level: isOwn ? 'error' : 'warning', field: field('shortMs'), message }];
}

/** Rows that speak too early or too late. */
function lintTime({ row, field, title }: RowPlace): LintRemark[] {
  const remarks: LintRemark[] = [];
  if (row.limit < 1) {
    const message = `${title} speaks up at a burn of ${figure(row.limit)}, while the objective is kept.`;
    remarks.push({ code: 'warning_inside_objective', level: 'warning', field: field('limit'), message });
  }
  if (row.budgetShareRatio >= 1) {
    const percent = figure(100 * row.budgetShareRatio);
    const message = `${title} speaks up when ${percent}% of the budget is gone; lower its limit or shorten its long window.`;
    remarks.push({ code: 'late_warning', level: 'warning', field: field('limit'), message });
  }
  return remarks;
}
