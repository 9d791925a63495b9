import { DomainError, type FieldError } from '@qd/shared/errors';
import { parseSliPush, type SliPoint } from '@qd/shared/slo';
import { MINUTE_MS, minuteOf } from '@qd/shared/time';
import { assertCan, maySee, recorded } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { applyCounts, lockSlis } from '../queries/ingest.ts';
import { type ObjectiveRow, objective } from '../queries/objectives.ts';
import type { CountedMinute } from '../queries/plan-counts.ts';
import { horizonMinute } from '../queries/tiers.ts';
import { noteReport, pushedBefore, rememberPushed } from '../queries/writes/pushed.ts';
import type { SummaryMemory } from './refresh-summaries.ts';
import { refreshAfterPush } from './summary-memory.ts';

const MAX_REPORTED_FAULTS = 50;

/**
 * Stores measurements a machine sends: all points of the body, or none. Points sent before with the same values are
 * counted as duplicates and change nothing. A point belongs to the minute that contains `at`.
 * Throws `invalid` or `not_found` naming the field, and `conflict` for an instant already sent with other values.
 */
export async function pushPoints(
  ctx: Ctx,
  memory: SummaryMemory,
  body: unknown,
): Promise<{ accepted: number; duplicates: number }> {
  const now = ctx.now();
  const { slo, points } = parseSliPush(body, now.getTime());
  const row = await pushedObjective(ctx, slo);
  const horizon = horizonMinute(now.getTime());
  const accepted = await ingest(ctx, async (tx) => {
    await lockSlis(tx, [row.sliId]);
    const before = await pushedBefore(tx, row.sliId, points);
    const fresh = unknownPoints(points, before);
    await noteReport(tx, row.source.id, now);
    if (fresh.length === 0) return 0;
    await rememberPushed(tx, row.sliId, fresh);
    const counts = fresh.flatMap((point) => countsOf(point, row.source.intervalMs));
    const [applied] = await applyCounts(tx, [{ sliId: row.sliId, counts }], horizon);
    if (applied?.late === true) memory.spark.forget([row.sliId]);
    return fresh.length;
  });
  if (accepted > 0) await refreshAfterPush(ctx, memory, row.sliId);
  return { accepted, duplicates: points.length - accepted };
}

async function pushedObjective(ctx: Ctx, id: string): Promise<ObjectiveRow> {
  const row = await objective(ctx.db, id);
  const missing = refusal('not_found', 'there is no objective of this id; copy it from the objective’s page');
  if (row === null) throw missing;
  const { platformId: platform } = row;
  // Of a platform the key has nothing to do with: the answer is the one for an id that nobody has.
  if (!maySee(ctx.actor, platform)) throw recorded(missing, { permission: 'sli:write', platform });
  assertCan(ctx, 'sli:write', platform);
  if (row.source.kind !== 'push') {
    throw refusal(
      'invalid',
      `is measured by the ${row.source.kind} source “${row.source.name}”; nothing can be pushed to it`,
    );
  }
  return row;
}

function refusal(code: 'not_found' | 'invalid', message: string): DomainError {
  return new DomainError(code, `nothing was stored: slo ${message}`, { fields: [{ field: 'slo', message }] });
}

/** Points not sent before. Throws `conflict` when one was, with other values. */
function unknownPoints(points: readonly SliPoint[], before: readonly SliPoint[]): SliPoint[] {
  const known = new Map(before.map((point) => [point.at, point]));
  const faults: FieldError[] = [];
  for (const [i, point] of points.entries()) {
    const sent = known.get(point.at);
    for (const name of ['good', 'total'] as const) {
      if (sent === undefined || sent[name] === point[name]) continue;
      faults.push({
        field: `points[${i}].${name}`,
        message: `is ${point[name]}, but ${sent[name]} was sent for this second before`,
      });
    }
  }
  const [first] = faults;
  if (first !== undefined) {
    throw new DomainError('conflict', `nothing was stored: ${first.field} ${first.message}`, {
      fields: faults.slice(0, MAX_REPORTED_FAULTS),
    });
  }
  return points.filter((point) => !known.has(point.at));
}

/** The minute of a point, and those before it that the point vouches for when its source reports less than every minute. */
function countsOf(point: SliPoint, intervalMs: number): CountedMinute[] {
  const m = minuteOf(point.at);
  const counts: CountedMinute[] = [{ m, total: point.total, bad: point.total - point.good, observed: true }];
  const covered = Math.round(intervalMs / MINUTE_MS);
  for (let back = 1; back < covered; back += 1) counts.push({ m: m - back, total: 0, bad: 0, observed: true });
  return counts;
}
