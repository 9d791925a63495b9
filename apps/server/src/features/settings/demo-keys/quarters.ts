import { DAY_MS } from '@qd/shared/time';

/** Start of the quarter (UTC) an instant lies in, epoch ms. */
function quarterStart(at: Date): number {
  return Date.UTC(at.getUTCFullYear(), Math.floor(at.getUTCMonth() / 3) * 3, 1);
}

const EARLIER_QUARTER_MS = 60 * DAY_MS;

/** A day well within the quarter (UTC) before the one of `now`: what began then is due since that one began. */
export function inQuarterBefore(now: Date): Date {
  return new Date(quarterStart(now) - EARLIER_QUARTER_MS);
}
