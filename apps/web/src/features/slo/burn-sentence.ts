import type { Budget, SloSummary } from '@qd/shared/slo';
import { formatPercent } from '../../lib/format.ts';

/** A burn-down in one sentence, for those who do not see the picture. */
export function burnDownSentence(slo: Pick<SloSummary, 'name' | 'budget'>, budget: Budget = slo.budget): string {
  const { leftRatio, idealLeftRatio } = budget;
  if (leftRatio === null) return `${slo.name}: what is left of the budget is not known.`;
  const left = leftRatio < 0 ? `overspent by ${formatPercent(-leftRatio)}` : `${formatPercent(leftRatio)} left`;
  if (idealLeftRatio === null) return `${slo.name}: ${left}.`;
  const gap = leftRatio - idealLeftRatio;
  const place =
    Math.abs(gap) < 0.0005 ? 'on' : gap > 0 ? `${formatPercent(gap)} above` : `${formatPercent(-gap)} below`;
  return `${slo.name}: ${left}, ${place} the ideal line at ${formatPercent(idealLeftRatio)}.`;
}
