import { factsOfRow, genesisHash, rowHash } from '../../../platform/audit-chain.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectLastSegment } from '../queries/keeping.ts';
import { selectChain, type StoredAuditRow } from '../queries/log.ts';

const CHAIN_PAGE = 1_000;

/** A place in the chain: a row and its hash. */
export interface ChainPlace {
  seq: number;
  hash: Uint8Array;
}

/** The first row that does not fit, and why. */
export interface ChainFault {
  seq: number;
  reason: string;
}

/** Where the chain in the database begins: before the first row, or behind what was pruned. */
export async function chainStart(ctx: Pick<Ctx, 'db'>): Promise<ChainPlace> {
  const pruned = await selectLastSegment(ctx.db, { pruned: true });
  return pruned === null ? { seq: 0, hash: genesisHash } : { seq: pruned.toSeq, hash: pruned.hash };
}

/**
 * Walks the chain in pages behind a place up to a row and compares every row with its hash, its predecessor and its place.
 * `onRow` sees each row that fits and may say what else is wrong with it. Gives where the walk ended, and the fault if any.
 */
export async function walkChain(
  ctx: Pick<Ctx, 'db'>,
  from: ChainPlace,
  lastSeq: number,
  onRow: (row: StoredAuditRow) => string | null = () => null,
): Promise<{ at: ChainPlace; fault: ChainFault | null }> {
  let at = from;
  const stop = (reason: string) => ({ at, fault: { seq: at.seq + 1, reason } });
  while (at.seq < lastSeq) {
    const rows = await selectChain(ctx.db, { afterSeq: at.seq, lastSeq, limit: CHAIN_PAGE });
    if (rows.length === 0) return stop(`Row ${at.seq + 1} and all after it are missing.`);
    for (const row of rows) {
      const fault = faultOf(row, at) ?? onRow(row);
      if (fault !== null) return stop(fault);
      at = { seq: row.seq, hash: row.hash };
    }
  }
  return { at, fault: null };
}

function faultOf(row: StoredAuditRow, before: ChainPlace): string | null {
  const seq = before.seq + 1;
  if (row.seq !== seq) return `Row ${seq} is missing.`;
  if (!equalBytes(row.prevHash, before.hash)) return `Row ${seq} does not follow from the row before it.`;
  if (!equalBytes(row.hash, rowHash(before.hash, factsOfRow(row))))
    return `Row ${seq} was changed after it was written.`;
  return null;
}

/** True for the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
