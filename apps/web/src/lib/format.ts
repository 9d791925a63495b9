import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import type { Zone } from './zone.ts';

const numbers = new Map<string, Intl.NumberFormat>();

function number(value: number, minDigits: number, maxDigits: number): string {
  const key = `${minDigits}/${maxDigits}`;
  let format = numbers.get(key);
  if (!format) {
    // 'negative' leaves the sign off a value that rounds to zero: no "-0.0" anywhere.
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: minDigits,
      maximumFractionDigits: maxDigits,
      signDisplay: 'negative',
    });
    numbers.set(key, format);
  }
  return format.format(value).replace('-', '−');
}

/** Whole number with thousands: `98,234`. */
export function formatCount(value: number): string {
  return number(value, 0, 0);
}

/** Number with a fixed count of decimals: `0.63`. */
export function formatFixed(value: number, digits: number): string {
  return number(value, digits, digits);
}

/** Number with at most so many decimals: `21.6`, `432`. */
export function formatDecimal(value: number, maxDigits: number): string {
  return number(value, 0, maxDigits);
}

/**
 * Share of a whole as percent, one decimal: `2.9%`. What is not quite 0 or 1 never rounds into it, so nothing
 * reads as full or gone that is not.
 */
export function formatPercent(ratio: number, digits = 1): string {
  const percent = ratio * 100;
  const step = 10 ** -digits;
  if (percent < 100 && percent > 100 - step / 2) return `${number(100 - step, digits, digits)}%`;
  if (percent > 0 && percent < step / 2) return `<${number(step, digits, digits)}%`;
  return `${number(percent, digits, digits)}%`;
}

/** Failing share as said in a sentence: `38%`, `2.4%`, `0.06%`. */
export function formatShare(ratio: number): string {
  const percent = ratio * 100;
  if (percent >= 10) return `${number(percent, 0, 0)}%`;
  if (percent >= 1) return `${number(percent, 0, 1)}%`;
  if (percent >= 0.01) return `${number(percent, 0, 2)}%`;
  return percent > 0 ? '<0.01%' : '0%';
}

/** Objective or measured level kept to its own digits: `99.95%`. */
export function formatLevel(percent: number | string, maxDigits = 3): string {
  return typeof percent === 'string' ? `${percent}%` : `${number(percent, 0, maxDigits)}%`;
}

/** Factor: `7.67×`, `14.4×`, `932×`. */
export function formatTimes(factor: number): string {
  const size = Math.abs(factor);
  return `${number(factor, 0, size >= 100 ? 0 : size >= 10 ? 1 : 2)}×`;
}

/** Latency: `1,840 ms`, `0.4 ms`. */
export function formatMs(ms: number): string {
  return `${number(ms, 0, Math.abs(ms) < 10 ? 1 : 0)} ms`;
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Size in powers of 1,000: `1.24 GB`. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), byteUnits.length - 1);
  const value = bytes / 1_000 ** power;
  return `${number(value, 0, power === 0 ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2)} ${byteUnits[power] ?? 'TB'}`;
}

const units: readonly [name: string, ms: number][] = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', SECOND_MS],
];

/** Length of time in its two largest units, cut not rounded: `24 min 30 s`, `2 h 47 min`, `250 ms`. `parts: 1` keeps the largest. */
export function formatDuration(ms: number, options: { parts?: 1 | 2 } = {}): string {
  const size = Math.abs(ms);
  const sign = ms < 0 && size >= 1 ? '−' : '';
  const first = units.findIndex(([, unitMs]) => size >= unitMs);
  if (first === -1) return `${sign}${Math.floor(size)} ms`;
  const shown = units.slice(first, first + (options.parts ?? 2));
  let rest = size;
  const words: string[] = [];
  for (const [name, unitMs] of shown) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) words.push(`${count} ${name}`);
  }
  return sign + words.join(' ');
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function inZone(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone.name}|${JSON.stringify(options)}`;
  let format = clocks.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone.name, hourCycle: 'h23' });
    clocks.set(key, format);
  }
  return format;
}

/** Time of day, 24 h: `14:47`, `14:47:30 UTC`. */
export function formatClock(atMs: number, zone: Zone, options: { seconds?: boolean; withZone?: boolean } = {}): string {
  const parts: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  if (options.seconds) parts.second = '2-digit';
  const text = inZone(zone, parts).format(atMs);
  return options.withZone ? `${text} ${zone.label}` : text;
}

/** Day: `3 Oct`, with the year when it is not the year of `nowMs`. */
export function formatDay(atMs: number, zone: Zone, nowMs: number): string {
  const year = inZone(zone, { year: 'numeric' });
  // British English has one month of four letters.
  const day = inZone(zone, { day: 'numeric', month: 'short' }).format(atMs).replace('Sept', 'Sep');
  return year.format(atMs) === year.format(nowMs) ? day : `${day} ${year.format(atMs)}`;
}

/** Day and time of day with the zone: `3 Oct, 14:47 UTC`. */
export function formatDateTime(atMs: number, zone: Zone, nowMs: number, options: { seconds?: boolean } = {}): string {
  return `${formatDay(atMs, zone, nowMs)}, ${formatClock(atMs, zone, { ...options, withZone: true })}`;
}

/** Age of a figure: `12 s ago`, `2 h ago`; `now` under a second. */
export function formatAge(ageMs: number): string {
  return ageMs < SECOND_MS ? 'now' : `${formatDuration(ageMs, { parts: 1 })} ago`;
}

/** Relative under an hour (`12 s ago`, `in 24 min`), else the time today, else day and time. */
export function formatWhen(atMs: number, zone: Zone, nowMs: number): string {
  const aheadMs = atMs - nowMs;
  if (Math.abs(aheadMs) < HOUR_MS) {
    return aheadMs > 0 ? `in ${formatDuration(aheadMs, { parts: 1 })}` : formatAge(-aheadMs);
  }
  const sameDay = formatDay(atMs, zone, nowMs) === formatDay(nowMs, zone, nowMs);
  return sameDay ? formatClock(atMs, zone, { withZone: true }) : formatDateTime(atMs, zone, nowMs);
}
