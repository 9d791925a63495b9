import { rulesFor, type ActOutcome } from '@qd/shared/approvals';
import { MIN_KEPT_MS, type PruneInput } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import { needsApproval } from '../../../platform/approvals.ts';
import { genesisHash } from '../../../platform/audit-chain.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { pruneSegment, selectLastSeqBefore, selectPrunable, selectSegments } from '../queries/keeping.ts';
import { assertArchived } from './archive.ts';
import type { AuditDeps } from './deps.ts';
import type { ChainPlace } from './walk.ts';

/**
 * Removes archived rows written before the instant, after each archive was read and verified once more, and with the
 * agreement of others. Only whole parts go, the oldest first. Throws `invalid` for rows that are too young, `precondition`
 * when nothing may go, and `conflict` for an archive that is not what was stored.
 */
export async function pruneAudit(ctx: Ctx, deps: AuditDeps, input: PruneInput): Promise<ActOutcome & { rows: number }> {
  const { before, reason } = input;
  if (before > ctx.now().getTime() - MIN_KEPT_MS) {
    const message = `must be at least ${MIN_KEPT_MS / DAY_MS} days ago`;
    throw new DomainError('invalid', `Rows are kept for ${MIN_KEPT_MS / DAY_MS} days at least.`, {
      fields: [{ field: 'before', message }],
    });
  }
  const lastSeq = Math.min(await selectLastSeqBefore(ctx.db, new Date(before)), input.throughSeq ?? Infinity);
  const segments = await selectPrunable(ctx.db, lastSeq);
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined) {
    throw new DomainError('precondition', 'There is nothing to prune: archive the rows first.');
  }
  let from = await placeBefore(ctx, first.fromSeq);
  for (const segment of segments) {
    await assertArchived(deps, segment, from);
    from = { seq: segment.toSeq, hash: segment.hash };
  }
  const done = await write(ctx, async (tx, record) => {
    const act = {
      kind: 'audit.prune',
      // What is archived after others agreed is not what they agreed to.
      params: { before, reason, throughSeq: input.throughSeq ?? last.toSeq },
      platform: null,
      summary: `Remove the archived audit rows ${first.fromSeq} to ${last.toSeq} from the database.`,
      rules: rulesFor([{ kind: 'prunes_audit' }]),
      reason,
    };
    const approval = await needsApproval(ctx, tx, act, record);
    if (approval !== null) return { approval, rows: 0 };
    let rows = 0;
    for (const segment of segments) rows += await pruneSegment(tx, segment, ctx.now());
    record({
      action: 'audit.pruned',
      category: 'audit',
      level: 'critical',
      details: {
        fromSeq: first.fromSeq,
        toSeq: last.toSeq,
        rows,
        reason,
        archives: segments.map((s) => s.place),
        ...(ctx.approved !== undefined && { approvalId: ctx.approved.id }),
      },
    });
    return { approval: null, rows };
  });
  if (done.approval !== null) ctx.hub.publish('approvals');
  return done;
}

/** What the first of the rows follows. */
async function placeBefore(ctx: Ctx, seq: number): Promise<ChainPlace> {
  const [before] = await selectSegments(ctx.db, { beforeSeq: seq, limit: 1 });
  return before === undefined ? { seq: 0, hash: genesisHash } : { seq: before.toSeq, hash: before.hash };
}
