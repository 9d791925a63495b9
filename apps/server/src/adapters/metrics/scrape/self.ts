import { MINUTE_MS } from '@qd/shared/time';
import type { MetricsSource } from '../port.ts';
import { parseExposition } from './exposition.ts';
import { createPageReader } from './page-reader.ts';

export interface SelfOptions {
  /** The process's own metrics page in the Prometheus text format. */
  text(): Promise<string>;
  /** Present time in ms. */
  clock(): number;
}

/** The console's own counters, read in the process: they were all zero when this was made, so nothing is missed. */
export function createSelfSource({ text, clock }: SelfOptions): MetricsSource {
  const reader = createPageReader({
    fetchPage: async (isWanted) => parseExposition(await text(), isWanted, false),
    clock,
    maxGapMs: 2 * MINUTE_MS,
    startedAtMs: clock(),
  });
  return {
    kind: 'self',
    historyMinutes: null,
    settleMs: 0,
    read: ({ indicator }) => reader.read(indicator),
    async probe() {
      const startedMs = performance.now();
      await text();
      return { version: null, latencyMs: performance.now() - startedMs };
    },
    async close() {
      // Nothing is held open.
    },
  };
}
