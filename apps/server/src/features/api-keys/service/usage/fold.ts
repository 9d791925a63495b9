import { DAY_MS, HOUR_MS, startOfUtcDay } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import { dropOldUsage, foldDay, oldestSpanDay } from '../../queries/usage-fold.ts';
import { OTHER_CALLERS, SPAN_MS } from './tally.ts';

/** Spans of ten minutes are kept at least this long; whole days, UTC, are folded. */
const FINE_MS = 2 * DAY_MS;
const DAYS_KEPT_MS = 400 * DAY_MS;
const MINUTES_KEPT_MS = 25 * HOUR_MS;
const KEYS_AT_ONCE = 200;
const CALLERS_KEPT = 16;

/** Makes days of the spans that are older than two days, a few keys at a time, and drops what is kept too long. */
export async function foldUsage(ctx: Ctx): Promise<void> {
  const nowMs = ctx.now().getTime();
  const untilMs = startOfUtcDay(nowMs - FINE_MS);
  const oldestMs = (await oldestSpanDay(ctx.db, SPAN_MS)) ?? untilMs;
  for (let dayMs = oldestMs; dayMs < untilMs; dayMs += DAY_MS) {
    const fold = { dayMs, spanMs: SPAN_MS, keys: KEYS_AT_ONCE, callers: CALLERS_KEPT, other: OTHER_CALLERS };
    while ((await ingest(ctx, (tx) => foldDay(tx, fold))) === KEYS_AT_ONCE);
  }
  const daysBefore = new Date(startOfUtcDay(nowMs - DAYS_KEPT_MS));
  const minutesBefore = new Date(nowMs - MINUTES_KEPT_MS);
  await ingest(ctx, (tx) => dropOldUsage(tx, { daysBefore, minutesBefore }));
}
