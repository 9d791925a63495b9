import { DAY_MS } from '@qd/shared/time';
import { formatDay } from '../../lib/format.ts';
import { dayOf, type Zone } from '../../lib/zone.ts';

const DAYS = 15;

/** The time the bars lie on: this day and the fourteen after it, by the wall clock of the reader's zone. */
export interface Axis {
  startMs: number;
  endMs: number;
  days: { label: string; ratio: number; endRatio: number }[];
  nowRatio: number;
}

/** The axis around an instant. */
export function axisAround(nowMs: number, zone: Zone): Axis {
  const startMs = dayOf(nowMs, zone).startAt;
  // Noon of each day: a day of 23 or 25 hours shifts no other.
  const days = Array.from({ length: DAYS }, (_, i) => dayOf(startMs + i * DAY_MS + DAY_MS / 2, zone));
  const endMs = days.at(-1)?.endAt ?? startMs + DAYS * DAY_MS;
  const ratio = (at: number) => (at - startMs) / (endMs - startMs);
  return {
    startMs,
    endMs,
    days: days.map((day) => ({
      label: formatDay(day.startAt, zone, nowMs),
      ratio: ratio(day.startAt),
      endRatio: ratio(day.endAt),
    })),
    nowRatio: ratio(nowMs),
  };
}

/** A part of the axis, as ratios of its width; null for what lies outside. */
export function partOf(
  axis: Axis,
  { startsAt, endsAt }: { startsAt: number; endsAt: number },
): { left: number; width: number } | null {
  const [from, to] = [Math.max(startsAt, axis.startMs), Math.min(endsAt, axis.endMs)];
  const lengthMs = axis.endMs - axis.startMs;
  return to <= from ? null : { left: (from - axis.startMs) / lengthMs, width: (to - from) / lengthMs };
}
