import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { AuditVerdict } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import { createFileKeeping } from '../adapters/audit-keeping/file.ts';
import { verifyLines, type LinesVerdict } from '../features/audit/keeping/lines.ts';
import { isSignedBy, readNotes, readVerifier, type Verifier } from '../features/audit/keeping/note.ts';
import { equalBytes, type ChainPlace } from '../features/audit/keeping/walk.ts';

/** What a file of the log is verified with. */
export interface FileProof {
  /** Verifier key, as `qd audit key` prints it. */
  key?: string;
  /** Folder of signed checkpoints. */
  checkpoints?: string;
  /** The file may hold some rows only. */
  partial?: boolean;
}

/**
 * Verifies an exported or archived log by itself, without a console: every row and, with checkpoints, that the rows are the
 * ones that were signed and that none is missing at the end. Throws `invalid` for what cannot be read.
 */
export async function verifyAuditFile(path: string, proof: FileProof): Promise<AuditVerdict> {
  const signed = await signedHashes(proof);
  if (typeof signed === 'string') return { ok: false, rows: 0, brokenSeq: 1, reason: signed };
  let compared = 0;
  const onRow = ({ seq, hash }: ChainPlace): string | null => {
    const expected = signed.get(seq);
    if (expected === undefined) return null;
    compared += 1;
    return equalBytes(expected, hash) ? null : `Row ${seq} is not the one that was signed: the log was rewritten.`;
  };
  const found = await readable(path, () => verifyLines(linesOf(path), { mayHaveGaps: proof.partial ?? false, onRow }));
  return verdictOf(found, { compared, lastSigned: lastOf(signed), isPartial: proof.partial ?? false });
}

function verdictOf(
  { rows, firstSeq, last, gaps, fault }: LinesVerdict,
  of: { compared: number; lastSigned: number; isPartial: boolean },
): AuditVerdict {
  const end = last?.seq ?? 0;
  if (fault !== null) return { ok: false, rows, brokenSeq: fault.seq, reason: fault.reason };
  if (of.lastSigned > end && !of.isPartial) {
    const reason = `The file ends at row ${end}, but a signed checkpoint names row ${of.lastSigned}: rows were cut off, or it was made before; --partial allows that.`;
    return { ok: false, rows, brokenSeq: end + 1, reason };
  }
  const between = gaps === 0 ? '' : `, with ${gaps} gaps in between`;
  const signed = of.compared === 0 ? 'no checkpoint was compared' : `${of.compared} signed checkpoints agree`;
  const range = rows === 0 ? 'The file holds no row' : `Rows ${firstSeq} to ${end} fit their hashes${between}`;
  return { ok: true, rows, checkpoints: of.compared, brokenSeq: null, reason: `${range}; ${signed}.` };
}

/** Hashes that were signed, by row; or what is wrong with a checkpoint. */
async function signedHashes({ key, checkpoints }: FileProof): Promise<Map<number, Uint8Array> | string> {
  const hashes = new Map<number, Uint8Array>();
  if (checkpoints === undefined) return hashes;
  const verifier = verifierOf(key);
  for await (const text of createFileKeeping(checkpoints).notes()) {
    for (const note of readNotes(text)) {
      if (!isSignedBy(note, verifier)) return `The checkpoint of row ${note.seq} was not signed with this key.`;
      hashes.set(note.seq, note.hash);
    }
  }
  if (hashes.size === 0)
    throw unfit('checkpoints', `${checkpoints} holds no checkpoint; name the folder of checkpoints-….txt.`);
  return hashes;
}

function verifierOf(key: string | undefined): Verifier {
  const verifier = key === undefined ? null : readVerifier(key);
  if (verifier !== null) return verifier;
  throw unfit('key', 'give the verifier key, quarterdeck-audit+…, from the audit page or the file key.pub');
}

function lastOf(hashes: ReadonlyMap<number, unknown>): number {
  let last = 0;
  for (const seq of hashes.keys()) last = Math.max(last, seq);
  return last;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  yield* createInterface({ input: path.endsWith('.gz') ? file.compose(createGunzip()) : file, crlfDelay: Infinity });
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new DomainError('invalid', `${path} cannot be read: ${error.message}.`, { cause: error });
  }
}

function unfit(field: string, message: string): DomainError {
  return new DomainError('invalid', 'This does not fit:', { fields: [{ field, message }] });
}
