import type { SloSummary } from '@qd/shared/slo';
import { formatAge, formatClock, formatLevel, formatPercent, formatTimes } from '../../../lib/format.ts';
import { budgetTone, isStale } from '../../../lib/slo-words.ts';
import type { Zone } from '../../../lib/zone.ts';
import type { DataTone } from '../../../ui/tone.ts';
import { rowAlert, type RowAlert } from '../alerts/alert-words.ts';
import { budgetOf } from '../budget-words.ts';
import type { Moment } from '../moment.ts';
import { runsOut } from './runs-out.ts';

/** What a row says, in words ready to print. Unknown figures are words or empty, never 0. */
export interface RowView {
  /** Figures are old: grey, with the instant they were true. */
  stale: boolean;
  target: string;
  soFar: string;
  /** Share left for the gauge; null draws it dashed. */
  leftRatio: number | null;
  left: string;
  leftTone: DataTone;
  /** Under the gauge: how much of the budget, or why it is not known. */
  under: string;
  burn: string;
  runsOut: string;
  /** Why the figures are old or late, or null. */
  note: { text: string; tone: 'stale' | 'warn' } | null;
  /** The alert that speaks, in a few words, or null. */
  alert: RowAlert | null;
  /** In the empty sparkline. */
  noLine: string;
}

/** One line of the table. */
export interface SloRow {
  slo: SloSummary;
  view: RowView;
  nowMs: number;
  /** Whether the row carries its own demo tag; its platform does when all its rows are demo. */
  showDemo: boolean;
}

/** Turns a row of the wire into words. */
export function rowView(slo: SloSummary, now: Moment): RowView {
  const stale = isStale(slo);
  const { budget } = slo;
  const left = slo.state === 'no_data' || slo.state === 'insufficient' ? null : budget.leftRatio;
  return {
    stale,
    target: formatLevel(slo.targetPercent),
    soFar: left === null || budget.sliPercent === null ? 'unknown' : formatLevel(budget.sliPercent),
    leftRatio: left,
    left: left === null ? '–' : formatPercent(left),
    leftTone: budgetTone(slo),
    under: left === null ? whyUnknown(slo, now) : partOfBudget(slo, stale, now),
    burn: left === null || stale || slo.burn5m === null ? '' : formatTimes(slo.burn5m),
    runsOut: left === null ? '' : runsOut(slo, now.nowMs, now.zone),
    note: noteOf(slo, stale, now.nowMs),
    alert: rowAlert(slo),
    noLine: noLineWords(slo, now.zone),
  };
}

function noLineWords(slo: SloSummary, zone: Zone): string {
  if (slo.dataAt === null) return 'nothing measured yet';
  return slo.state === 'insufficient' ? 'too little measured' : `no data since ${formatClock(slo.dataAt, zone)}`;
}

function whyUnknown({ state, budget, dataAt }: SloSummary, { zone }: Moment): string {
  if (state === 'insufficient') return `${formatPercent(budget.coverageRatio, 0)} measured`;
  return dataAt === null ? 'never seen' : `last seen ${formatClock(dataAt, zone)}`;
}

function partOfBudget({ budget, dataAt }: SloSummary, stale: boolean, { zone }: Moment): string {
  const part = budgetOf(budget.leftMs ?? 0, budget.budgetMs);
  return stale && dataAt !== null ? `${part} at ${formatClock(dataAt, zone)}` : part;
}

function noteOf(slo: SloSummary, stale: boolean, nowMs: number): RowView['note'] {
  if (slo.dataAt === null) return slo.staleReason === null ? null : { text: slo.staleReason, tone: 'stale' };
  const age = formatAge(nowMs - slo.dataAt);
  const why = slo.staleReason === null ? '' : `: ${slo.staleReason}`;
  if (stale) return { text: `measured ${age}${why}`, tone: 'stale' };
  return slo.freshness === 'late' ? { text: `late, measured ${age}${why}`, tone: 'warn' } : null;
}
