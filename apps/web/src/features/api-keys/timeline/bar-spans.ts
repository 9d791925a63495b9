import type { KeyBar, KeyListRow } from '@qd/shared/api-keys';
import { ratioOn, spanOf, type Span, type MonthAxis } from '../../../lib/month-axis.ts';

/** How one key is drawn. */
export interface BarSpans {
  /** Time it has worked: filled, or grey once it has ended. */
  lived: Span | null;
  isEnded: boolean;
  /** Time it has left: an outline. */
  left: Span | null;
  /** Time it is overdue: hatched, up to now. */
  overdue: Span | null;
  /** Where it ended: a cross. */
  endMark: number | null;
  /** Where it ends soon: the mark of attention. */
  soonMark: number | null;
}

/** One lane of a row for each of its keys, and the time in which two of them worked. */
export interface RowSpans {
  lanes: { id: string; spans: BarSpans }[];
  overlap: Span | null;
}

/** What is drawn of a row: the old key above, the new one below. A key that waits for its link has only time left. */
export function rowSpans(row: KeyListRow, axis: MonthAxis, nowMs: number, isEndingSoon: boolean): RowSpans {
  const dueMs = row.rotationDueAt;
  const own = barSpans(row, axis, nowMs, { dueMs, isEndingSoon });
  const plain = { dueMs: null, isEndingSoon: false };
  const successor = row.rotation?.successor;
  if (successor !== undefined) {
    const lanes = [laneOf(row, own), laneOf(successor, barSpans(successor, axis, nowMs, plain))];
    return { lanes, overlap: overlapOf(axis, row, successor) };
  }
  const { previous } = row;
  if (previous !== null && previous.endedAt !== null && previous.endedAt > axis.startMs) {
    const lanes = [laneOf(previous, barSpans(previous, axis, nowMs, plain)), laneOf(row, own)];
    return { lanes, overlap: overlapOf(axis, previous, row) };
  }
  return { lanes: [laneOf(row, own)], overlap: null };
}

function laneOf({ id }: KeyBar, spans: BarSpans) {
  return { id, spans };
}

function overlapOf(axis: MonthAxis, old: KeyBar, young: KeyBar): Span | null {
  const from = young.activatedAt ?? young.createdAt;
  const to = old.endedAt ?? old.stopsAt;
  return to === null ? null : spanOf(axis, from, to);
}

function barSpans(
  bar: KeyBar,
  axis: MonthAxis,
  nowMs: number,
  of: { dueMs: number | null; isEndingSoon: boolean },
): BarSpans {
  const began = bar.activatedAt ?? nowMs;
  const none = { overdue: null, endMark: null, soonMark: null };
  if (bar.endedAt !== null) {
    const lived = spanOf(axis, bar.activatedAt ?? bar.createdAt, bar.endedAt);
    return { ...none, lived, isEnded: true, left: null, endMark: ratioOn(axis, bar.endedAt) };
  }
  const dueMs = of.dueMs !== null && of.dueMs < nowMs ? of.dueMs : null;
  return {
    ...none,
    isEnded: false,
    lived: spanOf(axis, began, dueMs ?? nowMs),
    left: spanOf(axis, nowMs, bar.stopsAt),
    overdue: dueMs === null ? null : spanOf(axis, Math.max(dueMs, began), nowMs),
    soonMark: of.isEndingSoon && bar.stopsAt !== null ? ratioOn(axis, bar.stopsAt) : null,
  };
}
