import type { BurnDownSeries, SloDetail, SloPageInput } from '@qd/shared/slo';
import type { Ctx } from '../../../platform/context.ts';
import { detailPart } from './detail.ts';
import { rowsWithoutExcluded } from './exclusions/read-rows.ts';
import { burnDownPart } from './page/burn-down.ts';
import { openObjective } from './page/open-objective.ts';

/** Everything the page about one objective begins with, all of one instant. */
export interface SloPage {
  slo: SloDetail;
  burnDown: BurnDownSeries;
}

/**
 * One objective in full and the line of budget left over the window asked for, or over the one that decides.
 * Throws `not_found` or `forbidden`.
 */
export async function sloPage(ctx: Ctx, { id, ...drawn }: SloPageInput): Promise<SloPage> {
  // Other windows have rows of their own, which are read once it is known where they lie.
  const isFirst = drawn.view === undefined && drawn.window === undefined;
  const opened = await openObjective(ctx, id, { rows: isFirst });
  const detail = detailPart(ctx, opened);
  const line = burnDownPart(opened, drawn);
  const { row, exclusions, atMs, ahead } = opened;
  const of = { row, exclusions, nowMs: atMs, ahead };
  const [ofDetail, ofLine] = await rowsWithoutExcluded(ctx.db, [detail.wanted, line.wanted] as const, of);
  return { slo: await detail.make(ofDetail), burnDown: line.make(ofLine) };
}
