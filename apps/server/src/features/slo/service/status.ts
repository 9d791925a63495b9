import type { Ctx } from '../../../platform/context.ts';
import { listSlos } from './list.ts';

/** One objective, in few words. */
export interface SloStatus {
  platform: string;
  name: string;
  target_percent: number;
  current_percent: number | null;
  error_budget_remaining: number | null;
  burn_rate_1h: number | null;
  status: string;
  stale: boolean;
}

/** How every objective stands that the caller may see, by id: for a glance on the command line. */
export async function statusOf(ctx: Ctx): Promise<{ timestamp: string; slos: Record<string, SloStatus> }> {
  const { rows, asOf } = await listSlos(ctx, {});
  const slos = rows.map((row): [string, SloStatus] => [
    row.id,
    {
      platform: row.platformId,
      name: row.name,
      target_percent: Number(row.targetPercent),
      current_percent: row.budget.sliPercent,
      error_budget_remaining: row.budget.leftRatio,
      burn_rate_1h: row.burn1h,
      status: row.state,
      stale: row.freshness === 'stale' || row.freshness === 'never',
    },
  ]);
  return { timestamp: new Date(asOf).toISOString(), slos: Object.fromEntries(slos) };
}
