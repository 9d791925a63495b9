import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '../time/index.ts';
import type { RowAt } from './series.ts';
import { budgetShare, type Target } from './target.ts';
import type { Budget, Mark, SloWindow, SpendItem } from './types.ts';
import { MINUTE_TIER_MS, windowMinutes } from './windows.ts';

const MINUTES_PER_HOUR = HOUR_MS / MINUTE_MS;
/** Marks older than this are widened to full hours, a day before the minute tier ends. */
const FINE_UNTIL_MS = MINUTE_TIER_MS - DAY_MS;

/** Minutes after `beforeM` up to `endM`. */
interface Span {
  beforeM: number;
  endM: number;
}

/**
 * Minutes of the window that a mark covers, or null if none. An open mark lasts until now, one without an end covers
 * the minute in which it happened; older than seven days it is widened to full hours, the finest that is still stored.
 */
function spanOf(mark: Mark, window: SloWindow, now: number): Span | null {
  const limits = windowMinutes(window, now);
  const endAt = mark.endAt ?? (mark.open ? now : mark.at);
  const fine = (at: number): boolean => at >= now - FINE_UNTIL_MS;
  const startM = minuteOf(mark.at);
  const lastM = Math.max(startM, minuteOf(endAt));
  const beforeM = fine(mark.at) ? startM - 1 : Math.floor(startM / MINUTES_PER_HOUR) * MINUTES_PER_HOUR - 1;
  const endM = fine(endAt) ? lastM : (Math.floor(lastM / MINUTES_PER_HOUR) + 1) * MINUTES_PER_HOUR - 1;
  const span = { beforeM: Math.max(beforeM, limits.beforeM), endM: Math.min(endM, limits.endM) };
  return span.endM > span.beforeM ? span : null;
}

/** Marks that can have cost something: excluded time costs nothing, and alerts only tell. */
function causes(marks: readonly Mark[]): Mark[] {
  return marks.filter(({ kind }) => kind === 'incident' || kind === 'deploy');
}

/** Every epoch minute whose cumulative row `attributeSpend` needs for these marks, ascending, distinct. */
export function spendMinutes(marks: readonly Mark[], window: SloWindow, now: number): number[] {
  const minutes = new Set<number>();
  for (const mark of causes(marks)) {
    const span = spanOf(mark, window, now);
    if (span !== null) minutes.add(span.beforeM).add(span.endM);
  }
  return [...minutes].sort((a, b) => a - b);
}

/** The parts of `span` that no span in `taken` covers. */
function subtract(span: Span, taken: readonly Span[]): Span[] {
  let parts: Span[] = [span];
  for (const other of taken) {
    parts = parts.flatMap((part) => {
      if (other.endM <= part.beforeM || other.beforeM >= part.endM) return [part];
      const left = { beforeM: part.beforeM, endM: other.beforeM };
      const right = { beforeM: other.endM, endM: part.endM };
      return [left, right].filter((rest) => rest.endM > rest.beforeM);
    });
  }
  return parts;
}

function byClaim(a: Mark, b: Mark): number {
  if (a.kind !== b.kind) return a.kind === 'incident' ? -1 : 1;
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

export interface SpendInput {
  marks: readonly Mark[];
  target: Target;
  now: number;
  /** The budget that was spent; its window, bad events and expected events are used. */
  budget: Budget;
  /** Rows for `spendMinutes(marks, budget.window, now)`. */
  rowAt: RowAt;
}

function itemOf(input: SpendInput, bad: number, mark: Mark | null): SpendItem {
  const { budget, target } = input;
  const budgetRatio = budget.expectedEvents > 0 ? budgetShare(bad, budget.expectedEvents, target) : 0;
  return {
    mark,
    label: mark?.label ?? 'Background errors',
    detail: mark?.detail ?? 'outside every incident and deploy',
    at: mark?.at ?? null,
    endAt: mark?.endAt ?? null,
    badEvents: bad,
    budgetRatio,
    budgetMs: budgetRatio * budget.budgetMs,
    excluded: null,
  };
}

/**
 * What spent a budget, dearest first: the bad events inside each mark, and the rest as background errors. Each bad
 * event counts once: an incident claims its minutes before a deploy, an earlier mark before a later. Marks that cost
 * nothing are left out, so the shares add up to what was spent.
 */
export function attributeSpend(input: SpendInput): SpendItem[] {
  const { budget, now, rowAt } = input;
  const taken: Span[] = [];
  const items: SpendItem[] = [];
  let attributed = 0;
  for (const mark of causes(input.marks).sort(byClaim)) {
    const span = spanOf(mark, budget.window, now);
    if (span === null) continue;
    let bad = 0;
    for (const part of subtract(span, taken)) bad += (rowAt(part.endM)?.bad ?? 0) - (rowAt(part.beforeM)?.bad ?? 0);
    taken.push(span);
    attributed += bad;
    if (bad > 0) items.push(itemOf(input, bad, mark));
  }
  const rest = budget.badEvents - attributed;
  if (rest > 0) items.push(itemOf(input, rest, null));
  return items.sort((a, b) => b.badEvents - a.badEvents || (a.at ?? 0) - (b.at ?? 0));
}
