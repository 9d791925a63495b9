import { z } from 'zod';
import { isStorable } from './plain-text.ts';

const MAX_QUERY_CHARS = 4_000;
const MAX_SLICE_MINUTES = 60;

const query = z
  .string({ error: 'is missing' })
  .trim()
  .min(1, 'is missing')
  .max(MAX_QUERY_CHARS, `must be at most ${MAX_QUERY_CHARS} characters`)
  .refine(isStorable, 'has a NUL or half a character; type it again');

/** A bound of a histogram as it is published, e.g. `0.25`. */
const bound = z
  .string({ error: 'must be a bound such as 0.25' })
  .trim()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a bound such as 0.25, in the unit of the histogram');

const limit = z.number({ error: 'must be a number' }).finite();
const sliceMinutes = z
  .int({ error: 'must be whole minutes' })
  .min(1, 'must be at least 1 minute')
  .max(MAX_SLICE_MINUTES, `must be at most ${MAX_SLICE_MINUTES} minutes`)
  .refine((minutes) => 60 % minutes === 0, 'must divide an hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60');

/** How a measured value compares with the limit when a slice of time is good. */
export const sliceOp = z.enum(['lte', 'lt', 'gte', 'gt'], { error: 'is one of lte, lt, gte, gt' });
export type SliceOp = z.output<typeof sliceOp>;

/**
 * What is counted. `counters`: a total and its good or bad part. `latency`: events within a bound of a histogram.
 * `gauge`: samples that are 1 (up) of all samples. `slices` and `percentile`: minutes whose measured value keeps to a
 * limit; a slice is good or bad as a whole. `push`: counts that machines send.
 */
export const indicatorInput = z.union(
  [
    z.strictObject({ kind: z.literal('counters'), total: query, bad: query }),
    z.strictObject({ kind: z.literal('counters'), total: query, good: query }),
    z.strictObject({ kind: z.literal('latency'), buckets: query, le: bound }),
    z.strictObject({ kind: z.literal('gauge'), selector: query }),
    z.strictObject({ kind: z.literal('slices'), query, op: sliceOp, value: limit, sliceMinutes }),
    z.strictObject({
      kind: z.literal('percentile'),
      buckets: query,
      quantile: z.number().gt(0, 'must be above 0').lt(1, 'must be below 1'),
      op: z.enum(['lte', 'lt'], { error: 'is either lte or lt' }),
      value: limit.gt(0, 'must be above 0'),
      sliceMinutes,
    }),
    z.strictObject({ kind: z.literal('push') }),
  ],
  { error: 'is not an indicator; its kind is counters, latency, gauge, slices, percentile or push' },
);
export type Indicator = z.output<typeof indicatorInput>;
