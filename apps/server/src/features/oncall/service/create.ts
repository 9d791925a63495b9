import { randomBytes } from 'node:crypto';
import type { CreateSlotInput, SlotView } from '@qd/shared/oncall';
import type { Tx } from '../../../db/client.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { selectSlot } from '../queries/slots.ts';
import { insertSlot, lockPlatform } from '../queries/writes.ts';
import { assertFree, assertSpan, callPerson, invalid } from './faults.ts';
import { slotView } from './read.ts';
import { tell } from './tell.ts';

/** Draws an id of a slot. */
export function newSlotId(): string {
  return `ocs_${randomBytes(9).toString('base64url')}`;
}

/**
 * Puts a person on call and tells them. Throws `invalid` with the field at fault, `conflict` when the role or the person is taken
 * then, and `forbidden`, or `not_found` for a platform the caller may not see.
 */
export async function createSlot(ctx: Ctx, input: CreateSlotInput): Promise<SlotView> {
  const { platform, userId, role, startsAt, endsAt, note } = input;
  assertCan(ctx, 'oncall:write', platform, 'platform');
  assertSpan(ctx, input);
  const view = await write(ctx, async (tx, record) => {
    const platformName = await lockPlatform(tx, platform);
    if (platformName === null) throw invalid('platform', 'names no platform');
    const person = await callPerson(tx, ctx, platform, userId);
    await assertFree(tx, input);
    const id = newSlotId();
    await insertSlot(tx, {
      id,
      platformId: platform,
      userId,
      role,
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
      note,
      createdBy: ctx.actor.id,
      createdAt: ctx.now(),
    });
    record({
      action: 'oncall.created',
      category: 'oncall',
      platform,
      target: { kind: 'slot', id },
      details: { person: person.email },
      after: { userId, role, startsAt: new Date(startsAt), endsAt: new Date(endsAt), note },
    });
    const facts = { by: ctx.actor.name, role, platform: platformName, startsAt, endsAt, note };
    await tell(tx, ctx, person, { topic: 'oncall.slot_given', facts });
    return viewOf(tx, ctx, id);
  });
  ctx.hub.publish('oncall');
  return view;
}

/** The slot as it reads inside the transaction. */
export async function viewOf(tx: Tx, ctx: Ctx, id: string): Promise<SlotView> {
  const found = await selectSlot(tx, id);
  if (found === null) throw new Error('a slot that was just stored is gone');
  return slotView(found, ctx.now());
}
