import { DomainError } from '@qd/shared/errors';
import type { MetricsSource, MinuteCount } from '../../../../adapters/metrics/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import type { ObjectiveRow } from '../../queries/objectives.ts';
import { noteSloErrors } from '../../queries/writes/reading.ts';
import type { SloDeps } from '../deps.ts';
import { storeCounts } from './store-counts.ts';

/** Minutes kept of an objective while nothing can be stored: an hour. */
const MAX_UNSAVED = 60;

/**
 * Reads objectives from a source that knows the present only, once per indicator however many objectives share it. What
 * cannot be stored is kept and stored with the next reading. Gives the SLIs whose list rows changed.
 * Throws `upstream` when the source is down.
 */
export async function readPresent(
  ctx: Ctx,
  deps: SloDeps,
  reading: { rows: readonly ObjectiveRow[]; source: MetricsSource },
): Promise<number[]> {
  const errors = new Map<number, string | null>();
  for (const rows of Map.groupBy(reading.rows, (row) => JSON.stringify(row.indicator)).values()) {
    const [first] = rows;
    if (first === undefined) continue;
    try {
      const counts = await reading.source.read({ indicator: first.indicator, fromMinute: 0, toMinute: 0 });
      for (const row of rows) {
        keep(deps, row.sliId, counts);
        if (row.lastError !== null) errors.set(row.sliId, null);
      }
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid') throw error;
      for (const row of rows) errors.set(row.sliId, error.message);
    }
  }
  if (errors.size > 0) await ingest(ctx, (tx) => noteSloErrors(tx, errors));
  const kept = reading.rows.flatMap(({ sliId }) => {
    const counts = deps.unsaved.get(sliId);
    return counts === undefined ? [] : [{ sliId, counts }];
  });
  const changed = await storeCounts(ctx, deps, kept);
  for (const { sliId } of kept) deps.unsaved.delete(sliId);
  return [...new Set([...changed, ...errors.keys()])];
}

function keep(deps: SloDeps, sliId: number, counts: readonly MinuteCount[]): void {
  if (counts.length === 0) return;
  const all = [...(deps.unsaved.get(sliId) ?? []), ...counts];
  deps.unsaved.set(sliId, all.length <= MAX_UNSAVED ? all : merged(all));
}

/** Sums what was counted in the same minute; the oldest minutes go when even that is too much. */
function merged(counts: readonly MinuteCount[]): MinuteCount[] {
  const byMinute = Map.groupBy(counts, (count) => count.m);
  const summed = [...byMinute].map(([m, own]) => ({
    m,
    total: own.reduce((sum, count) => sum + count.total, 0),
    bad: own.reduce((sum, count) => sum + count.bad, 0),
    observed: own.some((count) => count.observed),
  }));
  return summed.sort((a, b) => a.m - b.m).slice(-MAX_UNSAVED);
}
