import { spanOf, type MonthAxis, type Span } from '../../lib/month-axis.ts';

/** What is drawn of a secret: the time since its rotation, the time left, and the time it is overdue. */
export interface SecretSpans {
  lived: Span | null;
  left: Span | null;
  overdue: Span | null;
}

/** Spans of a secret that is not archived; nothing is drawn of one nobody knows the age of. */
export function secretSpans(
  secret: { lastRotatedAt: number | null; nextDueAt: number | null },
  axis: MonthAxis,
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
