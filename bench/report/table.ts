import type { Report, Row } from './rows.ts';

const columns: readonly { key: keyof Row; title: string }[] = [
  { key: 'what', title: 'what' },
  { key: 'ours', title: 'ours' },
  { key: 'peer', title: 'peer' },
  { key: 'ratio', title: 'ratio' },
  { key: 'target', title: 'target' },
  { key: 'verdict', title: '' },
];

/** The table of one bench as text, columns aligned. */
export function tableOf(report: Report): string {
  const cells = [columns.map((c) => c.title), ...report.rows.map((row) => columns.map((c) => row[c.key]))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [
    `== ${report.bench}: ${report.title}`,
    ...report.measured.map((sentence) => `   ${sentence}`),
    lines[0],
    rule,
    ...lines.slice(1),
  ].join('\n');
}

/** How many targets were met and missed over all benches. */
export function tally(reports: readonly Report[]): { met: number; missed: number } {
  const verdicts = reports.flatMap((report) => report.rows.map((row) => row.verdict));
  return {
    met: verdicts.filter((verdict) => verdict === 'met').length,
    missed: verdicts.filter((verdict) => verdict === 'MISSED').length,
  };
}
