import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import type { Size } from '../options.ts';

/** What is generated: how many services, how many of them with latency histograms, and for how long. */
export interface Extent {
  services: number;
  withLatency: number;
  days: number;
}

/**
 * A service always has the full number of series, so that a page about it costs what it costs in the full set; the
 * default only leaves the histograms of most services out, which no measured page reads.
 */
export const extents: Record<Size, Extent> = {
  default: { services: 20, withLatency: 4, days: 30 },
  full: { services: 20, withLatency: 20, days: 30 },
  small: { services: 20, withLatency: 2, days: 5 },
};

/** Epoch minutes of the generated data: the first, the last, and the one that was running when it was made. */
export interface Span {
  firstM: number;
  lastM: number;
  madeM: number;
}

/** Minutes generated ahead, so that data are never stale while the benches run. */
const AHEAD_MINUTES = 45;

export function spanFor(days: number, nowMs: number): Span {
  const madeM = Math.floor(nowMs / MINUTE_MS);
  return { firstM: madeM - (days * DAY_MS) / MINUTE_MS, lastM: madeM + AHEAD_MINUTES, madeM };
}
