import type { Ctx } from '../../../platform/context.ts';
import { outdatedSlis } from '../queries/summaries.ts';
import { refreshSummaries, type SummaryMemory } from './refresh-summaries.ts';
import { createSparkRows } from './spark-rows.ts';

/** List rows are rewritten at least this often, because windows move on although nothing comes in. */
const MAX_AGE_MS = 45_000;
/** A list row is rewritten at most this often by pushes; what comes in between waits for the tick. */
const MIN_BETWEEN_MS = 2_000;

/** A memory that holds nothing yet. Make one per process. */
export function createSummaryMemory(onSummarised: SummaryMemory['onSummarised'] = () => undefined): SummaryMemory {
  return { spark: createSparkRows(), changed: new Set(), shownMinute: new Map(), pushedAtMs: new Map(), onSummarised };
}

/** Rewrites the list row of one SLI after a push, or leaves it to the tick when it was just rewritten. */
export async function refreshAfterPush(ctx: Ctx, memory: SummaryMemory, sliId: number): Promise<void> {
  const nowMs = ctx.now().getTime();
  const lastMs = memory.pushedAtMs.get(sliId);
  if (lastMs !== undefined && nowMs >= lastMs && nowMs - lastMs < MIN_BETWEEN_MS) {
    memory.changed.add(sliId);
    return;
  }
  memory.pushedAtMs.set(sliId, nowMs);
  await refreshSummaries(ctx, memory, [sliId]);
}

/** Rewrites list rows that are missing, old, or behind what came in. Gives how many. */
export async function refreshOutdated(ctx: Ctx, memory: SummaryMemory): Promise<number> {
  const old = await outdatedSlis(ctx.db, new Date(ctx.now().getTime() - MAX_AGE_MS));
  const changed = [...memory.changed];
  memory.changed.clear();
  const sliIds = [...new Set([...old, ...changed])];
  if (sliIds.length === 0) return 0;
  return (await refreshSummaries(ctx, memory, sliIds)).length;
}
