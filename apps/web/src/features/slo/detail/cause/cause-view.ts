import {
  type BurnDownSeries,
  type CauseKey,
  causeKey,
  type Mark,
  marksOfCause,
  type SloDetail,
  type SpendItem,
} from '@qd/shared/slo';
import { HOUR_MS } from '@qd/shared/time';
import type { TimeRange } from '../../chart/series.ts';
import { smallerCauses } from '../spend-rows.ts';
import { stretchOf, type WorstStretch, worstStretches } from './stretches.ts';

/** What a cause is, ready to be told. */
export type CauseView =
  | { kind: 'mark'; mark: Mark; item: SpendItem | null; windows: TimeRange[]; beside: Mark[] }
  | { kind: 'background'; item: SpendItem; worst: WorstStretch[] }
  | { kind: 'smaller'; items: SpendItem[] }
  | { kind: 'gone' };

const MOST_BESIDE = 8;
const MOST_WINDOWS = 12;

/** The cause of an address among what is known of the window; `gone` when the window has left it behind. */
export function causeView(key: CauseKey, slo: SloDetail, series: BurnDownSeries | undefined): CauseView {
  if (key === 'background') {
    const item = slo.spend.find(({ mark, excluded }) => mark === null && excluded === null);
    return item === undefined ? { kind: 'gone' } : { kind: key, item, worst: worstStretches(series, slo.marks) };
  }
  if (key === 'smaller') {
    const items = smallerCauses(slo.spend);
    return items.length === 0 ? { kind: 'gone' } : { kind: key, items };
  }
  const found = marksOfCause(key, slo.marks);
  const item = slo.spend.find((one) => one.mark !== null && causeKey(one.mark) === key) ?? null;
  const mark = found.at(-1) ?? item?.mark;
  if (mark == null) return { kind: 'gone' };
  const windows = (found.length === 0 ? [mark] : found).slice(-MOST_WINDOWS).map((one) => stretchOf(one, slo.asOf));
  return { kind: 'mark', mark, item, windows: windows.toReversed(), beside: besideOf(mark, slo) };
}

/** What else happened at the time or near it, so near that its mark may stand under this one's: the nearest first. */
function besideOf(mark: Mark, slo: SloDetail): Mark[] {
  const own = stretchOf(mark, slo.asOf);
  const reach = Math.max(HOUR_MS / 2, slo.budget.window.windowMs / 40);
  const distance = ({ startAt, endAt }: TimeRange) => Math.max(0, startAt - own.endAt, own.startAt - endAt);
  const near = slo.marks
    .filter((other) => causeKey(other) !== causeKey(mark))
    .map((other) => ({ other, apart: distance(stretchOf(other, slo.asOf)) }))
    .filter(({ apart }) => apart <= reach)
    .toSorted((a, b) => a.apart - b.apart || a.other.at - b.other.at);
  return [...new Map(near.map(({ other }) => [causeKey(other), other])).values()].slice(0, MOST_BESIDE);
}
