import type { AuditListInput, AuditRow, AuditVerdict } from '@qd/shared/audit';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import { CHAIN, factsOfRow } from '../../platform/audit-chain.ts';
import type { Ctx } from '../../platform/context.ts';
import { write } from '../../platform/write.ts';
import { seqOf } from './keeping/cursor.ts';
import type { AuditDeps } from './keeping/deps.ts';
import { chainStart, equalBytes, walkChain, type ChainFault, type ChainPlace } from './keeping/walk.ts';
import { loadWitnesses, type Witnesses } from './keeping/witnesses.ts';
import { selectAudit } from './queries/find.ts';
import { selectChainEnd, type StoredAuditRow } from './queries/log.ts';

/**
 * One page of the log, newest first, of the platforms on which the caller may read it; rows that belong to no platform
 * are for those who may read all. Throws `invalid` for a cursor that came from elsewhere.
 */
export async function listAudit(ctx: Ctx, input: AuditListInput): Promise<Page<AuditRow>> {
  const { cursor, ...filters } = input;
  const platforms = platformsWith(ctx.actor.grants, 'audit:read');
  const found = await selectAudit(ctx.db, filters, { platforms, beforeSeq: seqOf(cursor) });
  const rows = found.slice(0, input.limit).map(toRow);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > input.limit && last ? String(last.seq) : null };
}

/** A stored row as it is shown and exported. */
export function toRow(row: StoredAuditRow): AuditRow {
  return { ...factsOfRow(row), prev_hash: hex(row.prevHash), hash: hex(row.hash) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * Walks the whole chain and compares every row with its hash, its predecessor, its place and the checkpoints, then the last
 * one with the head. Finds changed, removed, reordered and inserted rows; with checkpoints also a log that was cut off or
 * rewritten with its head. Rows written meanwhile wait for the next walk. A pruned part is vouched for by its checkpoint.
 */
export async function verifyChain(ctx: Pick<Ctx, 'db'>, keeping?: AuditDeps['keeping']): Promise<AuditVerdict> {
  const witnesses = keeping === undefined ? noWitnesses : await loadWitnesses(ctx, { keeping });
  const { head, lastSeq } = await selectChainEnd(ctx.db, CHAIN);
  if (witnesses.fault !== null) return broken(0, witnesses.fault);
  if (witnesses.lastSeq > (head?.seq ?? 0)) return broken(0, cutOff(head?.seq ?? 0, witnesses.lastSeq));
  if (head === null) {
    return lastSeq === 0
      ? { ok: true, rows: 0, brokenSeq: null, reason: 'Nothing has been recorded yet.' }
      : broken(0, { seq: 1, reason: 'The head of the chain is missing.' });
  }
  return compare(ctx, { head, lastSeq, witnesses });
}

async function compare(
  ctx: Pick<Ctx, 'db'>,
  of: { head: ChainPlace; lastSeq: number; witnesses: Witnesses },
): Promise<AuditVerdict> {
  const { head, lastSeq, witnesses } = of;
  const start = await chainStart(ctx);
  let checkpoints = 0;
  const differs = ({ seq, hash }: ChainPlace): string | null => {
    const signed = witnesses.hashes.get(seq);
    if (signed === undefined) return null;
    checkpoints += 1;
    return equalBytes(signed, hash) ? null : `Row ${seq} is not the one that was signed: the log was rewritten.`;
  };
  const startFault = differs(start);
  if (startFault !== null) return broken(0, { seq: start.seq, reason: startFault });
  const { at, fault } = await walkChain(ctx, start, head.seq, differs);
  const rows = at.seq - start.seq;
  if (fault !== null) return broken(rows, fault);
  if (!equalBytes(at.hash, head.hash)) {
    return broken(rows, { seq: at.seq, reason: `Row ${at.seq} is not the one the head of the chain names.` });
  }
  if (lastSeq > head.seq) {
    return broken(rows, { seq: head.seq + 1, reason: `Row ${head.seq + 1} was added past the head of the chain.` });
  }
  return { ok: true, rows, brokenSeq: null, ...proved({ rows, checkpoints, pruned: start.seq }) };
}

function proved(of: {
  rows: number;
  checkpoints: number;
  pruned: number;
}): Pick<AuditVerdict, 'checkpoints' | 'reason'> {
  const { rows, checkpoints, pruned } = of;
  const signed = checkpoints === 0 ? '' : ` and ${checkpoints} signed checkpoints`;
  const before = pruned === 0 ? '' : ` Rows 1 to ${pruned} are archived.`;
  const reason = `All ${rows} rows fit their hashes, the head of the chain${signed}.${before}`;
  return checkpoints === 0 ? { reason } : { checkpoints, reason };
}

const noWitnesses: Witnesses = { hashes: new Map(), lastSeq: 0, fault: null };

function cutOff(headSeq: number, signedSeq: number): ChainFault {
  return {
    seq: headSeq + 1,
    reason: `The log ends at row ${headSeq}, but a signed checkpoint names row ${signedSeq}: rows were cut off.`,
  };
}

function broken(rows: number, { seq, reason }: ChainFault): AuditVerdict {
  return { ok: false, rows, brokenSeq: seq, reason };
}

const walking = new WeakMap<object, Promise<AuditVerdict>>();

/** Verifies the chain and records the outcome. Callers who ask at once share one walk: it reads the whole log. */
export async function verifyAudit(ctx: Ctx, { keeping }: Pick<AuditDeps, 'keeping'>): Promise<AuditVerdict> {
  const verdict = await sharedWalk(ctx, keeping);
  await write(ctx, async (_tx, record) =>
    record({
      action: 'audit.verified',
      category: 'audit',
      level: verdict.ok ? 'info' : 'critical',
      status: verdict.ok ? 'success' : 'failure',
      details: {
        rows: verdict.rows,
        checkpoints: verdict.checkpoints ?? 0,
        brokenSeq: verdict.brokenSeq,
        reason: verdict.reason,
      },
    }),
  );
  return verdict;
}

function sharedWalk(ctx: Ctx, keeping: AuditDeps['keeping']): Promise<AuditVerdict> {
  const running = walking.get(ctx.db);
  if (running) return running;
  const walk = verifyChain(ctx, keeping).finally(() => walking.delete(ctx.db));
  walking.set(ctx.db, walk);
  return walk;
}
