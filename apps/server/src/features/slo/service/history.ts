import { leftRatios, minuteBefore, parseTarget, windowMinutes } from '@qd/shared/slo';
import { endOfMinute } from '@qd/shared/time';
import type { Ctx } from '../../../platform/context.ts';
import { rowsWithoutExcluded } from './exclusions/read-rows.ts';
import { openObjective } from './page/open-objective.ts';

const MINUTES_PER_HOUR = 60;

/** One hour of an objective, excluded time taken out. */
export interface HistoryHour {
  /** End of the hour (epoch ms). */
  at: number;
  /** Budget left then; null where it is not known. */
  leftRatio: number | null;
  badEvents: number;
  totalEvents: number;
  /** Measured minutes over those that were to be measured; null where all of the hour is excluded. */
  coverageRatio: number | null;
}

/**
 * The window an objective is judged by, hour by hour up to now; the last hour may be incomplete.
 * Throws `not_found` or `forbidden`.
 */
export async function hourlyHistory(ctx: Ctx, id: string): Promise<HistoryHour[]> {
  const { row, summary, atMs, exclusions } = await openObjective(ctx, id);
  const { window, expectedEvents } = summary.budget;
  const { beforeM, endM } = windowMinutes(window, atMs);
  const points = [beforeM, ...fullHours(beforeM, endM), endM].filter((m, i, all) => i === 0 || m > (all[i - 1] ?? m));
  const origins = window.view === 'rolling' ? points.map((m) => minuteBefore(window.windowMs, m)) : [];
  const minutes = [...new Set([...origins, ...points])].sort((a, b) => a - b);
  const [{ rows }] = await rowsWithoutExcluded(ctx.db, [{ minutes }] as const, { row, exclusions, nowMs: atMs });
  const rowAt = (m: number) => rows.get(m) ?? null;
  const target = parseTarget(row.targetPercent);
  const left = leftRatios({ target, window, rowAt, expectedEvents, endM }, points);
  return points.slice(1).map((m, i): HistoryHour => {
    const before = points[i] ?? m;
    const [start, end] = [rowAt(before), rowAt(m)];
    const since = (key: 'bad' | 'total' | 'observed' | 'excluded'): number => (end?.[key] ?? 0) - (start?.[key] ?? 0);
    const due = m - before - since('excluded');
    return {
      at: endOfMinute(m),
      leftRatio: left[i + 1] ?? null,
      badEvents: since('bad'),
      totalEvents: since('total'),
      coverageRatio: due <= 0 ? null : since('observed') / due,
    };
  });
}

/** Last minutes of the full hours between two minutes. */
function fullHours(beforeM: number, endM: number): number[] {
  const first = (Math.floor((beforeM + 1) / MINUTES_PER_HOUR) + 1) * MINUTES_PER_HOUR - 1;
  const count = Math.max(0, Math.floor((endM - first) / MINUTES_PER_HOUR) + 1);
  return Array.from({ length: count }, (_, i) => first + i * MINUTES_PER_HOUR);
}
