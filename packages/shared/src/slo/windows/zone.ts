import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../time/index.ts';

/** Making a formatter is a hundred times the work of using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formatters.set(timeZone, made);
  return made;
}

/** How far (ms) local time of a zone is ahead of UTC at an instant. Throws RangeError for a zone the runtime does not know. */
export function offsetMsAt(timeZone: string, at: number): number {
  const read: Record<string, number> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return local - Math.floor(at / SECOND_MS) * SECOND_MS;
}

/** First instant, on a whole minute, in `(beforeAt, untilAt]` whose local time has reached `local` (ms as if it were UTC). */
function firstReaching(timeZone: string, local: number, [beforeAt, untilAt]: [number, number]): number {
  let [low, high] = [Math.floor(beforeAt / MINUTE_MS), Math.ceil(untilAt / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const at = middle * MINUTE_MS;
    if (at + offsetMsAt(timeZone, at) >= local) high = middle;
    else low = middle;
  }
  return high * MINUTE_MS;
}

/**
 * The instant at which a local day begins. `dayNumber` counts local days since 1970-01-01. Where midnight happens twice
 * it is the first; where clocks jump over midnight, or over the whole day, the first instant after the jump.
 */
export function startOfLocalDay(timeZone: string, dayNumber: number): number {
  const midnight = dayNumber * DAY_MS;
  // Every zone is less than a day away from UTC, and changes its clock at most once in these two days.
  const a = midnight - offsetMsAt(timeZone, midnight - DAY_MS);
  const b = midnight - offsetMsAt(timeZone, midnight + DAY_MS);
  const candidates: [number, number] = [Math.min(a, b), Math.max(a, b)];
  const exact = candidates.find((at) => at + offsetMsAt(timeZone, at) === midnight);
  const at = exact ?? firstReaching(timeZone, midnight, candidates);
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
