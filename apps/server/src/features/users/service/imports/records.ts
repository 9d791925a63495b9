import { Readable } from 'node:stream';
import { delimiterOf, MAX_FIELD_LENGTH } from '@qd/shared/users';
import { CsvError, parse } from 'csv-parse';
import { fileFault } from './decode.ts';

/** One line of a file that may hold more than one line of text. */
export interface CsvRecord {
  /** Line of the file it begins on, from 1. */
  line: number;
  fields: string[];
}

/** Longest record: more fields than there are columns, each as long as may be, in bytes. */
const MAX_RECORD_BYTES = 16 * MAX_FIELD_LENGTH;
/** How far the end of the first line is looked for. */
const MAX_HEADER_LENGTH = 64 * 1_024;

/**
 * Records of CSV text (RFC 4180) between whichever of comma, semicolon and tab the first line uses. Text is read no faster
 * than records are taken. Throws `invalid`, naming the line, for quotes that do not fit and records that do not end.
 */
export async function* readRecords(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const chunks = text[Symbol.asyncIterator]();
  const start = await throughFirstLine(chunks);
  const parser = Readable.from(rejoin(start, chunks), { objectMode: true, highWaterMark: 1 }).compose(
    parse({
      delimiter: delimiterOf(start.split('\n', 1)[0] ?? ''),
      record_delimiter: '\n',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: MAX_RECORD_BYTES,
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { line: info.lines - breaksIn(record), fields: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? csvFault(error) : error;
  }
}

async function throughFirstLine(chunks: AsyncIterator<string>): Promise<string> {
  let start = '';
  while (!start.includes('\n') && start.length < MAX_HEADER_LENGTH) {
    const step = await chunks.next();
    if (step.done === true) break;
    start += step.value;
  }
  return start;
}

async function* rejoin(start: string, chunks: AsyncIterator<string>): AsyncGenerator<string> {
  if (start !== '') yield start;
  yield* { [Symbol.asyncIterator]: () => chunks };
}

function breaksIn(fields: readonly string[]): number {
  return fields.reduce((sum, field) => (field.includes('\n') ? sum + field.split('\n').length - 1 : sum), 0);
}

function csvFault(error: CsvError) {
  const at = 'lines' in error && typeof error['lines'] === 'number' ? `Line ${error['lines']}: ` : '';
  const words: Partial<Record<string, string>> = {
    CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed; close it, or double it if it belongs to the text.',
    INVALID_OPENING_QUOTE:
      'a quote stands inside a field; put the whole field in quotes and double those that belong to the text.',
    CSV_INVALID_CLOSING_QUOTE:
      'text follows a closing quote; double the quotes that belong to the text, or put a separator behind it.',
    CSV_MAX_RECORD_SIZE: `a row is longer than ${MAX_RECORD_BYTES} characters; a quote may be open, or the file is not CSV.`,
  };
  return fileFault(`${at}${words[error.code] ?? 'this is not CSV.'}`, error);
}
