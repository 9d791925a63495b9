import { lastCompleteMinute } from '@qd/shared/slo';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import { applyCounts } from '../../queries/ingest.ts';
import type { SliCounts } from '../../queries/plan-counts.ts';
import { horizonMinute } from '../../queries/tiers.ts';
import { claimRead, noteSloErrors, type ReadClaim } from '../../queries/writes/reading.ts';
import type { SloDeps } from '../deps.ts';
import { oldBoundaries } from '../exclusions/old-boundaries.ts';

/** SLIs stored in one transaction. */
const BATCH = 250;

const CHECK_VIOLATION = '23514';
const MAX_DEPTH = 5;
const IMPOSSIBLE =
  'So far there are more failed or successful events than events in all; check that both counters select the same requests.';

/** What was read of one objective. */
export interface ReadCounts extends SliCounts {
  /** Where reading stands, for sources with history; absent for sources of the present. */
  claim?: ReadClaim;
}

/**
 * Stores what was read, and gives the SLIs whose list row this changes. Counts that cannot be, such as more failures than
 * events since the beginning, mark their objective and keep nobody else's from being stored.
 */
export async function storeCounts(ctx: Ctx, deps: SloDeps, read: readonly ReadCounts[]): Promise<number[]> {
  const changed: number[] = [];
  for (let i = 0; i < read.length; i += BATCH) {
    for (const sliId of await storeSound(ctx, deps, read.slice(i, i + BATCH))) changed.push(sliId);
  }
  return changed;
}

async function storeSound(ctx: Ctx, deps: SloDeps, read: readonly ReadCounts[]): Promise<number[]> {
  try {
    return await storeBatch(ctx, deps, read);
  } catch (error) {
    const [first] = read;
    if (first === undefined || !isImpossible(error)) throw error;
    if (read.length === 1) {
      await ingest(ctx, (tx) => noteSloErrors(tx, new Map([[first.sliId, IMPOSSIBLE]])));
      return [first.sliId];
    }
    const middle = Math.ceil(read.length / 2);
    const halves = [read.slice(0, middle), read.slice(middle)];
    return [...(await storeSound(ctx, deps, halves[0] ?? [])), ...(await storeSound(ctx, deps, halves[1] ?? []))];
  }
}

/** True if the store refuses counts for what they say (`check_violation`), not because it is away. */
function isImpossible(error: unknown): boolean {
  let cause: unknown = error;
  for (let depth = 0; depth < MAX_DEPTH && cause instanceof Error; depth += 1) {
    if ('code' in cause && cause.code === CHECK_VIOLATION) return true;
    cause = cause.cause;
  }
  return false;
}

async function storeBatch(ctx: Ctx, { memory }: SloDeps, read: readonly ReadCounts[]): Promise<number[]> {
  const nowMs = ctx.now().getTime();
  const boundaries = await oldBoundaries(ctx.db, read, horizonMinute(nowMs));
  const applied = await ingest(ctx, async (tx) => {
    const claimed = await claimRead(
      tx,
      read.flatMap(({ claim }) => (claim === undefined ? [] : [claim])),
    );
    const own = read.filter(({ claim, sliId }) => claim === undefined || claimed.has(sliId));
    const apart = own.map((one) => ({ ...one, boundaries: boundaries.get(one.sliId) ?? [] }));
    return applyCounts(tx, apart, horizonMinute(nowMs));
  });
  memory.spark.forget(applied.flatMap(({ late, sliId }) => (late ? [sliId] : [])));
  // Figures end with the last complete minute; what falls into the running one changes none of them yet.
  const complete = lastCompleteMinute(nowMs);
  return applied
    .filter(({ sliId, fromM }) => fromM <= complete || (memory.shownMinute.get(sliId) ?? 0) < complete)
    .map(({ sliId }) => sliId);
}
