/** A time bars lie on: whole months, UTC. */
export interface MonthAxis {
  startMs: number;
  endMs: number;
  months: { label: string; ratio: number; endRatio: number }[];
  nowRatio: number;
}

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Months around an instant: so many before its own, and so many from its own on. */
export function monthsAround(nowMs: number, { before, after }: { before: number; after: number }): MonthAxis {
  const now = new Date(nowMs);
  const monthStart = (offset: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1);
  const startMs = monthStart(-before);
  const endMs = monthStart(after);
  const ratioOf = (at: number) => (at - startMs) / (endMs - startMs);
  const months = Array.from({ length: before + after }, (_, i) => {
    const at = monthStart(i - before);
    return {
      label: names[new Date(at).getUTCMonth()] ?? '',
      ratio: ratioOf(at),
      endRatio: ratioOf(monthStart(i - before + 1)),
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
export function spanOf(axis: MonthAxis, fromMs: number, toMs: number | null): Span | null {
  const from = Math.max(fromMs, axis.startMs);
  const to = Math.min(toMs ?? axis.endMs, axis.endMs);
  if (to <= from) return null;
  const lengthMs = axis.endMs - axis.startMs;
  return { left: (from - axis.startMs) / lengthMs, width: (to - from) / lengthMs };
}

/** Where an instant lies on the axis, or null beside it. */
export function ratioOn(axis: MonthAxis, at: number): number | null {
  const ratio = (at - axis.startMs) / (axis.endMs - axis.startMs);
  return ratio >= 0 && ratio <= 1 ? ratio : null;
}
