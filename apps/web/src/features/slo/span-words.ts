import type { ExcludedSpan } from '@qd/shared/slo';
import { formatClock, formatDay } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';

/** `21 Nov, 02:00 to 02:30 UTC`; with both days when it lasts over midnight. */
export function spanWords({ startAt, endAt }: ExcludedSpan, zone: Zone, nowMs: number): string {
  const first = formatDay(startAt, zone, nowMs);
  const last = formatDay(endAt, zone, nowMs);
  const end = formatClock(endAt, zone, { withZone: true });
  const from = `${first}, ${formatClock(startAt, zone)}`;
  return first === last ? `${from} to ${end}` : `${from} to ${last}, ${end}`;
}
