import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBytes, decodeText } from './decode.ts';
import { readRecords, type CsvRecord } from './records.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Uint8Array, size = 5): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readRecords(decodeText(pieces(bytes, size)))) records.push(record);
  return records;
}

const encoders: Record<string, (text: string) => Buffer> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with its mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-16 LE with its mark': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16 BE with its mark': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  'UTF-16 LE': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16 BE': (text) => Buffer.from(text, 'utf16le').swap16(),
};

it('reads any text in any encoding, with any separator, quoting and end of line, in pieces of any size', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 8 });
  const row = fc.tuple(cell, cell, cell);
  const how = fc.record({
    encoding: fc.constantFrom(...Object.keys(encoders)),
    separator: fc.constantFrom(',', ';', '\t'),
    end: fc.constantFrom('\n', '\r\n', '\r'),
    quoteAll: fc.boolean(),
    size: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 6 }),
      how,
      async (rows, { encoding, separator, end, quoteAll, size }) => {
        const field = (text: string) =>
          quoteAll || /["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const lines = [['email', 'name', 'role'], ...rows].map((fields) => fields.map(field).join(separator));
        const bytes = encoders[encoding]?.(lines.join(end)) ?? Buffer.alloc(0);
        const found = (await read(bytes, size)).slice(1).map((record) => record.fields);
        const plain = (text: string) => text.replaceAll(/\r\n?/g, '\n');
        const expected = rows
          .map((fields) => fields.map(plain))
          .filter((fields) => fields.some((text) => text.trim() !== ''));
        expect(found).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

it('names the line a record begins on, past empty lines and line ends inside quotes', async () => {
  const found = await read(Buffer.from('email,name\r\n\r\n"a\r\nb",1\r\n,\r\nc,2\r\n'));
  expect(found.map(({ line, fields }) => [line, fields[1]])).toEqual([
    [1, 'name'],
    [3, '1'],
    [6, '2'],
  ]);
});

it('reads a million rows no faster than they are taken', async () => {
  const rowsInAll = 1_000_000;
  const rowsInPiece = 1_000;
  let made = 0;
  async function* file(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('email,name\n');
    while (made < rowsInAll) {
      const rows = Array.from({ length: rowsInPiece }, (_, i) => `person${made + i}@example.com,Person ${made + i}\n`);
      made += rowsInPiece;
      yield Buffer.from(rows.join(''));
    }
  }
  let taken = -1;
  let furthest = 0;
  for await (const record of readRecords(decodeText(file()))) {
    taken += 1;
    furthest = Math.max(furthest, made - taken);
    if (taken > 0 && record.fields[1] !== `Person ${taken - 1}`) throw new Error(`row ${taken} is not in its place`);
  }
  expect(taken).toBe(rowsInAll);
  // A few pieces wait between the steps, whatever the size of the file.
  expect(furthest).toBeLessThan(10 * rowsInPiece);
}, 120_000);

it('refuses a name of 200,000 characters, naming its line, before it is all there', async () => {
  const file = Buffer.from(`email,name\na@example.com,A\nb@example.com,"${'x'.repeat(200_000)}"\n`);
  let sent = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(file, 1_000)) {
      sent += piece.length;
      yield piece;
    }
  }
  const drain = async () => {
    for await (const { fields } of readRecords(decodeText(counted()))) expect(fields).toHaveLength(2);
  };
  await expect(drain()).rejects.toThrow(/^Line 3: a row is longer than 16384 characters/);
  expect(sent).toBeLessThan(file.length / 2);
});

it('stops at the most bytes there may be', async () => {
  const { bytes, sha256 } = countBytes(pieces(Buffer.alloc(3_000_000, 'x'), 1_000_000), 2_000_000);
  const drain = async () => {
    for await (const piece of bytes) expect(piece.length).toBeGreaterThan(0);
  };
  await expect(drain()).rejects.toThrow('larger than 1 MB');
  expect(sha256()).toMatch(/^[0-9a-f]{64}$/);
});
