import type { AlertEvent, AlertListInput, ExclusionListInput, ExclusionView } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import type { Ctx } from '../../../platform/context.ts';
import {
  csvPages,
  fileDay,
  MAX_FILE_ROWS,
  pagesOf,
  type TableColumn,
  type TableFile,
} from '../../../platform/table-file.ts';
import { alertEventCount, selectAlertEvents } from '../queries/alerts.ts';
import { exclusionCount, selectExclusions } from '../queries/exclusions.ts';
import { viewOf, withNames } from './exclusions/views.ts';
import { visiblePlatforms } from './list.ts';

/** Every exclusion of a list as a file, made last first, on the platforms the actor may see. */
export async function exclusionsFile(
  ctx: Ctx,
  { platform, slo, withdrawn }: Pick<ExclusionListInput, 'platform' | 'slo' | 'withdrawn'>,
): Promise<TableFile> {
  const of = { platforms: visiblePlatforms(ctx, platform), slo, withdrawn };
  const found = await exclusionCount(ctx.db, of, MAX_FILE_ROWS + 1);
  const nowMs = ctx.now().getTime();
  const pages = pagesOf<ExclusionView>(async (after, limit) => {
    const rows = await selectExclusions(ctx.db, of, { afterId: after?.id ?? null, limit });
    return (await withNames(ctx.db, rows.slice(0, limit))).map((row) => viewOf(row, nowMs));
  });
  const name = `exclusions-${slo ?? platform ?? 'all'}-${fileDay(ctx.now())}`;
  return { name, type: 'csv', isCut: found > MAX_FILE_ROWS, text: csvPages(exclusionColumns, pages) };
}

/** Everything alerts did as a file, newest first, of one objective or of the platforms the actor may see. */
export async function alertEventsFile(ctx: Ctx, { platform, slo }: AlertListInput): Promise<TableFile> {
  const of = { platforms: visiblePlatforms(ctx, platform), slo: slo ?? null };
  const found = await alertEventCount(ctx.db, of, MAX_FILE_ROWS + 1);
  const pages = pagesOf<AlertEvent>(async (last, limit) => {
    const after = last === null ? null : { at: new Date(last.at), id: last.id };
    return (await selectAlertEvents(ctx.db, of, { after, limit })).slice(0, limit);
  });
  const name = `alert-history-${slo ?? platform ?? 'all'}-${fileDay(ctx.now())}`;
  return { name, type: 'csv', isCut: found > MAX_FILE_ROWS, text: csvPages(alertColumns, pages) };
}

const iso = (at: number | null | undefined): string | null =>
  at === null || at === undefined ? null : new Date(at).toISOString();

function stateOf(exclusion: ExclusionView): string {
  if (exclusion.withdrawnAt !== null) return 'withdrawn';
  if (exclusion.inForce) return 'in force';
  return exclusion.next === null ? 'past' : 'planned';
}

const exclusionColumns: readonly TableColumn<ExclusionView>[] = [
  ['Id', (row) => row.id],
  ['State', stateOf],
  ['Reason', (row) => row.reason],
  ['Kind', (row) => row.category],
  ['Platform', (row) => row.platformId],
  ['SLO (empty for all)', (row) => row.sloId],
  ['First start (UTC)', (row) => iso(row.startsAt)],
  ['Length (min)', (row) => row.durationMs / MINUTE_MS],
  ['Recurrence (RRULE)', (row) => row.rrule],
  ['Time zone of the recurrence', (row) => row.timeZone],
  ['Next start (UTC)', (row) => iso(row.next?.startAt)],
  ['Next end (UTC)', (row) => iso(row.next?.endAt)],
  ['Version', (row) => row.version],
  ['Made (UTC)', (row) => iso(row.createdAt)],
  ['Made by', (row) => row.createdByName],
  ['Made by (e-mail)', (row) => row.createdBy],
  ['Last changed (UTC)', (row) => iso(row.updatedAt)],
  ['Last changed by', (row) => row.updatedByName],
  ['Last changed by (e-mail)', (row) => row.updatedBy],
  ['Withdrawn (UTC)', (row) => iso(row.withdrawnAt)],
];

const alertColumns: readonly TableColumn<AlertEvent>[] = [
  ['At (UTC)', (row) => iso(row.at)],
  ['What happened', (row) => row.transition],
  ['Severity', (row) => row.severity],
  ['Kind', (row) => row.kind],
  ['Burn', (row) => row.tier],
  ['Platform', (row) => row.platformId],
  ['SLO', (row) => row.sloName],
  ['SLO id', (row) => row.sloId],
  ['Fired (UTC)', (row) => iso(row.firedAt)],
  ['Lasted (min)', (row) => (row.transition === 'resolved' ? (row.at - row.firedAt) / MINUTE_MS : null)],
  ['Summary', (row) => row.summary],
  ['Id', (row) => row.id],
];
