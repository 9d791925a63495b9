/** Percent of events that may fail under a target such as `99.95`, exact to the digits of the target: 0.05. */
export function allowedPercent(targetPercent: string): number {
  const digits = targetPercent.split('.')[1]?.length ?? 0;
  return Number((100 - Number(targetPercent)).toFixed(digits));
}
