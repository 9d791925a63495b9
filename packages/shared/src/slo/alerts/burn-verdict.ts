import { highestFiring } from '../burn.ts';
import type { BurnRow, BurnTier } from '../types.ts';
import type { AlertView } from './types.ts';
import { isMoreUrgent, tierOf } from './urgency.ts';
import { type AlertDetails, type AlertInput, type AlertVerdict, blindVerdict } from './verdict.ts';
import { leftWords, spanWords, timesWords } from './wording.ts';

/**
 * The burn alert: of the rows that fire the most urgent speaks. Rows that are held, rising or recovering are measured
 * and do not fire. While the row an alert fired on is not measured, the alert neither eases nor resolves.
 */
export function burnVerdict(input: AlertInput, before: AlertView | null): AlertVerdict {
  const blind = blindVerdict(input);
  if (blind !== null) return blind;
  const { slo } = input;
  const row = highestFiring(slo.burnRows);
  const found = row === null ? null : { severity: row.severity, tier: tierOf(row) };
  if (before !== null && (found === null || isMoreUrgent(before, found)) && isUnmeasured(slo.burnRows, before)) {
    return {
      is: 'unknown',
      words: 'Too little was measured to tell how fast the budget burns; the alert is held as it is.',
      details: { dataAt: slo.dataAt },
    };
  }
  if (row === null || found === null) return quiet(input);
  const details = detailsOf(row, slo.budget.leftRatio);
  return { is: 'firing', ...found, words: burnWords(row, slo.budget.leftRatio), details };
}

/** True if a row like the one the alert fired on is there, and not measured. */
function isUnmeasured(rows: readonly BurnRow[], before: AlertView): boolean {
  return rows.some((row) => row.state === 'unknown' && row.severity === before.severity && isTier(row, before.tier));
}

function isTier(row: BurnRow, tier: BurnTier | null): boolean {
  return tierOf(row) === tier;
}

function burnWords(row: BurnRow, leftRatio: number | null): string {
  const over = `${spanWords(row.longMs)} and ${spanWords(row.shortMs)}`;
  const limit = `limit ${timesWords(row.limit)}`;
  return `Burning ${timesWords(confirmed(row))} times the sustainable rate over ${over} (${limit}); ${leftWords(leftRatio)}.`;
}

/** The burn that both windows confirm. */
function confirmed(row: BurnRow): number {
  return Math.min(row.shortBurn ?? 0, row.longBurn ?? 0);
}

function detailsOf(row: BurnRow, leftRatio: number | null): AlertDetails {
  const { shortMs, longMs, limit, shortBurn, longBurn } = row;
  return { shortMs, longMs, limit, shortBurn, longBurn, leftRatio };
}

function quiet({ slo }: AlertInput): AlertVerdict {
  const { leftRatio } = slo.budget;
  const burn = slo.burn5m ?? slo.burn1h;
  const details: AlertDetails = { burn, leftRatio };
  if (slo.burnRows.length === 0) {
    return { is: 'quiet', words: 'No rule watches how fast the budget burns any more.', details };
  }
  const rate = burn === null ? '' : `, at ${timesWords(burn)} times the sustainable rate`;
  return { is: 'quiet', words: `The burn is back under its limits${rate}; ${leftWords(leftRatio)}.`, details };
}
