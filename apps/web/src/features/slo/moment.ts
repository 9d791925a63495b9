import { formatClock, formatDateTime, formatDay } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';

/** From when, and in whose clock, something is told. */
export interface Moment {
  nowMs: number;
  zone: Zone;
}

/** Time of day today, else day and time: `14:49 UTC`, `4 Oct, 00:07 UTC`. */
export function instantWords(at: number, { nowMs, zone }: Moment): string {
  const today = formatDay(at, zone, nowMs) === formatDay(nowMs, zone, nowMs);
  return today ? formatClock(at, zone, { withZone: true }) : formatDateTime(at, zone, nowMs);
}
