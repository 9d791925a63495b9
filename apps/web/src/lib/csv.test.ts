import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvInstant, csvText, type CsvColumn } from './csv.ts';

const columns: CsvColumn<{ name: string; left: number | null }>[] = [
  { head: 'SLO', value: (row) => row.name },
  { head: 'Budget left (%)', value: (row) => row.left },
];
const body = (name: string, left: number | null = 1) =>
  csvText(columns, [{ name, left }]).split('\r\n').slice(1).join('|');

/** Reads CSV back as RFC 4180 says; written apart from the code it judges. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? '';
    if (quoted && sign === '"' && text[i + 1] === '"') {
      value += '"';
      i += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ',') {
      row.push(value);
      value = '';
    } else if (!quoted && sign === '\r' && text[i + 1] === '\n') {
      rows.push([...row, value]);
      row = [];
      value = '';
      i += 1;
    } else value += sign;
  }
  return rows;
}

describe('csvText', () => {
  it('begins with a byte order mark and a head with units, and ends every line with CRLF', () => {
    expect(csvText(columns, [{ name: 'Availability', left: 97.125 }])).toBe(
      '\uFEFFSLO,Budget left (%)\r\nAvailability,97.125\r\n',
    );
    expect(csvText(columns, [])).toBe('\uFEFFSLO,Budget left (%)\r\n');
  });

  it.each([
    ['a,b', '"a,b",1|'],
    ['say "hi"', '"say ""hi""",1|'],
    ['two\nlines', '"two\nlines",1|'],
    ['=1+1', "'=1+1,1|"],
    ['+49 30', "'+49 30,1|"],
    ['-cmd', "'-cmd,1|"],
    ['@SUM(A1)', "'@SUM(A1),1|"],
    ['\tx', "'\tx,1|"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")",1|`],
    ['Latency – P95', 'Latency – P95,1|'],
  ])('writes %j as %j', (name, line) => {
    expect(body(name)).toBe(line);
  });

  it('keeps numbers numbers, negative ones too, and leaves what is unknown empty', () => {
    expect(body('a', -12.5)).toBe('a,-12.5|');
    expect(body('a', null)).toBe('a,|');
    expect(body('a', Number.NaN)).toBe('a,|');
  });

  it('is read back to the same cells whatever they hold, and none begins a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }).filter((name) => !name.startsWith("'"))), (names) => {
        const text = csvText(
          columns,
          names.map((name) => ({ name, left: 0 })),
        );
        const cells = parse(text.slice(1)).slice(1);
        expect(cells.map(([name]) => name?.replace(/^'(?=[=+\-@\t\r\n])/, ''))).toEqual(names);
        expect(cells.every(([name]) => !/^[=+\-@\t\r\n]/.test(name ?? ''))).toBe(true);
      }),
    );
  });
});

it('writes instants in UTC to the second', () => {
  expect(csvInstant(Date.UTC(2026, 9, 3, 14, 47, 30, 250))).toBe('2026-10-03T14:47:30Z');
  expect(csvInstant(null)).toBeNull();
});
