import { DomainError } from '@qd/shared/errors';
import { createSlotInput } from '@qd/shared/oncall';
import { HOUR_MS } from '@qd/shared/time';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { openTestStores, type TestStores } from '../test/stores.ts';
import { oncallSlots } from './db/schema/index.ts';
import { handOverSlot } from './features/oncall/service/change.ts';
import { createSlot } from './features/oncall/service/create.ts';
import { offboardPerson } from './features/users/service/directory/offboard.ts';

const ROUNDS = 8;

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['shop']);
});
afterAll(() => stores.close());

it('leaves no slot with somebody who is put on call, or handed one, while they leave', async () => {
  const names = Array.from({ length: ROUNDS }, (_, i) => ({ name: `Leaver ${i}`, roles: ['operator'] }));
  const [root = '', stays = '', ...leavers] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Stays', roles: ['operator'] },
    ...names,
  ]);
  const ctx = await actingAs(stores, root);
  const at = (hours: number): number => ctx.now().getTime() + hours * HOUR_MS;
  const slot = (userId: string, hours: number, role: 'primary' | 'secondary') =>
    createSlotInput.parse({ platform: 'shop', userId, role, startsAt: at(hours), endsAt: at(hours + 1) });
  const unexpected: unknown[] = [];
  for (const [i, leaver] of leavers.entries()) {
    const handed = await createSlot(ctx, slot(stays, 2 * i, 'primary'));
    const settled = await Promise.allSettled([
      createSlot(ctx, slot(leaver, 2 * i, 'secondary')),
      offboardPerson(ctx, { id: leaver, reason: 'leaves today', keys: [] }),
      handOverSlot(ctx, { id: handed.id, version: 1, userId: leaver, reason: 'swapped' }),
    ]);
    expect(settled[1].status).toBe('fulfilled');
    for (const one of settled) {
      // Whoever comes after is told so; whoever comes before is undone. Nobody waits for the other for ever.
      if (one.status === 'rejected' && !(one.reason instanceof DomainError)) unexpected.push(one.reason);
    }
  }
  expect(unexpected).toEqual([]);
  const kept = await stores.db.select().from(oncallSlots).where(inArray(oncallSlots.userId, leavers));
  expect(kept.filter((row) => row.endedAt === null)).toEqual([]);
});
