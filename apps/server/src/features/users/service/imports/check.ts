import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS } from '@qd/shared/time';
import {
  duplicateFinder,
  emailKey,
  judgeImportRow,
  MAX_IMPORT_ROWS,
  readHeader,
  readImportRow,
  shown,
  type ImportHeader,
  type ImportView,
  type ImportVerdict,
  type ReadImportRow,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest, write } from '../../../../platform/write.ts';
import {
  deleteRows,
  insertImport,
  insertRows,
  lockUploads,
  selectRunning,
  updateImport,
} from '../../queries/imports/imports.ts';
import { selectPeopleOf } from '../../queries/imports/people.ts';
import { countBytes, decodeText, fileFault } from './decode.ts';
import { BATCH_ROWS, createImportIds, newImportId, progressTeller, type ImportIds, type ImportsDeps } from './deps.ts';
import { readRecords, type CsvRecord } from './records.ts';
import { createRights } from './rights.ts';
import { viewImport } from './views.ts';
import { loadWorld } from './world.ts';

/** An upload that runs longer than this was left behind by a process that died. */
export const ABANDONED_AFTER_MS = 30 * MINUTE_MS;

/** A file on its way in. */
export interface Upload {
  fileName: string;
  bytes: AsyncIterable<Uint8Array>;
  /** Most rows; for tests. */
  maxRows?: number;
}

/**
 * Reads a file of people row by row, says what each row would do, and changes nobody. Throws `invalid` when the file cannot
 * be read as a whole, and `conflict` while another upload of the same person runs. What was read of a failed file is forgotten;
 * that it failed, and why, is kept.
 */
export async function checkImport(ctx: Ctx, deps: ImportsDeps, upload: Upload): Promise<ImportView> {
  const fileName = shown(upload.fileName.trim()) || 'users.csv';
  const id = newImportId('imp');
  await begin(ctx, { id, fileName });
  const { bytes, sha256 } = countBytes(upload.bytes);
  try {
    const counts = await readAll(ctx, { id, bytes, maxRows: upload.maxRows ?? MAX_IMPORT_ROWS });
    await write(ctx, async (tx, record) => {
      await updateImport(tx, id, { state: 'checked', sha256: sha256(), ...counts });
      record({
        action: 'users.import_checked',
        category: 'access',
        target: { kind: 'import', id },
        details: { fileName, sha256: sha256(), ...counts },
      });
    });
  } catch (error) {
    await fail(ctx, { id, fileName, sha256: sha256() }, error);
    throw error;
  } finally {
    ctx.hub.publish('users');
  }
  return viewImport(ctx, deps, id);
}

async function begin(ctx: Ctx, { id, fileName }: { id: string; fileName: string }): Promise<void> {
  const now = ctx.now();
  await write(ctx, async (tx, record) => {
    await lockUploads(tx, ctx.actor.id ?? ctx.actor.kind);
    const running = await selectRunning(tx, ctx.actor.id, new Date(now.getTime() - ABANDONED_AFTER_MS));
    if (running !== null) {
      throw new DomainError('conflict', 'Another file of yours is still being read; wait until it is done.');
    }
    await insertImport(tx, { id, fileName, sha256: '', state: 'reading', createdBy: ctx.actor.id, createdAt: now });
    record({ action: 'users.import_begun', category: 'access', target: { kind: 'import', id }, details: { fileName } });
  });
  ctx.hub.publish('users');
}

async function fail(ctx: Ctx, of: { id: string; fileName: string; sha256: string }, error: unknown): Promise<void> {
  const fault = error instanceof DomainError ? error.message : 'The upload broke off; send the file again.';
  try {
    await write(ctx, async (tx, record) => {
      await deleteRows(tx, of.id);
      await updateImport(tx, of.id, { state: 'failed', fault, sha256: of.sha256 });
      record({
        action: 'users.import_checked',
        category: 'access',
        status: 'failure',
        target: { kind: 'import', id: of.id },
        details: { fileName: of.fileName, fault },
      });
    });
  } catch (cause) {
    ctx.log.warn({ err: cause, importId: of.id }, 'a failed import could not be closed');
  }
}

type Counts = Record<'rowCount' | 'createCount' | 'updateCount' | 'sameCount' | 'errorCount' | 'doneCount', number>;

async function readAll(
  ctx: Ctx,
  { id, bytes, maxRows }: { id: string; bytes: AsyncIterable<Uint8Array>; maxRows: number },
): Promise<Counts> {
  const tell = progressTeller(ctx);
  const isDuplicate = duplicateFinder();
  const newId = createImportIds();
  const counts = noCounts();
  let header: ImportHeader | null = null;
  let batch: CsvRecord[] = [];
  const flush = async (): Promise<void> => {
    const [records, columns] = [batch, header];
    batch = [];
    if (records.length === 0 || columns === null) return;
    await ingest(ctx, (tx) => checkBatch(tx, ctx, { id, records, header: columns, isDuplicate, newId, counts }));
    await tell(counts.rowCount);
  };
  for await (const record of readRecords(decodeText(bytes))) {
    if (header === null) {
      header = headerOf(record);
      continue;
    }
    batch.push(record);
    if (counts.rowCount + batch.length > maxRows) {
      throw fileFault(`The file has more than ${maxRows.toLocaleString('en-US')} rows; split it.`);
    }
    if (batch.length >= BATCH_ROWS) await flush();
  }
  await flush();
  if (header === null) throw fileFault('The file is empty; the first line names the columns.');
  return counts;
}

function headerOf({ fields }: CsvRecord): ImportHeader {
  const read = readHeader(fields);
  if ('header' in read) return read.header;
  const words = read.faults.map((fault) => fault.message).join('; ');
  throw new DomainError('invalid', `The first line does not fit: ${words}.`, { fields: read.faults });
}

async function checkBatch(
  tx: Tx,
  ctx: Ctx,
  of: {
    id: string;
    records: readonly CsvRecord[];
    header: ImportHeader;
    isDuplicate: ReturnType<typeof duplicateFinder>;
    newId: ImportIds;
    counts: Counts;
  },
): Promise<void> {
  const world = await loadWorld(tx);
  const rows = of.records.map(({ line, fields }) => {
    const row = readImportRow(line, fields, of.header, world);
    const duplicate = of.isDuplicate(row);
    return duplicate === null ? row : { ...row, faults: [...row.faults, duplicate] };
  });
  const judged = await judgeAll(tx, ctx, rows, of.newId);
  await insertRows(tx, of.id, judged);
  for (const { verdict } of judged) of.counts[countOf[verdict]] += 1;
  of.counts.rowCount += judged.length;
  of.counts.doneCount = of.counts.rowCount;
  await updateImport(tx, of.id, of.counts);
}

async function judgeAll(tx: Tx, ctx: Ctx, rows: readonly ReadImportRow[], newId: ImportIds) {
  const right = rows.filter((row) => row.faults.length === 0);
  const people = await selectPeopleOf(
    tx,
    right.map((row) => emailKey(row.email)),
    { now: ctx.now(), lock: false },
  );
  const byKey = new Map(people.map((person) => [person.emailKey, person]));
  const memo = createRights(tx, ctx);
  await memo.prepare(right, people);
  return rows.map((row) => {
    const person = byKey.get(emailKey(row.email)) ?? null;
    const { verdict, faults } = judgeImportRow(row, person, memo.rights);
    return { ...row, verdict, faults, userId: verdict === 'create' ? newId('usr') : (person?.id ?? null) };
  });
}

const countOf = {
  create: 'createCount',
  update: 'updateCount',
  same: 'sameCount',
  error: 'errorCount',
} as const satisfies Record<ImportVerdict, keyof Counts>;

function noCounts(): Counts {
  return { rowCount: 0, createCount: 0, updateCount: 0, sameCount: 0, errorCount: 0, doneCount: 0 };
}
