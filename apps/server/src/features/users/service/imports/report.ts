import type { Ctx } from '../../../../platform/context.ts';
import { fileDay, pagesOf, csvPages, type TableColumn, type TableFile } from '../../../../platform/table-file.ts';
import { write } from '../../../../platform/write.ts';
import { selectImport, selectRows, type ImportRowRecord } from '../../queries/imports/imports.ts';
import { visible } from './views.ts';

const columns: readonly TableColumn<ImportRowRecord>[] = [
  ['line', (row) => row.line],
  ['email', (row) => row.email],
  ['name', (row) => row.name],
  ['role', (row) => row.role],
  ['platform', (row) => row.platform],
  ['platform_role', (row) => row.platformRole],
  ['verdict', (row) => row.verdict],
  ['problem', (row) => row.faults.map((fault) => `${fault.field} ${fault.message}`).join('; ')],
];

/** What was found of each row of an import, as a file; `onlyFaulty` leaves out rows about which there is nothing to say. Recorded. */
export async function importReport(ctx: Ctx, input: { id: string; onlyFaulty: boolean }): Promise<TableFile> {
  const { record } = visible(ctx, await selectImport(ctx.db, input.id));
  const { id, rowCount, createdAt, fileName } = record;
  await write(ctx, async (_tx, note) =>
    note({
      action: 'users.import_report_exported',
      category: 'access',
      target: { kind: 'import', id },
      details: { fileName, onlyFaulty: input.onlyFaulty },
    }),
  );
  const pages = pagesOf<ImportRowRecord>(
    (after, limit) => selectRows(ctx.db, { id, faulty: input.onlyFaulty, afterLine: after?.line ?? 0, limit }),
    // Whoever uploaded the file has room for its report.
    Math.max(rowCount, 1),
  );
  return { name: `import-${fileDay(createdAt)}`, type: 'csv', isCut: false, text: csvPages(columns, pages) };
}
