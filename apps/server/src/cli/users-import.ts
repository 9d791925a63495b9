import { basename } from 'node:path';
import { DomainError } from '@qd/shared/errors';
import { commitImportInput, importModes, type ImportRowView, type ImportView } from '@qd/shared/users';
import type { Command } from 'commander';
import { checkImport } from '../features/users/service/imports/check.ts';
import { commitImport } from '../features/users/service/imports/commit.ts';
import { listImportRows } from '../features/users/service/imports/views.ts';
import { checked } from './input.ts';
import { printResult } from './io.ts';
import { unpackFile } from './packed-file.ts';
import type { CliTools } from './tools.ts';

/** Wrong rows that are printed; all of them are on the page of the import. */
const SHOWN_ROWS = 50;

interface Given {
  commit?: string;
  reason: string;
  invite?: boolean;
  json?: boolean;
}

/** `qd users import <file>` */
export function addUsersImport(users: Command, { io, open }: CliTools): void {
  users
    .command('import <file>')
    .description('Check a CSV file of people, row by row; exit 1 if a row is wrong. Changes nobody without --commit')
    .option('--commit <mode>', `${importModes.join(' or ')}: nothing when any row is wrong, or the right rows alone`)
    .option('--reason <reason>', 'kept with the roles that are given', 'On the command line')
    .option('--invite', 'mail every new person a link that lets them in, once, when it is committed')
    .option('--json', 'print JSON')
    .action(async (file: string, given: Given) => {
      const { ctx, services } = await open();
      const { imports } = services;
      const { commit, reason, invite = false, json = false } = given;
      const bytes = unpackFile(await io.readFile(file));
      const mode = commit === undefined ? null : checked(commitImportInput.shape.mode, commit);
      let view = await checkImport(ctx, imports, { fileName: basename(file), bytes });
      const { rows } = await listImportRows(ctx, { id: view.id, verdict: 'error', faulty: false, limit: SHOWN_ROWS });
      if (mode === 'valid' || (mode === 'all' && view.errorCount === 0)) {
        const input = checked(commitImportInput, { id: view.id, mode, reason, sendInvitations: invite });
        ({ import: view } = await commitImport(ctx, imports, input));
      }
      printResult(io, { json: { import: view, wrong: rows }, words: words(view, rows, invite) }, json);
      if (view.errorCount > 0 && mode !== 'valid') {
        throw new DomainError('invalid', `${view.errorCount} of ${view.rowCount} rows are wrong; nobody was changed.`);
      }
    });
}

function words(view: ImportView, wrong: readonly ImportRowView[], invite: boolean): string {
  const { state, rowCount, createCount, updateCount, sameCount, errorCount } = view;
  const done = state === 'committed' ? 'Imported' : 'Checked';
  const counts = `${createCount} new, ${updateCount} changed, ${sameCount} as they are, ${errorCount} wrong`;
  const lines = wrong.map(
    ({ line, email, faults }) => `  line ${line} ${email}: ${faults.map((f) => `${f.field} ${f.message}`).join('; ')}`,
  );
  const mails = mailWords(view, invite);
  const more = errorCount > wrong.length ? [`  … and ${errorCount - wrong.length} more`] : [];
  return [`${done} ${rowCount} rows (${view.id}): ${counts}.`, ...mails, ...lines, ...more].join('\n');
}

function mailWords({ state, createCount, canMail }: ImportView, invite: boolean): string[] {
  if (!invite) return [];
  if (!canMail) return ['No mail server is configured: no invitation can be sent.'];
  const count = createCount === 1 ? '1 invitation' : `${createCount} invitations`;
  return [state === 'committed' ? `${count} on the way by mail.` : `With --commit, ${count} would go out by mail.`];
}
