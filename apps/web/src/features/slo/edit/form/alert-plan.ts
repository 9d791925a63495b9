import { type AlertRules, type BurnRow, type PlannedBurnRow, planBurnRows, type SloPreview } from '@qd/shared/slo';
import { formatDuration, formatPercent, formatTimes } from '../../../../lib/format.ts';
import { targetIn } from '../allows.ts';
import type { SloDraft } from '../draft/draft.ts';
import { lengthMs } from '../draft/length.ts';
import { nominalWindowMs } from './window-words.ts';

/** A row of the alert table: what it watches, what it costs and when it would speak. */
export interface PlanLine {
  /** Number of the row among those that are drawn; own rows keep the place they are typed in. */
  index: number;
  plan: PlannedBurnRow | null;
}

/** Own rows that can be read already, each at its place; null where one cannot. */
function ownRows({ alerts }: SloDraft): (AlertRules['rows'][number] | null)[] {
  return alerts.rows.map(({ short, long, limit, severity }) => {
    const [shortMs, longMs, factor] = [lengthMs(short), lengthMs(long), Number(limit)];
    if (shortMs === null || longMs === null || limit.trim() === '' || !(factor > 0)) return null;
    return { shortMs, longMs, limit: factor, severity };
  });
}

/** What the alert rows of a form come to, as far as it can be read. */
export function planOf(draft: SloDraft): PlanLine[] {
  const target = targetIn(draft.target);
  const [first] = draft.windows;
  const windowMs = first === undefined ? null : nominalWindowMs(first);
  const rows = draft.alerts.policy === 'custom' ? ownRows(draft) : [];
  if (target === null || windowMs === null) return rows.map((_, index) => ({ index, plan: null }));
  const rules: AlertRules = {
    policy: draft.alerts.policy,
    rows: rows.filter((row) => row !== null),
    minBadEvents: 1,
    minTotalEvents: 0,
    exhaustionMs: null,
    absentMs: null,
    allowSlowRows: draft.alerts.allowSlowRows,
    isMuted: false,
  };
  const plans = planBurnRows(rules, target, windowMs);
  if (draft.alerts.policy !== 'custom') return plans.map((plan, index) => ({ index, plan }));
  const readable = rows.flatMap((row, index) => (row === null ? [] : [index]));
  return rows.map((_, index) => ({ index, plan: plans[readable.indexOf(index)] ?? null }));
}

/** When a full outage is noticed: `after 43 s`, or why never. */
export function detectionWords({ problem, outageDetectionMs, maxLimit }: PlannedBurnRow): string {
  if (problem === 'unreachable') return `never: over ${formatTimes(maxLimit)} is out of reach`;
  if (problem === 'long') return 'never: longer than the window';
  if (problem === 'slow') return 'left out: a limit under 1×';
  return Number.isFinite(outageDetectionMs) ? `after ${formatDuration(outageDetectionMs)}` : 'never';
}

/** Share of the budget that is gone when the row fires. */
export function costWords({ budgetShareRatio }: PlannedBurnRow): string {
  return formatPercent(budgetShareRatio);
}

function isOf(row: BurnRow, plan: PlannedBurnRow): boolean {
  return row.shortMs === plan.shortMs && row.longMs === plan.longMs && Math.abs(row.limit / plan.limit - 1) < 1e-9;
}

/** How often a row would have fired in the days of a preview; null if the preview does not know the row. */
export function firingsOf(
  plan: PlannedBurnRow,
  preview: Pick<SloPreview, 'burnRows' | 'firings'> | null,
): number | null {
  if (preview === null) return null;
  const at = preview.burnRows.findIndex((row) => isOf(row, plan));
  return preview.firings[at] ?? null;
}

/** The rows in one line: `2 page, 2 ticket`. */
export function planSummary(lines: readonly PlanLine[], isMuted: boolean): string {
  const working = lines.flatMap(({ plan }) => (plan === null || plan.problem !== null ? [] : [plan.severity]));
  const pages = working.filter((severity) => severity === 'page').length;
  const rows = working.length === 0 ? 'no row can fire' : `${pages} that page, ${working.length - pages} for a ticket`;
  return isMuted ? `muted; ${rows}` : rows;
}
