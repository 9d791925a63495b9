import type { AuditFilters, AuditRow } from '@qd/shared/audit';
import { platformsWith } from '@qd/shared/permissions';
import type { Actor, Ctx } from '../../platform/context.ts';
import {
  csvPages,
  fileDay,
  MAX_FILE_ROWS,
  pagesOf,
  type TableColumn,
  type TableFile,
} from '../../platform/table-file.ts';
import { write } from '../../platform/write.ts';
import { type AuditExtent, selectAuditExtent, selectAuditRange } from './queries/log.ts';
import { toRow } from './service.ts';

/**
 * The log as a file, in the order of the chain: the rows that pass the filters when it is asked for, on the platforms the
 * caller may read and export. `jsonl` holds each row as it was hashed, with its hashes, so that it can be verified
 * elsewhere. The export is recorded before its first row leaves. `maxRows` is for tests.
 */
export async function exportAudit(
  ctx: Ctx,
  input: { format: 'csv' | 'jsonl'; filters: AuditFilters },
  maxRows = MAX_FILE_ROWS,
): Promise<TableFile> {
  const { format, filters } = input;
  const platforms = exportable(ctx.actor);
  const extent = await selectAuditExtent(ctx.db, filters, { platforms, maxRows });
  await write(ctx, async (_tx, record) =>
    record({
      action: 'audit.exported',
      category: 'audit',
      platform: filters.platform ?? null,
      details: { format, filters: withTimes(filters), rows: extent.rows, isCut: extent.isCut },
    }),
  );
  const pages = rowsOf(ctx, filters, { ...extent, platforms });
  return {
    name: `audit-${fileDay(ctx.now())}`,
    type: format,
    isCut: extent.isCut,
    text: format === 'csv' ? csvPages(columns, pages) : jsonLines(pages),
  };
}

/** Platforms whose rows the caller may both read and export. */
function exportable({ grants }: Actor): '*' | string[] {
  const read = platformsWith(grants, 'audit:read');
  const exported = platformsWith(grants, 'audit:export');
  if (read === '*') return exported;
  return exported === '*' ? read : exported.filter((platform) => read.includes(platform));
}

/** The filters with instants that can be read in the log. */
function withTimes({ from, to, ...rest }: AuditFilters) {
  const iso = (at: number) => new Date(at).toISOString();
  return { ...rest, ...(from !== undefined && { from: iso(from) }), ...(to !== undefined && { to: iso(to) }) };
}

function rowsOf(
  { db }: Pick<Ctx, 'db'>,
  filters: AuditFilters,
  of: AuditExtent & { platforms: '*' | string[] },
): AsyncGenerator<readonly AuditRow[]> {
  const { platforms, throughSeq, rows } = of;
  return pagesOf(async (after, limit) => {
    const range = { platforms, throughSeq, limit, afterSeq: after?.seq ?? of.afterSeq };
    return (await selectAuditRange(db, filters, range)).map(toRow);
  }, rows);
}

async function* jsonLines(pages: AsyncIterable<readonly AuditRow[]>): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

const columns: readonly TableColumn<AuditRow>[] = [
  ['seq', (row) => row.seq],
  ['timestamp (UTC)', (row) => row.timestamp],
  ['level', (row) => row.level],
  ['category', (row) => row.category],
  ['action', (row) => row.action],
  ['status', (row) => row.status],
  ['actor_kind', (row) => row.actor_kind],
  ['user_id', (row) => row.user_id],
  ['user_email', (row) => row.user_email],
  ['user_role', (row) => row.user_role],
  ['ip_address', (row) => row.ip_address],
  ['platform', (row) => row.platform],
  ['target_kind', (row) => row.target?.kind ?? null],
  ['target_id', (row) => row.target?.id ?? null],
  ['details (JSON)', (row) => json(row.details)],
  ['before (JSON)', (row) => json(row.before)],
  ['after (JSON)', (row) => json(row.after)],
  ['request_id', (row) => row.request_id],
  ['event_id', (row) => row.event_id],
  ['prev_hash (SHA-256)', (row) => row.prev_hash],
  ['hash (SHA-256)', (row) => row.hash],
];
