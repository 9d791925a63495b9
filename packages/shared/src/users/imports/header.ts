import type { FieldError } from '../../errors/index.ts';

/** Columns of a file of people, by the names they are written under. */
export const importColumns = ['email', 'name', 'role', 'platform', 'platform_role'] as const;
export type ImportColumn = (typeof importColumns)[number];

const aliases: readonly (readonly [ImportColumn, readonly string[]])[] = [
  ['email', ['email', 'e_mail', 'mail', 'email_address', 'e_mail_address', 'user_email']],
  ['name', ['name', 'full_name', 'display_name', 'user_name']],
  ['role', ['role', 'console_role', 'user_role']],
  ['platform', ['platform', 'scope', 'customer']],
  ['platform_role', ['platform_role', 'account_role', 'role_on_platform']],
];
const columnOf = new Map(aliases.flatMap(([column, names]) => names.map((name) => [name, column] as const)));

/** Where each column stands in a row, from 0. */
export type ImportHeader = ReadonlyMap<ImportColumn, number>;

/** Longest part of a foreign text that is repeated in a message. */
const SHOWN = 40;

/** Reads the first line of a file; any order, with the usual other names. Every fault is named. */
export function readHeader(cells: readonly string[]): { header: ImportHeader } | { faults: FieldError[] } {
  const header = new Map<ImportColumn, number>();
  const faults: FieldError[] = [];
  for (const [index, cell] of cells.entries()) {
    const column = columnOf.get(plain(cell));
    if (column === undefined) {
      faults.push({
        field: `header[${index}]`,
        message: `"${shown(cell)}" is not a column; use ${importColumns.join(', ')}`,
      });
    } else if (header.has(column)) {
      faults.push({ field: `header[${index}]`, message: `"${shown(cell)}" stands there twice; keep one of them` });
    } else header.set(column, index);
  }
  for (const needed of ['email', 'name'] as const) {
    if (!header.has(needed)) {
      faults.push({ field: 'header', message: `the column ${needed} is missing; the first line names the columns` });
    }
  }
  return faults.length > 0 ? { faults: faults.slice(0, 20) } : { header };
}

/** Foreign text as it may stand in a message: bounded, nothing hidden. */
export function shown(text: string): string {
  const clean = text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return clean.length <= SHOWN ? clean : `${clean.slice(0, SHOWN).toWellFormed()}…`;
}

function plain(cell: string): string {
  return cell
    .slice(0, SHOWN)
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '_');
}

/** What stands between the fields of the first line: the one of comma, semicolon and tab that is there most often. */
export function delimiterOf(firstLine: string): ',' | ';' | '\t' {
  const unquoted = firstLine.replaceAll(/"[^"]*"/g, '');
  const count = (mark: string) => unquoted.split(mark).length;
  const marks = [',', ';', '\t'] as const;
  return marks.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
