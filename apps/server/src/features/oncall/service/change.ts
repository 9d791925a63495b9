import { DomainError } from '@qd/shared/errors';
import type { EndSlotInput, HandOverSlotInput, SlotView } from '@qd/shared/oncall';
import type { Tx } from '../../../db/client.ts';
import type { SlotRow } from '../../../db/queries/oncall.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { selectReach } from '../queries/people.ts';
import { lockSlot, selectSlot } from '../queries/slots.ts';
import { insertSlot, lockPlatform, updateSlot } from '../queries/writes.ts';
import { newSlotId, viewOf } from './create.ts';
import { assertFree, callPerson, invalid, noSuchSlot } from './faults.ts';
import { tell } from './tell.ts';

/**
 * Gives what is left of a slot to somebody else and tells both: a slot that runs is cut at this instant and goes on as a new one,
 * so that it stays known who was on call until then. Gives the slot of who takes over. Throws `conflict` when somebody else was
 * first or whoever takes over is taken then, `precondition` when the slot is over, `invalid` for a person who cannot be on call,
 * and `not_found` or `forbidden`.
 */
export async function handOverSlot(ctx: Ctx, input: HandOverSlotInput): Promise<SlotView> {
  const { userId, reason } = input;
  const view = await write(ctx, async (tx, record) => {
    const { slot, platformName } = await lockedSlot(tx, ctx, input);
    if (slot.userId === userId) throw invalid('userId', 'has this slot already; choose somebody else');
    const taker = await callPerson(tx, ctx, slot.platformId, userId);
    const now = ctx.now();
    const isRunning = slot.startsAt < now;
    const startsAt = isRunning ? now : slot.startsAt;
    const { platformId, role, endsAt, note, isDemo } = slot;
    const rest = { startsAt: startsAt.getTime(), endsAt: endsAt.getTime() };
    await assertFree(tx, { ...rest, platform: platformId, role, userId }, slot.id);
    const id = isRunning ? newSlotId() : slot.id;
    if (isRunning) {
      await updateSlot(tx, slot.id, { endedAt: now, endedBy: ctx.actor.id, endedReason: reason });
      const stamp = { createdBy: ctx.actor.id, createdAt: now };
      await insertSlot(tx, { id, platformId, userId, role, startsAt, endsAt, note, isDemo, ...stamp });
    } else {
      await updateSlot(tx, slot.id, { userId });
    }
    record({
      action: 'oncall.handed_over',
      category: 'oncall',
      platform: platformId,
      target: { kind: 'slot', id: slot.id },
      details: { reason, to: taker.email, ...(isRunning ? { goesOnAs: id } : {}) },
      before: { userId: slot.userId, endsAt },
      after: { userId, startsAt, endsAt },
    });
    const facts = { by: ctx.actor.name, role, platform: platformName, ...rest };
    await tell(tx, ctx, await selectReach(tx, slot.userId), {
      topic: 'oncall.slot_handed_over',
      facts: { ...facts, to: taker.name, reason },
    });
    await tell(tx, ctx, taker, { topic: 'oncall.slot_given', facts: { ...facts, note } });
    return viewOf(tx, ctx, id);
  });
  ctx.hub.publish('oncall');
  return view;
}

/** Ends a slot now, or calls it off before it begins, and tells who had it. Throws as `handOverSlot` does. */
export async function endSlot(ctx: Ctx, input: EndSlotInput): Promise<SlotView> {
  const { id, reason } = input;
  const view = await write(ctx, async (tx, record) => {
    const { slot, platformName } = await lockedSlot(tx, ctx, input);
    const now = ctx.now();
    await updateSlot(tx, id, { endedAt: now, endedBy: ctx.actor.id, endedReason: reason });
    record({
      action: 'oncall.ended',
      category: 'oncall',
      level: 'warning',
      platform: slot.platformId,
      target: { kind: 'slot', id },
      details: { reason },
      before: { userId: slot.userId, startsAt: slot.startsAt, endsAt: slot.endsAt },
      after: { endedAt: now },
    });
    const { role, startsAt, endsAt } = slot;
    const lostFrom = Math.max(startsAt.getTime(), now.getTime());
    const facts = { role, platform: platformName, startsAt: lostFrom, endsAt: endsAt.getTime() };
    await tell(tx, ctx, await selectReach(tx, slot.userId), {
      topic: 'oncall.slot_ended',
      facts: { by: ctx.actor.name, reason, ...facts },
    });
    return viewOf(tx, ctx, id);
  });
  ctx.hub.publish('oncall');
  return view;
}

/** The slot to be changed, locked after its platform as every writer does, still as it was seen and not over. */
async function lockedSlot(
  tx: Tx,
  ctx: Ctx,
  { id, version }: { id: string; version: number },
): Promise<{ slot: SlotRow; platformName: string }> {
  const found = await selectSlot(tx, id);
  if (found === null) throw noSuchSlot();
  const { platformId } = found.slot;
  assertCan(ctx, 'oncall:write', platformId, 'slot');
  const platformName = await lockPlatform(tx, platformId);
  const slot = await lockSlot(tx, id);
  if (slot === null || platformName === null) throw noSuchSlot();
  if (slot.endedAt !== null || slot.endsAt <= ctx.now()) {
    throw new DomainError('precondition', 'This slot is over; put somebody on call anew.');
  }
  if (slot.version !== version) {
    throw new DomainError('conflict', 'Somebody changed this slot meanwhile; look at it again.');
  }
  return { slot, platformName };
}
