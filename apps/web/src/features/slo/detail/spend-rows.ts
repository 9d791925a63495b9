import { type CauseKey, causeKey, gatheredExclusions, type SpendItem } from '@qd/shared/slo';
import { formatClock, formatDay, formatDuration } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';

/** One cause in the bar and in the table. */
export interface SpendRow {
  key: string;
  /** What a press on it opens. */
  cause: CauseKey;
  item: SpendItem;
  /** Null for excluded time, which has no part in the bar. */
  colour: string | null;
  /** "3 Oct 14:23, open", "15 Sep 10:05, 40 min", "all window". */
  when: string;
}

const MOST_ROWS = 6;
const MOST_EXCLUDED = 3;
const water = [
  'var(--qd-water-line)',
  'color-mix(in oklab, var(--qd-water-line) 65%, var(--qd-canvas))',
  'color-mix(in oklab, var(--qd-water-line) 38%, var(--qd-canvas))',
  'color-mix(in oklab, var(--qd-water-line) 22%, var(--qd-canvas))',
];

/** Causes dearest first, the smallest gathered into one row when there are many; under them what is excluded. */
export function spendRows(spend: readonly SpendItem[], zone: Zone, nowMs: number): SpendRow[] {
  const { counted, excluded } = split(spend);
  const shown = [...gather(counted, MOST_ROWS, gathered), ...gather(excluded, MOST_EXCLUDED, gatheredExclusions)];
  let calm = 0;
  return shown.map(({ item, isGathered }, i) => ({
    key: item.mark?.id ?? `${item.label}-${i}`,
    cause: item.mark === null ? (isGathered ? 'smaller' : 'background') : causeKey(item.mark),
    item,
    colour: colourOf(item, () => water[calm++ % water.length] ?? ''),
    when: whenText(item, zone, nowMs),
  }));
}

/** Those that the rows do not show one by one. */
export function smallerCauses(spend: readonly SpendItem[]): SpendItem[] {
  const { counted, excluded } = split(spend);
  return [...restOf(counted, MOST_ROWS), ...restOf(excluded, MOST_EXCLUDED)];
}

function split(spend: readonly SpendItem[]) {
  return {
    counted: spend.filter((item) => item.excluded === null),
    excluded: spend.filter((item) => item.excluded !== null),
  };
}

/** What does not fit into `most` rows, when the last of them gathers it. */
function restOf(items: readonly SpendItem[], most: number): SpendItem[] {
  return items.length <= most ? [] : items.slice(most - 1);
}

function gather(items: readonly SpendItem[], most: number, asOne: (rest: readonly SpendItem[]) => SpendItem) {
  const rest = restOf(items, most);
  const single = items.slice(0, items.length - rest.length).map((item) => ({ item, isGathered: false }));
  return rest.length === 0 ? single : [...single, { item: asOne(rest), isGathered: true }];
}

function colourOf({ mark, excluded }: SpendItem, next: () => string): string | null {
  if (excluded !== null) return null;
  if (mark === null) return 'var(--qd-stale-fill)';
  return mark.open ? 'var(--qd-crit-fill)' : next();
}

function gathered(rest: readonly SpendItem[]): SpendItem {
  const sum = (pick: (item: SpendItem) => number) => rest.reduce((total, item) => total + pick(item), 0);
  return {
    mark: null,
    label: `${rest.length} smaller causes`,
    detail: rest.map((item) => item.label).join(', '),
    at: null,
    endAt: null,
    badEvents: sum((item) => item.badEvents),
    budgetRatio: sum((item) => item.budgetRatio),
    budgetMs: sum((item) => item.budgetMs),
    excluded: null,
  };
}

function whenText(item: SpendItem, zone: Zone, nowMs: number): string {
  if (item.at === null) return 'all window';
  const start = `${formatDay(item.at, zone, nowMs)} ${formatClock(item.at, zone)}`;
  if (item.mark?.open) return `${start}, open`;
  return item.endAt === null ? start : `${start}, ${formatDuration(item.endAt - item.at)}`;
}
