import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { BYTE_ORDER_MARK, type Cell, csvLine } from './csv.ts';

/** Most rows one file holds: what a spreadsheet still opens. The newest are kept. */
export const MAX_FILE_ROWS = 100_000;
/** Rows read at once; no more are held in memory. */
export const FILE_PAGE_ROWS = 500;

/** A table on its way into a file. */
export interface TableFile {
  /** Name of the file without its ending. */
  name: string;
  type: 'csv' | 'jsonl';
  /** True when there are more rows than `MAX_FILE_ROWS`, and the oldest are left out. */
  isCut: boolean;
  /** Whole lines with their ends, as many in each text as were read at once. */
  text: AsyncIterable<string>;
}

/** A column of a table: its head, with the unit, and what stands in it. */
export type TableColumn<Row> = readonly [head: string, cell: (row: Row) => Cell];

/** Pages of rows as CSV under a line of heads. */
export async function* csvPages<Row>(
  columns: readonly TableColumn<Row>[],
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(columns.map(([head]) => head));
  for await (const rows of pages) {
    yield rows.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('');
  }
}

/**
 * Pages by keyset until there are no more or `MAX_FILE_ROWS` are read. `read` gives the page after a row, null for the
 * first, at most `limit` rows long.
 */
export async function* pagesOf<Row>(
  read: (after: Row | null, limit: number) => Promise<readonly Row[]>,
  maxRows = MAX_FILE_ROWS,
): AsyncGenerator<readonly Row[]> {
  let after: Row | null = null;
  for (let left = maxRows; left > 0;) {
    const limit = Math.min(FILE_PAGE_ROWS, left);
    const rows: readonly Row[] = await read(after, limit);
    if (rows.length > 0) yield rows;
    after = rows.at(-1) ?? null;
    if (after === null || rows.length < limit) return;
    left -= rows.length;
  }
}

const contentTypes = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const;

/**
 * Sends a table as a download, no faster than it is taken. A file that is cut says so in its name and in the header
 * `X-Row-Limit`. A fault before the first rows is thrown; a later one breaks the connection, so that no file looks whole.
 */
export async function sendTableFile(res: Response, file: TableFile): Promise<void> {
  const text = file.text[Symbol.asyncIterator]();
  const head = await text.next();
  const first = await text.next();
  const cut = file.isCut ? `-newest-${MAX_FILE_ROWS}` : '';
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Type', contentTypes[file.type]);
  res.setHeader('Content-Disposition', `attachment; filename="${file.name}${cut}.${file.type}"`);
  if (file.isCut) res.setHeader('X-Row-Limit', String(MAX_FILE_ROWS));
  const rest = async function* (): AsyncGenerator<string> {
    try {
      if (head.done !== true) yield head.value;
      if (first.done !== true) yield first.value;
      yield* { [Symbol.asyncIterator]: () => text };
    } finally {
      await text.return?.();
    }
  };
  try {
    await pipeline(Readable.from(rest(), { objectMode: true }), res);
  } catch (error) {
    // A reader who left early is no fault of the console.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}

/** Day of an instant for the name of a file, in UTC: `2026-10-03`. */
export function fileDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}
