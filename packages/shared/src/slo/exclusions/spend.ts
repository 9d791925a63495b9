import type { Budget, SpendItem } from '../types.ts';
import type { Counted } from './adjust.ts';
import { exclusionMark } from './marks.ts';
import { clipSpans, type MinuteSpan, spanInstants, unionSpans, withoutSpans } from './spans.ts';
import type { ExcludedShare, Exclusion } from './types.ts';

/** Lines of excluded time a budget is told with; the rest is gathered into one. */
const MOST_LINES = 20;

/** An occurrence of an exclusion, in whole minutes. */
export interface ExclusionOccurrence extends MinuteSpan {
  exclusion: Exclusion;
}

export interface ExcludedSpendInput {
  occurrences: readonly ExclusionOccurrence[];
  /** The minutes the budget is about, since the first measurement. */
  within: MinuteSpan;
  /** What had been counted up to a minute, before anything was taken out: asked for at `excludedEdges`. */
  countedAt(m: number): Counted;
  budget: Budget;
  /** What the exclusions took out of the budget; null where nothing. */
  excluded: ExcludedShare | null;
  nowMs: number;
}

interface Own {
  exclusion: Exclusion;
  spans: MinuteSpan[];
  newest: MinuteSpan;
  windows: number;
}

/** By exclusion, the minutes that are its own: where two overlap, the earlier occurrence claims them. */
function ownSpans(occurrences: readonly ExclusionOccurrence[], within: MinuteSpan): Own[] {
  const own = new Map<string, Own>();
  let taken: MinuteSpan[] = [];
  const byStart = occurrences.toSorted((a, b) => a.beforeM - b.beforeM || (a.exclusion.id < b.exclusion.id ? -1 : 1));
  for (const { exclusion, beforeM, endM } of byStart) {
    const inside = clipSpans([{ beforeM, endM }], within);
    if (inside.length === 0) continue;
    const known = own.get(exclusion.id) ?? { exclusion, spans: [], newest: { beforeM, endM }, windows: 0 };
    known.spans.push(...withoutSpans(inside, taken));
    known.newest = { beforeM, endM };
    known.windows += 1;
    own.set(exclusion.id, known);
    taken = unionSpans([...taken.slice(-1), ...inside]);
  }
  return [...own.values()];
}

/** Every epoch minute at which `excludedSpend` asks what had been counted. */
export function excludedEdges(occurrences: readonly ExclusionOccurrence[], within: MinuteSpan): MinuteSpan[] {
  return ownSpans(occurrences, within).flatMap(({ spans }) => spans);
}

/** Share of the budget that one bad event would have cost without exclusions; 0 where that is not known. */
function rawShareOfOne(budget: Budget, excluded: ExcludedShare | null): number {
  const bad = budget.badEvents + (excluded?.badEvents ?? 0);
  if (excluded === null || excluded.rawLeftRatio === null || bad <= 0) return 0;
  return (1 - excluded.rawLeftRatio) / bad;
}

/**
 * A line for each exclusion that touches the window, those first that would have cost most: in the budget it costs
 * nothing, so that the lines still add up to what was spent.
 */
export function excludedSpend(input: ExcludedSpendInput): SpendItem[] {
  const { budget, nowMs, countedAt } = input;
  const share = rawShareOfOne(budget, input.excluded);
  const items = ownSpans(input.occurrences, input.within).map(({ exclusion, spans, newest, windows }): SpendItem => {
    const badEvents = spans.reduce((sum, { beforeM, endM }) => sum + countedAt(endM).bad - countedAt(beforeM).bad, 0);
    const mark = exclusionMark(exclusion, spanInstants(newest), nowMs);
    return {
      mark,
      label: `Excluded: ${exclusion.reason}`,
      detail: `${mark.label}, ${windows === 1 ? '1 window' : `${windows} windows`}`,
      at: mark.at,
      endAt: mark.endAt,
      badEvents: 0,
      budgetRatio: 0,
      budgetMs: 0,
      excluded: { windows, badEvents, budgetRatio: badEvents * share, budgetMs: badEvents * share * budget.budgetMs },
    };
  });
  const byCost = items.sort(
    (a, b) => (b.excluded?.badEvents ?? 0) - (a.excluded?.badEvents ?? 0) || (b.at ?? 0) - (a.at ?? 0),
  );
  return byCost.length <= MOST_LINES
    ? byCost
    : [...byCost.slice(0, MOST_LINES - 1), gatheredExclusions(byCost.slice(MOST_LINES - 1))];
}

/** Several lines of excluded time as one. */
export function gatheredExclusions(items: readonly SpendItem[]): SpendItem {
  const sum = (pick: (cost: NonNullable<SpendItem['excluded']>) => number): number =>
    items.reduce((total, { excluded }) => total + (excluded === null ? 0 : pick(excluded)), 0);
  const windows = sum((cost) => cost.windows);
  return {
    mark: null,
    label: 'Excluded: further windows',
    detail: `${windows} windows`,
    at: null,
    endAt: null,
    badEvents: 0,
    budgetRatio: 0,
    budgetMs: 0,
    excluded: {
      windows,
      badEvents: sum((cost) => cost.badEvents),
      budgetRatio: sum((cost) => cost.budgetRatio),
      budgetMs: sum((cost) => cost.budgetMs),
    },
  };
}
