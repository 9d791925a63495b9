/** Where a command reads and writes; the same command runs in its own process or inside the running console. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** Content of a file the caller named. */
  readFile(path: string): Promise<string>;
}

/** Prints rows as JSON or as an aligned table. */
export function printRows(io: CliIo, rows: readonly Record<string, unknown>[], json: boolean): void {
  if (json) {
    io.out(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const [first] = rows;
  if (first === undefined) {
    io.out('Nothing there.\n');
    return;
  }
  const columns = Object.keys(first);
  const cells = rows.map((row) => columns.map((c) => cell(row[c])));
  const widths = columns.map((c, i) => Math.max(c.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (values: readonly string[]) =>
    `${values
      .map((v, i) => v.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  io.out(line(columns));
  for (const row of cells) io.out(line(row));
}

/** Prints one result: its sentence, or itself as JSON. */
export function printResult(io: CliIo, result: { json: unknown; words: string }, json: boolean): void {
  io.out(json ? `${JSON.stringify(result.json, null, 2)}\n` : `${result.words}\n`);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value)
    ? value.join(' ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean);
}
