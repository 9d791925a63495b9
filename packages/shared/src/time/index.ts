export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The last instant people may name, in epoch ms: the end of the year 9999. Later ones have no text that Postgres reads. */
export const LAST_INSTANT_MS = 253_402_300_799_999;

/** Epoch minute that contains an instant: bucket `m` covers `[m, m + 1)` minutes since 1970. */
export function minuteOf(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS);
}

/** Instant (ms) at which epoch minute `m` begins. */
export function startOfMinute(m: number): number {
  return m * MINUTE_MS;
}

/** Instant (ms) at which epoch minute `m` has ended; a bucket's value is true as of then. */
export function endOfMinute(m: number): number {
  return (m + 1) * MINUTE_MS;
}

/** Start (ms) of the UTC day that contains an instant. */
export function startOfUtcDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
