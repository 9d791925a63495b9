import { DomainError } from '@qd/shared/errors';
import { can } from '@qd/shared/permissions';
import { type Override, reportingIntervalMs, type SloSummary } from '@qd/shared/slo';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { type ObjectiveForPage, objectiveForPage, type ObjectiveRow } from '../../queries/objectives.ts';
import { byPlatform, type ExclusionsByPlatform } from '../exclusions/excluded-time.ts';
import { aged } from '../list.ts';
import { summariesFor } from '../refresh-summaries.ts';
import { createSparkRows } from '../spark-rows.ts';

/** An objective the actor may see, its list row, what is decided about it, and the instant (ms) for which further figures are computed. */
export interface OpenObjective {
  row: ObjectiveRow;
  summary: SloSummary;
  atMs: number;
  exclusions: ExclusionsByPlatform;
  override: Override | null;
  /** Whether an incident is open on its platform, as far as the actor may know. */
  hasOpenIncident: boolean;
  /** Alerts of the window, and what happened on the platform, as far as the actor may know. */
  happened: ObjectiveForPage['happened'];
  ahead: ObjectiveForPage['ahead'];
}

/** A list row younger than this sets the instant for the rest of the page, so that all its figures agree. */
const SAME_INSTANT_MS = 150_000;

/**
 * Loads an objective with the list row that everyone sees, with `rows` also those of its window. Throws `not_found` for an unknown id and for platforms the
 * actor may not see, `forbidden` when the platform is seen but its objectives are not.
 */
export async function openObjective(ctx: Ctx, id: string, { rows = false } = {}): Promise<OpenObjective> {
  const now = ctx.now();
  const found = await objectiveForPage(ctx.db, { id, now, rows });
  if (found === null) throw missing();
  const { row, summary: stored, override, ahead } = found;
  assertCan(ctx, 'slo:read', row.platformId, 'objective');
  const nowMs = now.getTime();
  const summary =
    stored === null
      ? await computed(ctx, row, nowMs)
      : aged({ summary: stored, intervalMs: reportingIntervalMs(row.indicator, row.source.intervalMs) }, nowMs);
  const atMs = nowMs - summary.asOf < SAME_INSTANT_MS ? summary.asOf : nowMs;
  const seesChanges = can(ctx.actor.grants, 'changes:read', row.platformId);
  const hasOpenIncident = found.hasOpenIncident && seesChanges;
  const happened = seesChanges ? found.happened : { ...found.happened, incidents: [], deploys: [] };
  return { row, summary, atMs, override, hasOpenIncident, happened, exclusions: byPlatform(found.exclusions), ahead };
}

/** The list row of an objective so new that no tick has written it yet. */
async function computed(ctx: Ctx, row: ObjectiveRow, nowMs: number): Promise<SloSummary> {
  const [made] = await summariesFor(ctx.db, [row], nowMs, createSparkRows());
  if (made === undefined) throw missing();
  return made.summary;
}

function missing(): DomainError {
  return new DomainError('not_found', 'There is no such objective; check the address.');
}
