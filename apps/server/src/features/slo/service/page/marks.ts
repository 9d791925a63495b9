import { deployMark, incidentMark } from '@qd/shared/changes';
import { can } from '@qd/shared/permissions';
import { alertMarks, exclusionMark, type Mark, spanInstants } from '@qd/shared/slo';
import { minuteOf } from '@qd/shared/time';
import { changesIn, type ChangeRange } from '../../../../db/queries/changes.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { type ExclusionsByPlatform, occurrencesOf } from '../exclusions/excluded-time.ts';
import type { OpenObjective } from './open-objective.ts';

const MAX_EXCLUSION_MARKS = 100;

/** Incidents and deploys of a platform in `[fromMs, toMs)`, by time; none for who may not see changes there. */
export async function marksOf(ctx: Ctx, platformId: string, range: { fromMs: number; toMs: number }): Promise<Mark[]> {
  if (!can(ctx.actor.grants, 'changes:read', platformId)) return [];
  const wanted: ChangeRange = { platforms: [platformId], ...range };
  const { incidents, deploys } = await changesIn(ctx.db, wanted);
  return [...incidents.map(incidentMark), ...deploys.map(deployMark)].sort((a, b) => a.at - b.at);
}

/** What happened in the window of an objective, with its alerts, which all may see who see the objective; by time. */
export function marksWithAlerts({ row, summary, happened }: OpenObjective): Mark[] {
  const { incidents, deploys, episodes } = happened;
  const { windowMs } = summary.budget.window;
  const alerts = alertMarks({ platformId: row.platformId, episodes, active: summary.alerts, windowMs });
  return byTime(incidents.map(incidentMark), deploys.map(deployMark), alerts);
}

/** Excluded time of an objective that touches `[fromMs, toMs)`, by time: the newest hundred occurrences. */
export function exclusionMarks(
  exclusions: ExclusionsByPlatform,
  row: { id: string; platformId: string },
  range: { fromMs: number; toMs: number; nowMs: number },
): Mark[] {
  const within = { beforeM: minuteOf(range.fromMs) - 1, endM: minuteOf(range.toMs - 1) };
  return occurrencesOf(exclusions, row, within)
    .sort((a, b) => a.beforeM - b.beforeM)
    .slice(-MAX_EXCLUSION_MARKS)
    .map((occurrence) => exclusionMark(occurrence.exclusion, spanInstants(occurrence), range.nowMs));
}

/** Marks of both kinds, by time. */
export function byTime(...marks: readonly Mark[][]): Mark[] {
  return marks.flat().sort((a, b) => a.at - b.at);
}
