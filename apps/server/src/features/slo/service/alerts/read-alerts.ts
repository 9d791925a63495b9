import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { type AlertEvent, type AlertEventsInput, type AlertListInput, type AlertView, byUrgency } from '@qd/shared/slo';
import type { Ctx } from '../../../../platform/context.ts';
import { activeAlerts, type EventPlace, selectAlertEvents } from '../../queries/alerts.ts';
import { visiblePlatforms } from '../list.ts';

/** An alert that fires or is frozen, and whose it is. */
export type ActiveAlert = AlertView & { sloId: string; sloName: string; platformId: string };

/** The alerts that fire or are frozen on objectives the actor may see, the most urgent first. */
export async function listAlerts(ctx: Ctx, input: AlertListInput): Promise<{ rows: ActiveAlert[] }> {
  const platforms = visiblePlatforms(ctx, input.platform);
  const found = await activeAlerts(ctx.db, { platforms, slo: input.slo ?? null });
  const rows = found.map(({ sloId, sloName, platformId, view }) => ({ ...view, sloId, sloName, platformId }));
  return { rows: rows.toSorted(byUrgency) };
}

/** One page of what alerts did, newest first. Throws `invalid` for a cursor that came from elsewhere. */
export async function listAlertEvents(ctx: Ctx, input: AlertEventsInput): Promise<Page<AlertEvent>> {
  const platforms = visiblePlatforms(ctx, input.platform);
  const after = placeOf(input.cursor);
  const found = await selectAlertEvents(ctx.db, { platforms, slo: input.slo ?? null }, { after, limit: input.limit });
  const rows = found.slice(0, input.limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > input.limit && last ? `${last.at}_${last.id}` : null };
}

function placeOf(cursor: string | undefined): EventPlace | null {
  if (cursor === undefined) return null;
  const [, at, id] = /^(\d{1,14})_(.{1,180})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: new Date(Number(at)), id };
  throw new DomainError('invalid', 'This page marker is not one of this list; load the list again.', {
    fields: [{ field: 'cursor', message: 'is not a marker of this list' }],
  });
}
