import type { SloSummary } from '@qd/shared/slo';
import { type Cell, csvText } from '../../../platform/csv.ts';
import type { HistoryHour } from './history.ts';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Objectives as a table, one line each. */
export function sloTable(slos: readonly SloSummary[]): string {
  return csvText(
    columns.map(([name]) => name),
    slos.map((slo) => columns.map(([, cell]) => cell(slo))),
  );
}

const columns: readonly [name: string, cell: (slo: SloSummary) => Cell][] = [
  ['id', (s) => s.id],
  ['platform', (s) => s.platformId],
  ['name', (s) => s.name],
  ['target_percent', (s) => s.targetPercent],
  ['state', (s) => s.state],
  ['freshness', (s) => s.freshness],
  ['left_ratio', (s) => s.budget.leftRatio],
  ['sli_percent', (s) => s.budget.sliPercent],
  ['bad', (s) => s.budget.badEvents],
  ['total', (s) => s.budget.totalEvents],
  ['coverage', (s) => s.budget.coverageRatio],
  ['burn_1h', (s) => s.burn1h],
  ['window_start', (s) => iso(s.budget.window.startAt)],
  ['window_end', (s) => iso(s.budget.window.endAt)],
  ['data_at', (s) => iso(s.dataAt)],
  ['as_of', (s) => iso(s.asOf)],
];

/** The hours of an objective as a table. */
export function historyTable(hours: readonly HistoryHour[]): string {
  return csvText(
    ['at', 'left_ratio', 'bad', 'total', 'coverage'],
    hours.map((h) => [iso(h.at), h.leftRatio, h.badEvents, h.totalEvents, h.coverageRatio]),
  );
}
