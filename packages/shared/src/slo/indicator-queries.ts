import type { Indicator } from './indicator.ts';

// Beside the schemas, not among them: browsers that only show an indicator need not carry what checks one.

/** True where an event is a minute that was good or bad as a whole, so that the period's total is known from the start. */
export function isSliced(indicator: Indicator): boolean {
  return indicator.kind === 'slices' || indicator.kind === 'percentile';
}

/** Minutes that are judged as a whole; 1 where every minute stands for itself. Slices begin at full multiples since 1970. */
export function sliceMinutesOf(indicator: Indicator): number {
  return indicator.kind === 'slices' || indicator.kind === 'percentile' ? indicator.sliceMinutes : 1;
}

/** The queries of an indicator, by the name of the field they stand in. */
export function queriesOf(indicator: Indicator): Record<string, string> {
  switch (indicator.kind) {
    case 'counters':
      return 'bad' in indicator
        ? { total: indicator.total, bad: indicator.bad }
        : { total: indicator.total, good: indicator.good };
    case 'latency':
    case 'percentile':
      return { buckets: indicator.buckets };
    case 'gauge':
      return { selector: indicator.selector };
    case 'slices':
      return { query: indicator.query };
    case 'push':
      return {};
  }
}
