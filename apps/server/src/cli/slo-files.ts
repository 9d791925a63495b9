import { DomainError } from '@qd/shared/errors';
import { type ImportFault, importInput, type ImportReport } from '@qd/shared/slo';
import type { Command } from 'commander';
import { applyPlatformFile } from '../features/slo/service/apply-platform.ts';
import { exportSlos } from '../features/slo/service/exchange/export.ts';
import { importSlos, inspectImport } from '../features/slo/service/exchange/import.ts';
import { lintPlatformFile } from '../features/slo/service/lint-file.ts';
import { checked } from './input.ts';
import { printResult } from './io.ts';
import { type DefinitionFile, located, placeName, readDefinitionFile } from './located.ts';
import type { CliTools } from './tools.ts';

interface Given {
  file: string;
  platform?: string;
  source?: string;
  prune?: boolean;
  json?: boolean;
}

/** `qd slo apply|lint|export` */
export function addSloFiles(slo: Command, tools: CliTools): void {
  addApply(slo, tools);
  addLint(slo, tools);
  addExport(slo, tools);
}

function addApply(slo: Command, { io, open }: CliTools): void {
  slo
    .command('apply')
    .description(
      'Make objectives what a file says: a platform file, or OpenSLO v1 documents; nothing changes if they are so',
    )
    .requiredOption('-f, --file <file>', 'the file, - for standard input')
    .option('--prune', 'platform file: take objectives out of use that it does not name')
    .option('--platform <platform>', 'OpenSLO: the platform of documents that name none')
    .option('--source <id>', 'OpenSLO: the source of documents that name none')
    .option('--json', 'print JSON')
    .action(async (given: Given) => {
      const { ctx, services, config } = await open();
      const read = readDefinitionFile(given.file, await io.readFile(given.file));
      if (read.kind === 'openslo') {
        const report = await importSlos(ctx, services.slo, wanted(read, given));
        printResult(io, { json: report, words: importWords(report, given.file) }, given.json === true);
        if (!report.isStored) throw faulty(report, given.file);
        return;
      }
      const definition = withWindow(read.document.value, config.SLO_MEASUREMENT_WINDOW);
      const options = { prune: given.prune === true };
      const applied = await applyPlatformFile(ctx, services.slo, definition, options).catch((error: unknown) => {
        throw located(error, given.file, read.document);
      });
      const counts = `${applied.created.length} created, ${applied.updated.length} changed, ${applied.unchanged.length} as they were`;
      const archived = applied.archived.length === 0 ? '' : `, ${applied.archived.length} taken out of use`;
      const words = [`${applied.platform}: ${counts}${archived}.`, ...applied.remarks.map((r) => `Note: ${r}`)];
      printResult(io, { json: applied, words: words.join('\n') }, given.json === true);
    });
}

function addLint(slo: Command, { io, open }: CliTools): void {
  slo
    .command('lint')
    .description('Say what may be wrong with a file, and store nothing; exit 1 if something must be changed')
    .requiredOption('-f, --file <file>', 'the file, - for standard input')
    .option('--platform <platform>', 'OpenSLO: the platform of documents that name none')
    .option('--source <id>', 'OpenSLO: the source of documents that name none')
    .option('--json', 'print JSON')
    .action(async (given: Given) => {
      const { ctx, services, config } = await open();
      const read = readDefinitionFile(given.file, await io.readFile(given.file));
      if (read.kind === 'openslo') {
        const report = await inspectImport(ctx, services.slo, wanted(read, given));
        const words = report.faults.length === 0 ? `${given.file} is sound.` : `${given.file} has faults.`;
        const notes = report.warnings.map((w) => `Note: ${faultWords(w, given.file)}`);
        printResult(io, { json: report, words: [...notes, words].join('\n') }, given.json === true);
        if (report.faults.length > 0) throw faulty(report, given.file);
        return;
      }
      const definition = withWindow(read.document.value, config.SLO_MEASUREMENT_WINDOW);
      const remarks = await lintPlatformFile(ctx, definition).catch((error: unknown) => {
        throw located(error, given.file, read.document);
      });
      const notes = remarks.map(({ level, field, message }) => `${level}: ${field}: ${message}`);
      printResult(
        io,
        { json: { remarks }, words: [...notes, `${given.file} is sound.`].join('\n') },
        given.json === true,
      );
    });
}

function addExport(slo: Command, { io, open }: CliTools): void {
  slo
    .command('export')
    .description('Print objectives as OpenSLO v1 documents, which apply reads back')
    .option('--platform <platform>', 'only this platform')
    .option('--format <format>', 'yaml or json', 'yaml')
    .option('--json', 'the same as --format json')
    .action(async ({ platform, format, json = false }: { platform?: string; format: string; json?: boolean }) => {
      const { ctx } = await open();
      if (format !== 'yaml' && format !== 'json')
        throw new DomainError('invalid', `--format is yaml or json, not “${format}”.`);
      const only = platform === undefined ? {} : { platform };
      const { text, count } = await exportSlos(ctx, { ...only, format: json ? 'json' : format });
      if (count === 0) throw new DomainError('not_found', 'There are no objectives to export; check the platform.');
      io.out(text);
    });
}

function wanted(read: DefinitionFile & { kind: 'openslo' }, { platform, source }: Given) {
  return checked(importInput, {
    text: read.text,
    ...(platform === undefined ? {} : { platform }),
    ...(source === undefined ? {} : { sourceId: source }),
  });
}

function importWords({ isStored, documents, warnings }: ImportReport, file: string): string {
  const lines = documents.map(({ kind, name, outcome, reason }) =>
    [`${isStored ? outcome : `would be ${outcome}`}: ${kind} ${name}`, reason]
      .filter((part) => part !== '')
      .join(' – '),
  );
  return [...lines, ...warnings.map((w) => `Note: ${faultWords(w, file)}`)].join('\n');
}

function faultWords({ document, line, field, message }: ImportFault, file: string): string {
  return `${placeName(file, line)} document ${document}${field === '' ? '' : ` ${field}`}: ${message}`;
}

function faulty({ faults }: ImportReport, file: string): DomainError {
  const fields = faults.map(({ document, line, field, message }) => ({
    field: `${placeName(file, line)} document ${document}${field === '' ? '' : ` ${field}`}`,
    message,
  }));
  return new DomainError('invalid', `Nothing was stored from ${file}:`, { fields });
}

interface Entry {
  window?: unknown;
}

/** Objectives that name no window get the configured one. */
function withWindow(file: unknown, days: number): unknown {
  if (typeof file !== 'object' || file === null || !('slos' in file) || !Array.isArray(file.slos)) return file;
  const slos = (file.slos as unknown[]).map((slo) =>
    typeof slo === 'object' && slo !== null && (slo as Entry).window === undefined
      ? { ...slo, window: `${days}d` }
      : slo,
  );
  return { ...file, slos };
}
