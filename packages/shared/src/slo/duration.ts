import { DomainError } from '../errors/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/index.ts';

const units = [
  ['w', 7 * DAY_MS],
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

const shape = /^(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/**
 * Length in ms of a text such as `30d`, `15s` or `1h30m`: whole numbers, largest unit first, each at most once.
 * Throws `invalid` naming `field` for anything else, and for a length of zero.
 */
export function parseDuration(text: string, field = 'duration'): number {
  const parts = shape.exec(text);
  const ms = parts === null ? 0 : units.reduce((sum, [, unitMs], i) => sum + Number(parts[i + 1] ?? 0) * unitMs, 0);
  if (ms > 0) return ms;
  const message = `“${text}” is not a duration; write whole numbers with w, d, h, m or s, for example 30d or 1h30m`;
  throw new DomainError('invalid', message, { fields: [{ field, message }] });
}

/** The shortest text that `parseDuration` reads back to the same length; parts of a second are dropped. */
export function formatDuration(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unit, unitMs] of units.slice(1)) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text === '' ? '0s' : text;
}
