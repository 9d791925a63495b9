/** Height of the objective line in every lane, as a ratio of the strip. */
export const OBJECTIVE_HEIGHT_RATIO = 0.403;

/** Height of a known value of zero: still a bar, so that it cannot be taken for missing time. */
export const FLOOR_HEIGHT_RATIO = 0.048;

/**
 * Height of a value on a scale that is logarithmic on both sides of the objective: a hundredth of the objective
 * is the floor, the objective stands at the same height in every lane, topRatio (1 by default) is the top.
 */
export function stripHeightRatio(valueRatio: number, objectiveRatio: number, topRatio = 1): number {
  if (!(valueRatio > 0) || !(objectiveRatio > 0)) return FLOOR_HEIGHT_RATIO;
  if (valueRatio <= objectiveRatio) {
    const belowRatio = 1 + Math.log10(valueRatio / objectiveRatio) / 2;
    return Math.max(FLOOR_HEIGHT_RATIO, belowRatio * OBJECTIVE_HEIGHT_RATIO);
  }
  if (topRatio <= objectiveRatio) return 1;
  const aboveRatio = Math.log(valueRatio / objectiveRatio) / Math.log(topRatio / objectiveRatio);
  return Math.min(1, OBJECTIVE_HEIGHT_RATIO + aboveRatio * (1 - OBJECTIVE_HEIGHT_RATIO));
}

/** Runs of missing values as ratios of the axis, so that one hatch covers one gap. */
export function gapsOf(
  values: readonly (number | null)[],
  stepRatio: number,
): { fromRatio: number; toRatio: number }[] {
  const gaps: { fromRatio: number; toRatio: number }[] = [];
  values.forEach((value, index) => {
    if (value !== null) return;
    const last = gaps.at(-1);
    if (index > 0 && values[index - 1] === null && last !== undefined) last.toRatio = (index + 1) * stepRatio;
    else gaps.push({ fromRatio: index * stepRatio, toRatio: (index + 1) * stepRatio });
  });
  return gaps;
}
