import { DUE_SOON_MS, dueStates, type SecretView } from '@qd/shared/secrets';
import type { Ctx } from '../../../platform/context.ts';
import {
  csvPages,
  fileDay,
  MAX_FILE_ROWS,
  pagesOf,
  type TableColumn,
  type TableFile,
} from '../../../platform/table-file.ts';
import { secretCount, selectSecrets, type SecretScope } from '../queries/secrets.ts';
import { secretView, visiblePlatforms } from './read.ts';

/** What of the register is wanted: all in use, what is due, or archived entries too. */
export const shownSecrets = ['all', 'due', 'archived'] as const;

/** The register as a file, by platform and name, on the platforms the actor may see. Values are nowhere in it. */
export async function secretsFile(
  ctx: Ctx,
  { platform, show }: { platform?: string | undefined; show: (typeof shownSecrets)[number] },
): Promise<TableFile> {
  const now = ctx.now();
  const scope: SecretScope = {
    platforms: visiblePlatforms(ctx, platform),
    states: show === 'due' ? dueStates : undefined,
    archived: show === 'archived',
    now,
    dueSoonMs: DUE_SOON_MS,
  };
  const found = await secretCount(ctx.db, scope, MAX_FILE_ROWS + 1);
  const pages = pagesOf<SecretView>(async (after, limit) => {
    const rows = await selectSecrets(ctx.db, scope, { afterId: after?.id ?? null, limit });
    return rows.slice(0, limit).map((row) => secretView(row, now));
  });
  const name = `secrets-${platform ?? 'all'}-${fileDay(now)}`;
  return { name, type: 'csv', isCut: found > MAX_FILE_ROWS, text: csvPages(columns, pages) };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const columns: readonly TableColumn<SecretView>[] = [
  ['Id', (row) => row.id],
  ['Platform', (row) => row.platform],
  ['Name', (row) => row.name],
  ['State', (row) => (row.archivedAt === null ? row.state : 'archived')],
  ['Answers for it', (row) => row.owner],
  ['Cadence', (row) => row.cadence],
  ['Every (d)', (row) => row.everyDays],
  ['Rotated (UTC)', (row) => iso(row.lastRotatedAt)],
  ['Next due (UTC)', (row) => iso(row.nextDueAt)],
  ['Description', (row) => row.description],
  ['Procedure', (row) => row.procedure],
  ['Link to the procedure', (row) => row.procedureUrl],
  ['Entered (UTC)', (row) => iso(row.createdAt)],
  ['Last changed (UTC)', (row) => iso(row.updatedAt)],
  ['Archived (UTC)', (row) => iso(row.archivedAt)],
];
