import type { Budget, BurnTier, SloSummary } from '../types.ts';
import type { AlertRules, AlertView } from './types.ts';

/** What alerts are decided by: part of a list row. */
export type AlertSubject = Pick<
  SloSummary,
  | 'id'
  | 'platformId'
  | 'name'
  | 'isDemo'
  | 'freshness'
  | 'dataAt'
  | 'staleReason'
  | 'burnRows'
  | 'burn5m'
  | 'burn1h'
  | 'exhaustion'
  | 'inMaintenance'
> & { budget: Pick<Budget, 'leftRatio' | 'window'> };

/** One objective at one moment. Instants are epoch ms. */
export interface AlertInput {
  /** What its alerts were at after the evaluation before; `ok` ones may be left out. */
  previous: readonly AlertView[];
  slo: AlertSubject;
  rules: AlertRules;
  /** When it began to be measured as it is now. */
  createdAt: number;
  /** Since when somebody has been looking: data that are old because nobody read them say nothing yet. */
  watchedSince: number;
  now: number;
}

/** What one kind of alert makes of the figures, whatever it was at before. */
export type AlertVerdict =
  | { is: 'firing'; severity: 'page' | 'ticket'; tier: BurnTier | null; words: string; details: AlertDetails }
  /** Measured, and nothing to say. `words` is why an alert that fired is over. */
  | { is: 'quiet'; words: string; details: AlertDetails }
  /** Not known: an alert that fires is held as it is. */
  | { is: 'unknown'; words: string; details: AlertDetails }
  /** Too soon to tell. */
  | { is: 'unchanged' };

/** Figures for machines. */
export type AlertDetails = Record<string, number | string | null>;

/** How long after somebody began to look old data are not held against anyone. */
const GRACE_MS = 2 * 60_000;

/** The verdict while there are no fresh data, or null when there are. */
export function blindVerdict({ slo, watchedSince, now }: AlertInput): AlertVerdict | null {
  if (slo.freshness !== 'stale' && slo.freshness !== 'never') return null;
  if (now - watchedSince < GRACE_MS) return { is: 'unchanged' };
  const why = slo.staleReason ?? 'The source is silent.';
  return {
    is: 'unknown',
    words: `No fresh measurements; the alert is held as it is until they are back. ${why}`,
    details: { dataAt: slo.dataAt },
  };
}
