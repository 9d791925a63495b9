import { REVOCATION_OBJECTIVE, revocationBudget, type RevocationView } from '@qd/shared/api-keys/ending';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import { deleteProbesBefore, selectProbeFigures, type ProbeFigures } from '../../queries/revocation.ts';

type Reader = Pick<Ctx, 'db' | 'hub' | 'now'>;

const KEPT_MS = 31 * DAY_MS;
/** A replica that has not measured for this long is gone. */
const RECENT_MS = 3 * MINUTE_MS;
/** Measurements come once a minute; counting a month of them is not worth doing more often than this. */
const HELD_MS = 20 * SECOND_MS;

/** Reads how soon ended keys are refused, counted anew at most every 20 s. */
export function createRevocationView(): (ctx: Reader) => Promise<RevocationView> {
  let held: { figures: ProbeFigures; atMs: number } | null = null;
  return async (ctx) => {
    const nowMs = ctx.now().getTime();
    if (held === null || nowMs - held.atMs >= HELD_MS || nowMs < held.atMs) {
      held = { figures: await countedFigures(ctx), atMs: nowMs };
    }
    return viewOf(held.figures, { nowMs: held.atMs, bus: ctx.hub.bus() });
  };
}

async function countedFigures(ctx: Reader): Promise<ProbeFigures> {
  const nowMs = ctx.now().getTime();
  const { windowMs, withinMs } = REVOCATION_OBJECTIVE;
  return selectProbeFigures(ctx.db, {
    since: new Date(nowMs - windowMs),
    recent: new Date(nowMs - RECENT_MS),
    withinMs,
  });
}

function viewOf(figures: ProbeFigures, of: { nowMs: number } & Pick<RevocationView, 'bus'>): RevocationView {
  const { total, good, minutes, firstMs } = figures;
  return {
    ...REVOCATION_OBJECTIVE,
    budget: revocationBudget({ total, good, minutes, firstAt: firstMs }, of.nowMs),
    p50Ms: figures.p50Ms,
    p99Ms: figures.p99Ms,
    slowestMs: figures.slowestMs,
    neverRefused: figures.never,
    replicas: figures.replicas,
    lastAt: figures.lastMs === null ? null : Math.round(figures.lastMs),
    bus: of.bus,
    asOf: of.nowMs,
  };
}

/** Forgets measurements older than 31 days. */
export async function forgetProbes(ctx: Pick<Ctx, 'db' | 'now'>): Promise<void> {
  await ingest(ctx, (tx) => deleteProbesBefore(tx, new Date(ctx.now().getTime() - KEPT_MS)));
}
