import type { CumulativeRow } from '@qd/shared/slo';
import type { KnownSpans } from './exclusions/summary-plan.ts';

/** Minutes after which the rows of a sparkline are read again. */
const REREAD_EVERY_MINUTES = 10;

/** Rows of one sparkline, and the row at the start of its window when they were read. */
export interface SparkMemory {
  origin: CumulativeRow | null;
  rows: ReadonlyMap<number, CumulativeRow | null>;
  /** What long past excluded spans held, where there are any. */
  spans?: KnownSpans;
}

/**
 * Remembers the rows behind sparklines, which lie in the past: reading 60 of them for every objective every minute
 * would be most of the tick. Late points move them; here that shows at once, in other replicas within ten minutes.
 */
export interface SparkRows {
  /** What is known of an SLI; null when it is due to be read again. */
  known(sliId: number, nowMinute: number): SparkMemory | null;
  keep(sliId: number, nowMinute: number, memory: SparkMemory): void;
  forget(sliIds: readonly number[]): void;
}

/** An empty memory. It holds at most one small map per SLI. */
export function createSparkRows(): SparkRows {
  const bySli = new Map<number, { period: number; memory: SparkMemory }>();
  // SLIs take turns, so that not all of them are read again in the same minute.
  const period = (sliId: number, nowMinute: number): number => Math.floor((nowMinute + sliId) / REREAD_EVERY_MINUTES);
  return {
    known(sliId, nowMinute) {
      const entry = bySli.get(sliId);
      return entry?.period === period(sliId, nowMinute) ? entry.memory : null;
    },
    keep: (sliId, nowMinute, memory) => void bySli.set(sliId, { period: period(sliId, nowMinute), memory }),
    forget(sliIds) {
      for (const sliId of sliIds) bySli.delete(sliId);
    },
  };
}
