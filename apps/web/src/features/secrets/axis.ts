/** The time the bars lie on: whole months, UTC. */
export interface Axis {
  startMs: number;
  endMs: number;
  months: { label: string; ratio: number; endRatio: number }[];
  nowRatio: number;
}

const MONTHS_BEFORE = 6;
const MONTHS_AFTER = 6;
const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Twelve months around an instant: the six before its month, its own, and five after. Secrets live up to a year. */
export function axisAround(nowMs: number): Axis {
  const now = new Date(nowMs);
  const month = (offset: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1);
  const [startMs, endMs] = [month(-MONTHS_BEFORE), month(MONTHS_AFTER)];
  const ratio = (at: number) => (at - startMs) / (endMs - startMs);
  const months = Array.from({ length: MONTHS_BEFORE + MONTHS_AFTER }, (_, i) => {
    const offset = i - MONTHS_BEFORE;
    return {
      label: names[new Date(month(offset)).getUTCMonth()] ?? '',
      ratio: ratio(month(offset)),
      endRatio: ratio(month(offset + 1)),
    };
  });
  return { startMs, endMs, months, nowRatio: ratio(nowMs) };
}

/** A part of the axis, as ratios of its width. */
export interface Span {
  left: number;
  width: number;
}

function spanOf(axis: Axis, fromMs: number, toMs: number): Span | null {
  const [from, to] = [Math.max(fromMs, axis.startMs), Math.min(toMs, axis.endMs)];
  const lengthMs = axis.endMs - axis.startMs;
  return to <= from ? null : { left: (from - axis.startMs) / lengthMs, width: (to - from) / lengthMs };
}

/** What is drawn of a secret: the time since its rotation, the time left, and the time it is overdue. */
export interface SecretSpans {
  lived: Span | null;
  left: Span | null;
  overdue: Span | null;
}

/** Spans of a secret that is not archived; nothing is drawn of one nobody knows the age of. */
export function secretSpans(
  secret: { lastRotatedAt: number | null; nextDueAt: number | null },
  axis: Axis,
  nowMs: number,
): SecretSpans {
  const { lastRotatedAt, nextDueAt } = secret;
  if (lastRotatedAt === null) return { lived: null, left: null, overdue: null };
  const due = nextDueAt ?? nowMs;
  return {
    lived: spanOf(axis, lastRotatedAt, Math.min(nowMs, due)),
    left: spanOf(axis, nowMs, due),
    overdue: spanOf(axis, due, nowMs),
  };
}
