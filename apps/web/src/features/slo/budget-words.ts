import type { SloWindow } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { formatDay, formatDecimal, formatFixed } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';

export interface BudgetUnit {
  name: 'min' | 'h' | 'd';
  ms: number;
  /** Decimals that still mean something beside the whole budget. */
  digits: number;
}

/** The unit a budget is counted in: minutes up to ten hours, then hours, then days. */
export function budgetUnit(budgetMs: number): BudgetUnit {
  if (budgetMs < 10 * HOUR_MS) return { name: 'min', ms: MINUTE_MS, digits: budgetMs < 100 * MINUTE_MS ? 2 : 1 };
  if (budgetMs < 10 * DAY_MS) return { name: 'h', ms: HOUR_MS, digits: 1 };
  return { name: 'd', ms: DAY_MS, digits: 1 };
}

/** A part too small for the unit of the whole is told in minutes: 2 min of 36 h is not 0.0 h. */
function partUnit(partMs: number, budgetMs: number): BudgetUnit {
  const unit = budgetUnit(budgetMs);
  if (unit.name === 'min' || partMs === 0 || Math.abs(partMs) >= 0.1 * unit.ms) return unit;
  return { name: 'min', ms: MINUTE_MS, digits: Math.abs(partMs) < 10 * MINUTE_MS ? 2 : 1 };
}

/** Figures of a part in its unit. What is not nothing never reads as zero, and nothing has no sign: `0.63`, `0`, `< 0.01`. */
function partFigures(partMs: number, unit: BudgetUnit): string {
  if (partMs === 0) return '0';
  const size = Math.abs(partMs) / unit.ms;
  const digits = [unit.digits, 2].find((count) => size >= 0.5 * 10 ** -count);
  if (digits === undefined) return partMs < 0 ? '> −0.01' : '< 0.01';
  return formatFixed(partMs / unit.ms, digits);
}

/** A part of a budget, in the unit of the whole unless it is too small for it: `0.63 min`, `15.1 h`, `< 0.01 min`. */
export function budgetPart(partMs: number, budgetMs: number): string {
  const unit = partUnit(partMs, budgetMs);
  return `${partFigures(partMs, unit)} ${unit.name}`;
}

/** The same as a loss: `−0.63 min`. What is nothing, or next to it, has no sign: `0 min`, `< 0.01 min`. */
export function budgetLoss(partMs: number, budgetMs: number): string {
  const part = budgetPart(partMs, budgetMs);
  return /^(0 |<)/.test(part) ? part : `−${part}`;
}

/** The whole budget: `21.6 min`, `36 h`. */
export function budgetWhole(budgetMs: number): string {
  const unit = budgetUnit(budgetMs);
  return `${formatDecimal(budgetMs / unit.ms, 2)} ${unit.name}`;
}

/** A part beside the whole: `0.63 of 21.6 min`, `2.10 min of 36 h`, `2.59 min over 21.6 min`. */
export function budgetOf(partMs: number, budgetMs: number): string {
  if (partMs < 0) return `${budgetPart(-partMs, budgetMs)} over ${budgetWhole(budgetMs)}`;
  const unit = partUnit(partMs, budgetMs);
  const part = partFigures(partMs, unit);
  const unitSaid = unit.name === budgetUnit(budgetMs).name ? '' : ` ${unit.name}`;
  return `${part}${unitSaid} of ${budgetWhole(budgetMs)}`;
}

/** Length of a window: `30 d`, `12 h`. */
export function windowLength(windowMs: number): string {
  const days = windowMs / DAY_MS;
  return days >= 1 ? `${formatDecimal(days, 1)} d` : `${formatDecimal(windowMs / HOUR_MS, 1)} h`;
}

/** The same in words for a sentence: `30 days`. */
export function windowWords(windowMs: number): string {
  const days = windowMs / DAY_MS;
  if (days >= 1) return `${formatDecimal(days, 1)} ${days === 1 ? 'day' : 'days'}`;
  const hours = windowMs / HOUR_MS;
  return `${formatDecimal(hours, 1)} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** First and last day of a window: `9 Sep to 9 Oct`. */
export function windowDays(window: SloWindow, zone: Zone, nowMs: number): string {
  return `${formatDay(window.startAt, zone, nowMs)} to ${formatDay(window.endAt, zone, nowMs)}`;
}

/** Which day of the window it is, from 1. */
export function dayOfWindow(window: SloWindow, nowMs: number): number {
  const days = Math.max(1, Math.ceil(window.windowMs / DAY_MS));
  return Math.min(days, Math.max(1, Math.floor((nowMs - window.startAt) / DAY_MS) + 1));
}
