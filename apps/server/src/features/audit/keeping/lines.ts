import { auditActorKinds, auditLevels, auditStatuses, type AuditFacts, type AuditRow } from '@qd/shared/audit';
import { z } from 'zod';
import { genesisHash, rowHash } from '../../../platform/audit-chain.ts';
import { equalBytes, type ChainFault, type ChainPlace } from './walk.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().nullable();
const json = z.record(z.string(), z.json());

/** A line of an exported or archived log. */
const lineSchema = z.strictObject({
  seq: z.number().int().min(1),
  event_id: z.string(),
  timestamp: z.string(),
  level: z.enum(auditLevels),
  category: z.string(),
  action: z.string(),
  status: z.enum(auditStatuses),
  actor_kind: z.enum(auditActorKinds),
  user_id: text,
  user_email: text,
  user_role: text,
  ip_address: text,
  request_id: z.string(),
  platform: text,
  target: z.strictObject({ kind: z.string(), id: z.string() }).nullable(),
  details: json,
  before: json.nullable(),
  after: json.nullable(),
  impersonator_id: z.string().optional(),
  prev_hash: hash,
  hash,
});

/** What a file of lines was found to hold. */
export interface LinesVerdict {
  rows: number;
  /** First row, 0 for an empty file. */
  firstSeq: number;
  /** Last row, and its hash; null for an empty file. */
  last: ChainPlace | null;
  /** Places where rows are missing in between. */
  gaps: number;
  fault: ChainFault | null;
}

/** How strictly lines are verified. */
export interface LinesOptions {
  /** The place the first row must follow; without it only row 1 must begin the chain. */
  from?: ChainPlace;
  /** Rows may be missing in between, as in the export of a search. */
  mayHaveGaps?: boolean;
  /** Sees each row that fits, and may say what else is wrong with it. */
  onRow?: (at: ChainPlace) => string | null;
}

/** Verifies lines of a log by themselves: every row fits its hash and, where it follows directly, its predecessor. */
export async function verifyLines(lines: AsyncIterable<string>, options: LinesOptions = {}): Promise<LinesVerdict> {
  const found: LinesVerdict = { rows: 0, firstSeq: 0, last: null, gaps: 0, fault: null };
  let before = options.from ?? null;
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const read = readLine(line);
    if (read === null) {
      const reason = `Line ${found.rows + 1} is not a row of the log.`;
      return { ...found, fault: { seq: (before?.seq ?? 0) + 1, reason } };
    }
    const at = { seq: read.facts.seq, hash: read.hash };
    const reason = rowFault(read, before, options) ?? options.onRow?.(at) ?? null;
    if (reason !== null) return { ...found, fault: { seq: at.seq, reason } };
    note(found, at, before);
    before = at;
  }
  return found;
}

function note(found: LinesVerdict, at: ChainPlace, before: ChainPlace | null): void {
  if (before !== null && at.seq !== before.seq + 1) found.gaps += 1;
  if (found.rows === 0) found.firstSeq = at.seq;
  found.rows += 1;
  found.last = at;
}

interface ReadLine {
  facts: AuditFacts;
  prevHash: Uint8Array;
  hash: Uint8Array;
}

function rowFault(row: ReadLine, before: ChainPlace | null, { mayHaveGaps = false }: LinesOptions): string | null {
  const { seq } = row.facts;
  const fault = before === null ? firstFault(row) : placeFault(row, before, mayHaveGaps);
  if (fault !== null) return fault;
  return equalBytes(row.hash, rowHash(row.prevHash, row.facts)) ? null : `Row ${seq} was changed after it was written.`;
}

function firstFault({ facts: { seq }, prevHash }: ReadLine): string | null {
  return seq > 1 || equalBytes(prevHash, genesisHash) ? null : 'Row 1 does not begin the chain.';
}

function placeFault({ facts: { seq }, prevHash }: ReadLine, before: ChainPlace, mayHaveGaps: boolean): string | null {
  if (seq <= before.seq) return `Row ${seq} stands behind row ${before.seq}.`;
  if (seq > before.seq + 1) return mayHaveGaps ? null : `Row ${before.seq + 1} is missing.`;
  return equalBytes(prevHash, before.hash) ? null : `Row ${seq} does not follow from the row before it.`;
}

function readLine(line: string): ReadLine | null {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) return null;
  const { prev_hash: prevHash, hash: own, impersonator_id: impersonator, ...facts } = parsed.data;
  return {
    facts: { ...facts, ...(impersonator === undefined ? {} : { impersonator_id: impersonator }) },
    prevHash: Buffer.from(prevHash, 'hex'),
    hash: Buffer.from(own, 'hex'),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // What is no JSON is no row either; the caller says so.
    return null;
  }
}

/** Rows as lines, in the form `verifyLines` reads. */
export function toLines(rows: readonly AuditRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
