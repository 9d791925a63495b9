import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { DAY_MS } from '../time/index.ts';

/** The changes of 24 hours, of one platform or of all the caller may see. */
export const changesDayInput = z.strictObject({
  platform: platformId.optional(),
  dayStartAt: z
    .int('must be epoch milliseconds')
    .min(0)
    .max(8_640_000_000_000_000 - DAY_MS),
});
export type ChangesDayInput = z.output<typeof changesDayInput>;

const instantWords = 'must be an ISO 8601 time with a zone, such as 2026-01-31T08:00:00Z, or milliseconds since 1970';
const instant = z.union(
  [z.iso.datetime({ offset: true, error: instantWords }).transform((text) => Date.parse(text)), z.int()],
  { error: instantWords },
);

const words = (max: number) =>
  z.string({ error: 'must be text' }).trim().min(1, 'must not be empty').max(max, `must be at most ${max} characters`);

/** Body of `POST /api/v1/deploys`: a version of a service that went live. `at` comes out as epoch ms. */
export const deployInput = z.strictObject({
  platform: platformId,
  service: words(120),
  version: words(120),
  at: instant,
  summary: words(400).optional(),
  actor: words(200).optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2_000, 'must be at most 2000 characters')
    .optional(),
});
export type DeployInput = z.output<typeof deployInput>;
