import type { Budget, SloPreview } from '@qd/shared/slo';
import { formatPercent, formatShare } from '../../../../lib/format.ts';
import { budgetOf, windowLength } from '../../budget-words.ts';
import { bigCount } from '../../detail/measured-words.ts';
import type { Moment } from '../../moment.ts';
import type { SloUnit } from '../../unit-words.ts';
import { windowName } from '../../window-words.ts';

/** The answer of a preview in one sentence. */
export function previewSentence({ budget, at }: Pick<SloPreview, 'budget' | 'at'>, now: Moment): string {
  const { leftRatio, budgetMs } = budget;
  if (at.length === 0 || leftRatio === null) return 'Nothing was measured in these days.';
  const window = windowName(budget.window, now.zone, now.nowMs);
  if (leftRatio < 0) return `The budget would be overspent: ${budgetOf(leftRatio * budgetMs, budgetMs)} (${window}).`;
  return `${formatPercent(leftRatio)} of the budget would be left: ${budgetOf(leftRatio * budgetMs, budgetMs)} (${window}).`;
}

/** One budget in a line of a list: name and what would be left. */
export function budgetLine(budget: Budget, now: Moment): { name: string; left: string } {
  const left = budget.leftRatio === null ? 'not known' : `${formatPercent(budget.leftRatio)} left`;
  return { name: windowName(budget.window, now.zone, now.nowMs), left };
}

/** `2.41 million events, 0.06% bad, 99.8% of the time measured`. */
export function measuredLine({ budget }: Pick<SloPreview, 'budget'>, unit: SloUnit): string {
  const { totalEvents, badEvents, coverageRatio } = budget;
  const bad = totalEvents > 0 ? `${formatShare(badEvents / totalEvents)} bad` : 'none bad';
  return `${bigCount(totalEvents)} ${unit} in the window, ${bad}, ${formatPercent(coverageRatio)} of its time measured`;
}

/** The picture in one sentence, for those who do not see it. */
export function plotSentence({ at, leftRatio }: SloPreview): string {
  const known = leftRatio.filter((ratio): ratio is number => ratio !== null);
  const [first, last] = [known[0], known.at(-1)];
  const [from, to] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined || from === undefined || to === undefined) {
    return 'Budget left: nothing was measured.';
  }
  const least = formatPercent(Math.min(...known));
  return `Budget left over ${windowLength(to - from)}: from ${formatPercent(first)} to ${formatPercent(last)}, lowest ${least}.`;
}
