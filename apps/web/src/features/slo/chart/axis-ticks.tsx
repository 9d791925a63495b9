import { formatCount } from '../../../lib/format.ts';
import type { TimeRange } from './series.ts';

/** What the chart hands to a tick besides our own properties. */
interface TickPlace {
  x?: number | string;
  y?: number | string;
  payload?: { value: number };
}

const look = 'fill-ink-3 text-micro [font-stretch:92%]';

/** A time under the rule; the first and the last stay inside the plot. */
export function TimeTick({
  x,
  y,
  payload,
  range,
  textOf,
}: TickPlace & { range: TimeRange; textOf(at: number): string }) {
  if (payload === undefined) return null;
  const span = range.endAt - range.startAt;
  const share = (payload.value - range.startAt) / span;
  const anchor = share < 0.005 ? 'start' : share > 0.995 ? 'end' : 'middle';
  return (
    <text x={x} y={Number(y) + 14} textAnchor={anchor} className={look}>
      {textOf(payload.value)}
    </text>
  );
}

/** A percent left of the plot; the highest carries the sign. */
export function PercentTick({ x, y, payload }: TickPlace) {
  if (payload === undefined) return null;
  const text = payload.value === 100 ? '100%' : formatCount(payload.value);
  return (
    <text x={x} y={Number(y)} dy={payload.value === 100 ? 8 : 4} textAnchor="end" className={look}>
      {text}
    </text>
  );
}

/** The same height as a part of the budget, right of the plot. */
export function BudgetTick({
  x,
  y,
  payload,
  marks,
}: TickPlace & { marks: readonly { percent: number; text: string }[] }) {
  const mark = marks.find((candidate) => candidate.percent === payload?.value);
  if (mark === undefined) return null;
  return (
    <text x={x} y={Number(y)} dy={mark.percent === 100 ? 8 : 4} textAnchor="start" className={look}>
      {mark.text}
    </text>
  );
}
