import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/index.ts';
import { sliceMinutesOf } from './indicator-queries.ts';
import type { Indicator } from './indicator.ts';
import { line } from './plain-text.ts';
import type { SourceKind } from './types.ts';

const measurable: Record<SourceKind, readonly Indicator['kind'][]> = {
  prometheus: ['counters', 'latency', 'gauge', 'slices', 'percentile'],
  scrape: ['counters', 'latency', 'gauge'],
  self: ['counters', 'latency', 'gauge'],
  push: ['push'],
  demo: [],
};

/** Kinds of indicator that a kind of source can measure; none for the demo, which tells stories. */
export function indicatorKindsOf(kind: SourceKind): readonly Indicator['kind'][] {
  return measurable[kind];
}

/** True if a kind of source knows the past, so that a preview and a backfill are possible. */
export function hasHistory(kind: SourceKind): boolean {
  return kind === 'prometheus';
}

/**
 * How rarely (ms) an indicator says something new: the interval of its source, or the length of its slices where that
 * is longer.
 */
export function reportingIntervalMs(indicator: Indicator, intervalMs: number): number {
  return Math.max(intervalMs, sliceMinutesOf(indicator) * MINUTE_MS);
}

/** Sources of one platform, or of all the caller may define objectives on. */
export const sloSourcesInput = z.strictObject({ platform: platformId.optional() });
export type SloSourcesInput = z.output<typeof sloSourcesInput>;

/** A place to measure a platform from. A platform that is new here comes with its name. */
export const sloSourceInput = z
  .strictObject({
    platform: platformId,
    platformName: line(80).min(1, 'must not be empty').optional(),
    kind: z.enum(['prometheus', 'scrape', 'push'], { error: 'is prometheus, scrape or push' }),
    /** Null where counts are pushed. */
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .max(2_000)
      .nullable(),
    /** How often the source has something new. */
    intervalMs: z
      .int()
      .min(5 * SECOND_MS, 'must be at least 5 seconds')
      .max(HOUR_MS, 'must be at most an hour')
      .default(30 * SECOND_MS),
  })
  .refine((source) => source.kind === 'push' || source.url !== null, { path: ['url'], message: 'is missing' })
  .refine((source) => source.kind !== 'push' || source.url === null, {
    path: ['url'],
    message: 'has no meaning for pushed counts; leave it out',
  });
export type SloSourceInput = z.output<typeof sloSourceInput>;
