import type { ServiceCounts } from './world.ts';

/** Burn-rate windows of a Pyrra objective, in minutes, with the name PromQL gives them. */
export const burnWindows = [
  ['5m', 5],
  ['30m', 30],
  ['1h', 60],
  ['6h', 360],
  ['1d', 1_440],
  ['3d', 4_320],
] as const;

const INCREASE_EVERY_MINUTES = 2;
const ALLOWED_RATIO = 0.001;
const WINDOW_MINUTES = 43_200;

/** Counter values of a service by minute since the first; 0 before it. */
type At = (counts: Float64Array, minute: number) => number;
const at: At = (counts, minute) => (minute < 0 ? 0 : (counts[minute] ?? 0));

/** Days before the last minute for which series that are only asked for their newest value exist. */
const RECENT_MINUTES = 3 * 1_440;

/**
 * Samples that recording rules would have left behind for a service at a minute. Recorded by the shape of Pyrra:
 * increase over 30 days every 2 minutes, and burn rates, here only for the last days because pages ask for their newest
 * value. The strongest set-up records every graph as well (`graphs`).
 */
export function recordedLines(
  counts: ServiceCounts,
  minute: number,
  suffix: string,
  wanted: { lastMinute: number; graphs: boolean },
): string {
  const label = `{slo="${counts.name}"}`;
  let lines = '';
  if (minute % INCREASE_EVERY_MINUTES === 0) {
    lines += `slo:requests:increase30d${label} ${grown(counts.total, minute, WINDOW_MINUTES)}${suffix}`;
    lines += `slo:errors:increase30d${label} ${grown(counts.bad, minute, WINDOW_MINUTES)}${suffix}`;
  }
  if (minute > wanted.lastMinute - RECENT_MINUTES) {
    for (const [name, minutes] of burnWindows) {
      lines += `slo:burnrate${name}${label} ${ratio(counts, minute, minutes)}${suffix}`;
    }
    lines += `slo:availability30d${label} ${1 - ratio(counts, minute, WINDOW_MINUTES)}${suffix}`;
  }
  if (wanted.graphs) {
    const left = 1 - ratio(counts, minute, WINDOW_MINUTES) / ALLOWED_RATIO;
    lines += `slo:graph_budget${label} ${left}${suffix}`;
    lines += `slo:graph_requests${label} ${grown(counts.total, minute, 180) / 10_800}${suffix}`;
    lines += `slo:graph_errors${label} ${ratio(counts, minute, 180)}${suffix}`;
    lines += `slo:graph_latency${label} ${0.2 + (minute % 60) / 1_000}${suffix}`;
  }
  return lines;
}

function grown(counts: Float64Array, minute: number, minutes: number): number {
  return at(counts, minute) - at(counts, minute - minutes);
}

function ratio(counts: ServiceCounts, minute: number, minutes: number): number {
  const total = grown(counts.total, minute, minutes);
  return total > 0 ? grown(counts.bad, minute, minutes) / total : 0;
}
