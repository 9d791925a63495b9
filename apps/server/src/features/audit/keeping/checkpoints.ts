import type { AuditCheckpointsInput, AuditCheckpointView, AuditKeeperView } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { MINUTE_MS } from '@qd/shared/time';
import { CHAIN } from '../../../platform/audit-chain.ts';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import {
  insertCheckpoint,
  selectCheckpoints,
  selectLastCheckpoint,
  selectUnwritten,
  updateWritten,
  type CheckpointRow,
} from '../queries/keeping.ts';
import { selectChainEnd } from '../queries/log.ts';
import { seqOf } from './cursor.ts';
import type { AuditDeps } from './deps.ts';
import type { NoteSigner } from './note.ts';
import { loadSigner, loadVerifier } from './signing-key.ts';
import { chainStart, walkChain, type ChainPlace } from './walk.ts';

/** A new row is signed for within this, or as soon as there are so many. */
const SIGN_WITHIN_MS = MINUTE_MS;
const SIGN_EVERY_ROWS = 1_000;
/** Checkpoints written outside in one go, after a time in which that was not possible. */
const WRITE_AT_ONCE = 1_000;

/**
 * Signs where the chain stands, when a minute or 1,000 rows have passed since the last time and there is something new, and
 * writes what is signed outside the database. The new rows are verified first: nothing is vouched for unseen. Throws
 * `conflict`, and signs nothing more, once a row does not fit.
 */
export async function signChain(ctx: Ctx, deps: AuditDeps): Promise<void> {
  const last = await selectLastCheckpoint(ctx.db);
  const { head } = await selectChainEnd(ctx.db, CHAIN);
  if (head !== null && isDue(last, head.seq, ctx.now())) {
    const start = await chainStart(ctx);
    const from = last !== null && last.seq >= start.seq ? last : start;
    const { fault } = await walkChain(ctx, from, head.seq);
    if (fault !== null)
      throw new DomainError('conflict', `The audit log is not intact; nothing is signed. ${fault.reason}`);
    await storeCheckpoint(ctx, await loadSigner(ctx, deps), head);
  }
  await writeOutside(ctx, deps);
}

function isDue(last: CheckpointRow | null, headSeq: number, now: Date): boolean {
  const fresh = headSeq - (last?.seq ?? 0);
  if (fresh <= 0) return false;
  return fresh >= SIGN_EVERY_ROWS || last === null || now.getTime() - last.createdAt.getTime() >= SIGN_WITHIN_MS;
}

/** Signs for one row. The caller has verified it. */
export async function storeCheckpoint(ctx: Ctx, signer: NoteSigner, { seq, hash }: ChainPlace): Promise<void> {
  const row = { seq, hash, note: signer.sign({ seq, hash }), keyId: signer.verifier.keyId, createdAt: ctx.now() };
  await ingest(ctx, (tx) => insertCheckpoint(tx, row));
}

/** Writes outside what is not there yet; what fails is tried again with the next checkpoint. */
export async function writeOutside(ctx: Ctx, { keeping }: Pick<AuditDeps, 'keeping'>): Promise<void> {
  for (const { seq, note } of await selectUnwritten(ctx.db, WRITE_AT_ONCE)) {
    const at = ctx.now();
    await keeping.appendNote(note, at);
    await ingest(ctx, (tx) => updateWritten(tx, seq, at));
  }
}

/** One page of checkpoints, the newest first, and what is needed to verify elsewhere. */
export async function listCheckpoints(
  ctx: Ctx,
  { keeping }: Pick<AuditDeps, 'keeping'>,
  input: AuditCheckpointsInput,
): Promise<Page<AuditCheckpointView> & AuditKeeperView> {
  const found = await selectCheckpoints(ctx.db, { beforeSeq: seqOf(input.cursor), limit: input.limit });
  const rows = found.slice(0, input.limit).map(({ seq, hash, keyId, createdAt, writtenAt }) => ({
    seq,
    hash: Buffer.from(hash).toString('hex'),
    keyId,
    createdAt: createdAt.getTime(),
    writtenAt: writtenAt?.getTime() ?? null,
  }));
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: found.length > input.limit && last ? String(last.seq) : null,
    publicKey: (await loadVerifier(ctx))?.text ?? null,
    place: keeping.place,
  };
}
