import type { ExcludedCost, SpendItem } from '@qd/shared/slo';
import { formatPercent } from '../../../../lib/format.ts';
import { budgetPart } from '../../budget-words.ts';
import { badOf, type SloUnit } from '../../unit-words.ts';

/** `15.18 min, 70.3% of the budget, 1,040 bad events`. */
export function costWords(item: SpendItem, budgetMs: number, unit: SloUnit): string {
  const share = `${formatPercent(item.budgetRatio)} of the budget`;
  return `${budgetPart(item.budgetMs, budgetMs)}, ${share}, ${badOf(item.badEvents, unit)}`;
}

/** `raw 3.20 min, 14.8%; adjusted 0 min`: what excluded time would have cost, and what it does. */
export function wouldHaveCost(cost: ExcludedCost, budgetMs: number): string {
  return `raw ${budgetPart(cost.budgetMs, budgetMs)}, ${formatPercent(cost.budgetRatio)}`;
}
