import type { Ctx } from '../../../platform/context.ts';
import { selectCheckpoints } from '../queries/keeping.ts';
import type { AuditDeps } from './deps.ts';
import { isSignedBy, readNotes, readVerifier, type Checkpoint } from './note.ts';
import { loadVerifier } from './signing-key.ts';
import { equalBytes, type ChainFault } from './walk.ts';

const PAGE = 1_000;

/** What the chain is compared with: hashes of rows that were signed, or why nothing can be compared. */
export interface Witnesses {
  hashes: ReadonlyMap<number, Uint8Array>;
  /** The newest row that was ever signed. */
  lastSeq: number;
  fault: ChainFault | null;
}

/**
 * Every checkpoint there is, outside the database and in it, after its signature was checked. A checkpoint nobody here
 * signed, a key that was exchanged, or two checkpoints that name different hashes for one row are faults.
 */
export async function loadWitnesses(ctx: Pick<Ctx, 'db'>, { keeping }: Pick<AuditDeps, 'keeping'>): Promise<Witnesses> {
  const hashes = new Map<number, Uint8Array>();
  const verifier = await loadVerifier(ctx);
  if (verifier === null) return { hashes, lastSeq: 0, fault: await strayNotes(keeping) };
  const pinned = readVerifier(await keeping.pinKey(verifier.text));
  let fault: ChainFault | null = null;
  if (pinned?.text !== verifier.text) {
    fault = { seq: 1, reason: 'The key in the database is not the one kept outside: checkpoints cannot be trusted.' };
  }
  const add = (checkpoint: Checkpoint & { isSigned: boolean; where: string }): void => {
    const { seq, hash, isSigned, where } = checkpoint;
    const known = hashes.get(seq);
    if (!isSigned) fault ??= { seq, reason: `The checkpoint of row ${seq} ${where} is not signed by this console.` };
    else if (known !== undefined && !equalBytes(known, hash)) {
      fault ??= { seq, reason: `Two checkpoints name different hashes for row ${seq}: the log was rewritten.` };
    } else hashes.set(seq, hash);
  };
  for await (const text of keeping.notes()) {
    for (const note of readNotes(text)) add({ ...note, isSigned: isSignedBy(note, verifier), where: 'outside' });
  }
  for await (const row of storedCheckpoints(ctx)) {
    const [note] = readNotes(row.note);
    const isSigned =
      note !== undefined && note.seq === row.seq && equalBytes(note.hash, row.hash) && isSignedBy(note, verifier);
    add({ seq: row.seq, hash: row.hash, isSigned, where: 'in the database' });
  }
  return { hashes, lastSeq: lastOf(hashes), fault };
}

function lastOf(hashes: ReadonlyMap<number, Uint8Array>): number {
  let last = 0;
  for (const seq of hashes.keys()) last = Math.max(last, seq);
  return last;
}

async function* storedCheckpoints(ctx: Pick<Ctx, 'db'>) {
  for (let beforeSeq: number | null = null; ;) {
    const rows = await selectCheckpoints(ctx.db, { beforeSeq, limit: PAGE });
    yield* rows.slice(0, PAGE);
    beforeSeq = rows[PAGE - 1]?.seq ?? null;
    if (rows.length <= PAGE || beforeSeq === null) return;
  }
}

/** Checkpoints outside while the database knows no key: it was emptied or exchanged. */
async function strayNotes(keeping: AuditDeps['keeping']): Promise<ChainFault | null> {
  for await (const text of keeping.notes()) {
    for (const { seq } of readNotes(text)) {
      return {
        seq: 1,
        reason: `A checkpoint outside names row ${seq}, but this database has signed none: it is another.`,
      };
    }
  }
  return null;
}
