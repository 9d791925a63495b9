import type { ArchiveAnswer, ArchiveInput, AuditSegmentsInput, AuditSegmentView } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import {
  insertSegment,
  selectLastCheckpoint,
  selectLastSegment,
  selectLastSeqBefore,
  selectSegments,
  type SegmentRow,
} from '../queries/keeping.ts';
import { selectChain, type StoredAuditRow } from '../queries/log.ts';
import { toRow } from '../service.ts';
import { storeCheckpoint, writeOutside } from './checkpoints.ts';
import { seqOf } from './cursor.ts';
import type { AuditDeps } from './deps.ts';
import { toLines, verifyLines } from './lines.ts';
import { loadSigner } from './signing-key.ts';
import { chainStart, equalBytes, type ChainPlace } from './walk.ts';

/** Rows of one archive. */
const SEGMENT_ROWS = 50_000;
const PAGE = 1_000;

/**
 * Stores every row written before the instant outside the database, in parts, each read back and verified row by row, and
 * signed for. Nothing is removed. Only what a checkpoint covers is archived. Throws `precondition` when there is nothing.
 */
export async function archiveAudit(
  ctx: Ctx,
  deps: AuditDeps,
  input: ArchiveInput,
  rowsEach = SEGMENT_ROWS,
): Promise<ArchiveAnswer> {
  const signed = await selectLastCheckpoint(ctx.db);
  const through = Math.min(signed?.seq ?? 0, await selectLastSeqBefore(ctx.db, new Date(input.before)));
  const last = await selectLastSegment(ctx.db, { pruned: false });
  let from: ChainPlace = last === null ? await chainStart(ctx) : { seq: last.toSeq, hash: last.hash };
  if (through <= from.seq) {
    throw new DomainError(
      'precondition',
      'There is nothing to archive: no signed row before that is not archived yet.',
    );
  }
  const segments: SegmentRow[] = [];
  while (from.seq < through) {
    const segment = await archiveOne(ctx, deps, { from, toSeq: Math.min(from.seq + rowsEach, through) });
    segments.push(segment);
    from = { seq: segment.toSeq, hash: segment.hash };
  }
  const rows = segments.reduce((sum, segment) => sum + segment.rowCount, 0);
  return { segments: segments.map(toView), rows };
}

async function archiveOne(
  ctx: Ctx,
  deps: AuditDeps,
  { from, toSeq }: { from: ChainPlace; toSeq: number },
): Promise<SegmentRow> {
  const { keeping } = deps;
  const place = archiveName(from.seq + 1, toSeq);
  const createdAt = ctx.now();
  const sha256 = await keeping.writeArchive(place, linesOf(ctx, from.seq, toSeq));
  const rowCount = toSeq - from.seq;
  const last = await readBack(deps, { place, from, toSeq });
  await storeCheckpoint(ctx, await loadSigner(ctx, deps), last);
  await writeOutside(ctx, deps);
  const segment: SegmentRow = {
    fromSeq: from.seq + 1,
    toSeq,
    hash: last.hash,
    place,
    sha256,
    rowCount,
    createdAt,
    verifiedAt: ctx.now(),
    prunedAt: null,
  };
  await write(ctx, async (tx, record) => {
    await insertSegment(tx, segment);
    record({
      action: 'audit.archived',
      category: 'audit',
      target: { kind: 'audit_segment', id: place },
      details: { fromSeq: segment.fromSeq, toSeq, rows: rowCount, sha256, place: keeping.place },
    });
  });
  return segment;
}

/** Reads an archive and gives its last row. Throws `conflict` when it does not hold exactly the rows it should. */
export async function readBack(
  { keeping }: Pick<AuditDeps, 'keeping'>,
  of: { place: string; from: ChainPlace; toSeq: number },
): Promise<ChainPlace> {
  const { place, from, toSeq } = of;
  const { fault, last } = await verifyLines(keeping.readArchive(place), { from });
  if (fault === null && last?.seq === toSeq) return last;
  const reason = fault?.reason ?? `It ends at row ${last?.seq ?? from.seq}.`;
  throw new DomainError(
    'conflict',
    `The archive ${place} does not hold the rows ${from.seq + 1} to ${toSeq}. ${reason}`,
  );
}

async function* linesOf(ctx: Pick<Ctx, 'db'>, afterSeq: number, lastSeq: number): AsyncGenerator<string> {
  for (let after = afterSeq; after < lastSeq;) {
    const rows: StoredAuditRow[] = await selectChain(ctx.db, { afterSeq: after, lastSeq, limit: PAGE });
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
    yield toLines(rows.map(toRow));
  }
}

function archiveName(fromSeq: number, toSeq: number): string {
  const digits = (seq: number) => String(seq).padStart(12, '0');
  return `audit-${digits(fromSeq)}-${digits(toSeq)}.jsonl.gz`;
}

/** Archived parts, the newest first. */
export async function listSegments(ctx: Ctx, input: AuditSegmentsInput): Promise<Page<AuditSegmentView>> {
  const found = await selectSegments(ctx.db, { beforeSeq: seqOf(input.cursor), limit: input.limit });
  const rows = found.slice(0, input.limit);
  const last = rows.at(-1);
  return { rows: rows.map(toView), nextCursor: found.length > input.limit && last ? String(last.fromSeq) : null };
}

function toView({ hash, createdAt, verifiedAt, prunedAt, ...rest }: SegmentRow): AuditSegmentView {
  return {
    ...rest,
    hash: Buffer.from(hash).toString('hex'),
    createdAt: createdAt.getTime(),
    verifiedAt: verifiedAt?.getTime() ?? null,
    prunedAt: prunedAt?.getTime() ?? null,
  };
}

/** Verifies an archive again before its rows go: it is the one that was stored, and every row fits. */
export async function assertArchived(
  deps: Pick<AuditDeps, 'keeping'>,
  segment: SegmentRow,
  from: ChainPlace,
): Promise<void> {
  const { place, sha256, toSeq, hash } = segment;
  const found = await deps.keeping.archiveSha256(place).catch((error: unknown) => {
    throw new DomainError('conflict', `The archive ${place} cannot be read; nothing is pruned.`, { cause: error });
  });
  if (found !== sha256) throw new DomainError('conflict', `The archive ${place} was changed; nothing is pruned.`);
  const last = await readBack(deps, { place, from, toSeq });
  if (!equalBytes(last.hash, hash))
    throw new DomainError('conflict', `The archive ${place} is another; nothing is pruned.`);
}
