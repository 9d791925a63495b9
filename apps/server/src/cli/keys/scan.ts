import { crc32 } from 'node:zlib';
import { leakFacts, type LeakReportView } from '@qd/shared/api-keys/ending';
import { scanForKeys } from '@qd/shared/api-keys/scan';
import { DomainError } from '@qd/shared/errors';
import { MAX_PAGE_SIZE } from '@qd/shared/paging';
import type { Command } from 'commander';
import { findKeys } from '../../features/api-keys/service/leaks/find.ts';
import { leakHits } from '../../features/api-keys/service/leaks/list.ts';
import { reportLeak } from '../../features/api-keys/service/leaks/report.ts';
import { checked } from '../input.ts';
import { printResult } from '../io.ts';
import type { CliConsole, CliTools } from '../tools.ts';

interface Given {
  offline?: boolean;
  report?: boolean;
  place?: string;
  leakedAt?: string;
  json?: boolean;
}

/** One key that was found. */
interface Hit {
  file: string;
  line: number | null;
  form: string;
  /** What is known of it; offline its format alone. */
  key: string;
}

/** `qd keys scan <file…|->` */
export function addScan(keys: Command, { io, open }: CliTools): void {
  keys
    .command('scan <files...>')
    .description('Search files, or the standard input (-), for keys of this console; exit 1 when one is found')
    .option('--offline', 'by their form alone, without a console: short keys and keys made elsewhere may be missed')
    .option('--report', 'file what is found as a leak, so that keys are contained by the policy of their platform')
    .option('--place <place>', 'with --report: where the text was found')
    .option('--leaked-at <time>', 'with --report: since when it lay there, e.g. 2026-11-20T14:23Z')
    .option('--json', 'print JSON')
    .action(async (files: string[], given: Given) => {
      const console = given.offline === true ? null : await open();
      const hits: Hit[] = [];
      const reports: LeakReportView[] = [];
      for (const file of files) {
        const text = await io.readFile(file);
        const found = console === null ? byForm(file, text) : await byHash(console, file, text);
        hits.push(...found);
        if (given.report === true && console !== null && found.length > 0)
          reports.push(await filed(console, { file, text, given }));
      }
      const words =
        hits.length === 0
          ? `No key in ${files.length} ${files.length === 1 ? 'file' : 'files'}.`
          : wordsOf(hits, reports);
      printResult(io, { json: { hits, reports }, words }, given.json === true);
      if (hits.length === 0) return;
      throw new DomainError('invalid', `${hits.length === 1 ? 'One key was' : `${hits.length} keys were`} found.`);
    });
}

function wordsOf(hits: readonly Hit[], reports: readonly LeakReportView[]): string {
  const places = hits.map(({ file, line, form, key }) => `${placeOf(file, line, form)}  ${key}`);
  const actions = reports.flatMap((report) => report.hits.map(({ name, action }) => `“${name}”: ${outcomes[action]}`));
  return [...places, ...actions].join('\n');
}

const outcomes = {
  quarantined: 'quarantined, it opens nothing',
  reported: 'reported, it still works',
  ended_before: 'had ended before',
} as const;

/** True for a search that needs no console. */
export function isOfflineScan(argv: readonly string[]): boolean {
  return argv[0] === 'keys' && argv[1] === 'scan' && argv.includes('--offline');
}

/** The file a word of `qd keys scan` names, if it names one. */
export function scannedFile(argv: readonly string[], i: number): string | undefined {
  const word = argv[i] ?? '-';
  const isValue = ['--place', '--leaked-at'].includes(argv[i - 1] ?? '');
  return i >= 2 && !isValue && !word.startsWith('-') ? word : undefined;
}

function byForm(file: string, text: string): Hit[] {
  return scanForKeys(text, { crc32, prefixes: [], opaque: false })
    .filter(({ isCertain }) => isCertain)
    .map(({ line, form, format, environment }) => ({
      file,
      line,
      form,
      key: `a key for ${environment ?? 'any environment'}, ${format === 'v2' ? 'with a checksum that fits' : 'in the short form'}`,
    }));
}

async function byHash({ ctx, services }: CliConsole, file: string, text: string): Promise<Hit[]> {
  const { hits } = await findKeys(ctx.db, services.apiKeys.peppers, text);
  return hits.map(({ id, line, form }) => ({ file, line, form, key: id }));
}

async function filed(
  { ctx, services }: CliConsole,
  { file, text, given }: { file: string; text: string; given: Given },
): Promise<LeakReportView> {
  const place = given.place ?? (file === '-' ? 'standard input' : file);
  const leakedAt = given.leakedAt === undefined ? null : Date.parse(given.leakedAt);
  const facts = checked(leakFacts, { place, leakedAt });
  const timed = { ...ctx, now: () => services.keys.now() };
  const report = await reportLeak(timed, services.apiKeys, { ...facts, text, source: 'cli' });
  const hits = [...report.hits];
  for (let cursor = report.hitsCursor; cursor !== null;) {
    const page = await leakHits(timed, { reportId: report.id, cursor, limit: MAX_PAGE_SIZE });
    hits.push(...page.rows);
    cursor = page.nextCursor;
  }
  return { ...report, hits, hitsCursor: null };
}

function placeOf(file: string, line: number | null, form: string): string {
  const name = file === '-' ? 'standard input' : file;
  return line === null ? `${name} (${form})` : `${name}:${line}`;
}
