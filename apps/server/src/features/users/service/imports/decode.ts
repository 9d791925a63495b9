import { createHash } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { MAX_IMPORT_BYTES } from '@qd/shared/users';

const MEBIBYTE = 1_024 * 1_024;

/** A fault of an uploaded file as a whole. */
export function fileFault(message: string, cause?: unknown): DomainError {
  return new DomainError('invalid', message, { fields: [{ field: 'file', message }], cause });
}

/** Bytes on their way through; `sha256` is of all that passed. */
export interface CountedBytes {
  bytes: AsyncIterable<Uint8Array>;
  sha256(): string;
}

/** Lets bytes pass, hashed, up to the largest file there may be. */
export function countBytes(source: AsyncIterable<Uint8Array>, maxBytes = MAX_IMPORT_BYTES): CountedBytes {
  const hash = createHash('sha256');
  async function* counted(): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxBytes) {
        throw fileFault(`The file is larger than ${Math.floor(maxBytes / MEBIBYTE)} MB; split it.`);
      }
      hash.update(chunk);
      yield chunk;
    }
  }
  return { bytes: counted(), sha256: () => hash.copy().digest('hex') };
}

/**
 * Bytes as text with `\n` at the end of each line. UTF-8 and UTF-16 are told apart by their mark, or by where the zero
 * bytes of plain letters stand. Throws `invalid` for what is neither.
 */
export async function* decodeText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const bytes = source[Symbol.asyncIterator]();
  const start = await firstBytes(bytes);
  const encoding = encodingOf(start);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw fileFault(`The file is not text in ${encoding.toUpperCase()}; save it as CSV in UTF-8.`, error);
    }
  };
  let rest = '';
  for (let chunk: Uint8Array | undefined = start; chunk !== undefined; chunk = await next(bytes)) {
    const text = rest + decode(chunk);
    // Half of a line's end waits for the other half.
    rest = text.endsWith('\r') ? '\r' : '';
    yield plainLines(rest === '' ? text : text.slice(0, -1));
  }
  yield plainLines(rest + decode());
}

function plainLines(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

async function next(bytes: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const step = await bytes.next();
  return step.done === true ? undefined : step.value;
}

/** At least the four bytes an encoding shows in, unless there are fewer. */
async function firstBytes(bytes: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start = Buffer.alloc(0);
  while (start.length < 4) {
    const chunk = await next(bytes);
    if (chunk === undefined) break;
    start = Buffer.concat([start, chunk]);
  }
  return start;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** How a file may begin: its mark, or what stands in the mark's place. */
const beginnings: readonly (readonly [RegExp, Encoding | 'zip'])[] = [
  [/^504b0304/, 'zip'],
  [/^fffe/, 'utf-16le'],
  [/^feff/, 'utf-16be'],
  [/^(?!00)..00/, 'utf-16le'],
  [/^00(?!00)/, 'utf-16be'],
];

function encodingOf(start: Uint8Array): Encoding {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex');
  const found = beginnings.find(([beginning]) => beginning.test(hex))?.[1] ?? 'utf-8';
  if (found !== 'zip') return found;
  throw fileFault('This is a spreadsheet or an archive, not text; save it as CSV in UTF-8.');
}
