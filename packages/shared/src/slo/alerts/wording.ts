import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';

// Making a formatter takes longer than deciding about an alert.
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

const units = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
] as const;

/** A length (ms) in its two largest units, e.g. `1 h 30 min`; under a minute it is `less than 1 min`. */
export function spanWords(ms: number): string {
  const parts: string[] = [];
  let rest = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  for (const [unit, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) parts.push(`${whole.format(count)} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.length === 0 ? 'less than 1 min' : parts.slice(0, 2).join(' ');
}

/** An instant (epoch ms) to the minute, e.g. `2026-01-31 08:00 UTC`. */
export function instantWords(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A burn rate as people say it: whole from a hundred on, one decimal below. */
export function timesWords(burn: number): string {
  return (burn >= 100 ? whole : oneDecimal).format(burn);
}

/** What is left of a budget, as the end of a sentence. */
export function leftWords(leftRatio: number | null): string {
  if (leftRatio === null) return 'what is left of the budget is not known';
  const percent = Math.abs(leftRatio) * 100;
  const shown = percent > 0 && percent < 0.1 ? 'less than 0.1' : oneDecimal.format(percent);
  if (leftRatio > 0) return `${shown}% of the budget is left`;
  return leftRatio < 0 ? `the budget is overspent by ${shown}%` : 'nothing of the budget is left';
}
