import { type CumulativeRow, difference, minuteBefore, type WindowReading } from '@qd/shared/slo';
import type { MinuteCount } from '../../../../adapters/metrics/port.ts';
import type { Past } from './read-past.ts';

/** Cumulative rows of a stretch of the past, as the read model would hold them. */
export interface PastRows {
  /** The last row at or before a minute; null before the first. */
  rowAt(m: number): CumulativeRow | null;
  /** First minute that was measured; null if none was. */
  sinceMinute: number | null;
  /** What happened in the last `lengthMs` up to the end of minute `endM`. */
  readBack(lengthMs: number, endM: number): WindowReading;
}

/** Adds the counts up. Answers are by index: a preview asks for some hundred thousand of them. */
export function pastRows({ fromMinute, untilMinute, counts }: Past): PastRows {
  const rows: (CumulativeRow | null)[] = [];
  let last: CumulativeRow | null = null;
  let i = 0;
  for (let m = fromMinute; m < untilMinute; m += 1) {
    const count = counts[i];
    if (count?.m === m) {
      last = added(last, count);
      i += 1;
    }
    rows.push(last);
  }
  const rowAt = (m: number): CumulativeRow | null => rows[Math.min(m, untilMinute - 1) - fromMinute] ?? null;
  const sinceMinute = counts.find(({ observed }) => observed)?.m ?? null;
  return {
    rowAt,
    sinceMinute,
    readBack(lengthMs, endM) {
      const beforeM = minuteBefore(lengthMs, endM);
      const lifeMinutes = sinceMinute === null ? 0 : Math.max(0, endM - sinceMinute + 1);
      return difference(rowAt(endM), rowAt(beforeM), Math.min(endM - beforeM, lifeMinutes));
    },
  };
}

function added(before: CumulativeRow | null, { m, total, bad, observed }: MinuteCount): CumulativeRow {
  return {
    m,
    total: (before?.total ?? 0) + total,
    bad: (before?.bad ?? 0) + bad,
    observed: (before?.observed ?? 0) + (observed ? 1 : 0),
  };
}
