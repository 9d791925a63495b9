import { slotClash, type SlotPlan } from '@qd/shared/oncall';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { deleteDemoSlots, insertDemoSlots, lockRotas } from '../queries/demo-oncall.ts';
import { demoSlotRows } from './rows.ts';

/**
 * Tells who is on call for the demo's platforms, around now. What was told before stays, with what somebody did to it; where
 * somebody put people on call themselves, or who is told of has left, nothing is added.
 */
export async function tellSlots(ctx: Ctx, platforms: readonly string[]): Promise<void> {
  const rows = demoSlotRows(platforms, ctx.now());
  await ingest(ctx, async (tx) => {
    const { slots, people } = await lockRotas(tx, platforms);
    const known = new Set(slots.map(({ id }) => id));
    const held = slots.map(planOf);
    const isNew = (row: (typeof rows)[number]): boolean =>
      !known.has(row.id) && people.has(row.userId) && slotClash(planOf(row), held) === null;
    await insertDemoSlots(tx, rows.filter(isNew));
  });
  ctx.hub.publish('oncall');
}

/** Forgets who was on call in the demo. */
export const forgetSlots = deleteDemoSlots;

function planOf(row: {
  platformId: string;
  userId: string;
  role: SlotPlan['role'];
  startsAt: Date;
  endsAt: Date;
}): SlotPlan {
  const { platformId: platform, userId, role, startsAt, endsAt } = row;
  return { platform, userId, role, startsAt: startsAt.getTime(), endsAt: endsAt.getTime() };
}
