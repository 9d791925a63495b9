import { withoutSecrets, type ExportKeysInput, type KeyListRow } from '@qd/shared/api-keys';
import type { Ctx } from '../../../../platform/context.ts';
import {
  csvPages,
  fileDay,
  MAX_FILE_ROWS,
  pagesOf,
  type TableColumn,
  type TableFile,
} from '../../../../platform/table-file.ts';
import { write } from '../../../../platform/write.ts';
import { countFound, selectKeyRows } from '../../queries/list.ts';
import { readScope } from './list.ts';
import { keyRows } from './rows.ts';

/**
 * The keys a filter finds as a file, by platform and name, on the platforms where the reader may see keys; never their
 * secrets. Recorded with the number of keys before the first one leaves. `maxRows` is for tests.
 */
export async function keysFile(ctx: Ctx, input: ExportKeysInput, maxRows = MAX_FILE_ROWS): Promise<TableFile> {
  const { show, platform } = input;
  const { scope, policyOf } = await readScope(ctx, platform);
  const text = withoutSecrets(input.text ?? '').trim() || null;
  const keys = await countFound(ctx.db, scope, { show, text, most: maxRows + 1 });
  const isCut = keys > maxRows;
  await write(ctx, async (_tx, record) =>
    record({
      action: 'api-keys.exported',
      category: 'access',
      level: 'warning',
      platform: platform ?? null,
      details: { show, text, keys: Math.min(keys, maxRows), isCut },
    }),
  );
  const pages = pagesOf<KeyListRow>(async (after, limit) => {
    const found = await selectKeyRows(ctx.db, scope, { show, text, afterId: after?.id ?? null, limit });
    return keyRows(ctx.db, found.slice(0, limit), { now: scope.now, policyOf });
  }, maxRows);
  const name = `api-keys-${platform ?? 'all'}-${fileDay(scope.now)}`;
  return { name, type: 'csv', isCut, text: csvPages(columns, pages) };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const columns: readonly TableColumn<KeyListRow>[] = [
  ['Id', (row) => row.id],
  ['Name', (row) => row.name],
  ['Platform', (row) => row.platform],
  ['Environment', (row) => row.environment],
  ['Format', (row) => row.format],
  ['State', (row) => row.state],
  ['Owner', (row) => row.owner?.name ?? null],
  ['Created (UTC)', (row) => iso(row.createdAt)],
  ['Rotation due (UTC)', (row) => iso(row.rotationDueAt)],
  ['Stops (UTC)', (row) => iso(row.stopsAt)],
  ['Ended (UTC)', (row) => iso(row.endedAt)],
  ['Why it ended', (row) => row.endReason],
  ['Successor', (row) => row.rotation?.successor.id ?? null],
  ['Consumers', (row) => row.consumers],
  ['Requests (per min)', (row) => row.ratePerMin],
  ['Refused today', (row) => row.refusedToday],
  ['Last used (UTC)', (row) => iso(row.lastUsedAt)],
  ['Scopes', (row) => row.scopes],
  ['Scopes used in 30 d', (row) => row.scopesUsed],
];
