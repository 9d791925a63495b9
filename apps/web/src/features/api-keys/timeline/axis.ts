/** The time the timeline shows: whole months, UTC. */
export interface TimeAxis {
  startMs: number;
  endMs: number;
  months: { label: string; ratio: number; endRatio: number }[];
  nowRatio: number;
}

const MONTHS_BEFORE = 3;
const MONTHS_AFTER = 3;
const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Six months around an instant: the three before its month, its own, and the two after. */
export function axisAround(nowMs: number): TimeAxis {
  const now = new Date(nowMs);
  const monthStart = (offset: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1);
  const startMs = monthStart(-MONTHS_BEFORE);
  const endMs = monthStart(MONTHS_AFTER);
  const ratioOf = (at: number) => (at - startMs) / (endMs - startMs);
  const months = Array.from({ length: MONTHS_BEFORE + MONTHS_AFTER }, (_, i) => {
    const at = monthStart(i - MONTHS_BEFORE);
    return {
      label: names[new Date(at).getUTCMonth()] ?? '',
      ratio: ratioOf(at),
      endRatio: ratioOf(monthStart(i - MONTHS_BEFORE + 1)),
    };
  });
  return { startMs, endMs, months, nowRatio: ratioOf(nowMs) };
}

/** A part of the axis, as ratios of its width. */
export interface Span {
  left: number;
  width: number;
}

/** What of a time lies on the axis, or null when nothing does. An open end is the axis' own. */
export function spanOf(axis: TimeAxis, fromMs: number, toMs: number | null): Span | null {
  const from = Math.max(fromMs, axis.startMs);
  const to = Math.min(toMs ?? axis.endMs, axis.endMs);
  if (to <= from) return null;
  const lengthMs = axis.endMs - axis.startMs;
  return { left: (from - axis.startMs) / lengthMs, width: (to - from) / lengthMs };
}

/** Where an instant lies on the axis, or null beside it. */
export function ratioOn(axis: TimeAxis, at: number): number | null {
  const ratio = (at - axis.startMs) / (axis.endMs - axis.startMs);
  return ratio >= 0 && ratio <= 1 ? ratio : null;
}
