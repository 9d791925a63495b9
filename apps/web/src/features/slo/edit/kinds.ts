import type { Indicator, SliceOp } from '@qd/shared/slo';
import type { DraftKind } from './draft/draft.ts';

/** A way of counting, and what it says in one plain sentence. */
export interface KindWords {
  kind: DraftKind;
  label: string;
  sentence: string;
}

export const kinds: readonly KindWords[] = [
  {
    kind: 'bad',
    label: 'Bad of all',
    sentence: 'Counts all events and the bad ones. The usual choice for availability.',
  },
  { kind: 'good', label: 'Good of all', sentence: 'Counts all events and the good ones; the rest is bad.' },
  {
    kind: 'latency',
    label: 'Within a time',
    sentence: 'An event is good when it took no longer than a bound of its histogram. The exact choice for latency.',
  },
  {
    kind: 'percentile',
    label: 'Percentile per slice',
    sentence:
      'A slice of time is good when a percentile of its events keeps to a limit. It counts minutes, not events.',
  },
  {
    kind: 'slices',
    label: 'Value per slice',
    sentence: 'A slice of time is good when a measured value keeps to a limit. It counts minutes, not events.',
  },
  { kind: 'gauge', label: 'Up or down', sentence: 'Counts the samples of a gauge that is 1 when up and 0 when down.' },
  { kind: 'push', label: 'Pushed counts', sentence: 'Your own system sends good and total counts over the API.' },
];

/** Whether a source can measure a kind. */
export function isKindOf(kind: DraftKind, indicatorKinds: readonly string[]): boolean {
  return indicatorKinds.includes(kind === 'bad' || kind === 'good' ? 'counters' : kind);
}

/** Words of a kind. */
export function kindWords(kind: DraftKind): KindWords | undefined {
  return kinds.find((one) => one.kind === kind);
}

/** The kind a stored indicator is of. */
export function kindOf(indicator: Indicator): DraftKind {
  if (indicator.kind !== 'counters') return indicator.kind;
  return 'bad' in indicator ? 'bad' : 'good';
}

/** What is counted: requests, or minutes that were good or bad as a whole. */
export function unitOf(kind: DraftKind): 'events' | 'minutes' {
  return kind === 'percentile' || kind === 'slices' ? 'minutes' : 'events';
}

export const comparisons: readonly { value: SliceOp; label: string; sign: string }[] = [
  { value: 'lte', label: 'at most', sign: '≤' },
  { value: 'lt', label: 'under', sign: '<' },
  { value: 'gte', label: 'at least', sign: '≥' },
  { value: 'gt', label: 'over', sign: '>' },
];

/** Lengths that divide an hour, in minutes. */
export const sliceLengths = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60] as const;
