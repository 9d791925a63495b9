import { createSlotInput, type CreateSlotInput, type SlotView } from '@qd/shared/oncall';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, notifications, oncallSlots, users } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { oncallRouter } from './router.ts';

let stores: TestStores;
const ids: Record<string, string> = {};
const id = (name: string): string => ids[name] ?? '';
const start = new Date('2026-05-20T12:00:00Z');
const startMs = start.getTime();
const at = (hours: number): number => startMs + hours * HOUR_MS;
const callerOf = createCallerFactory(oncallRouter);
const as = (actor: Actor) => callerOf(testCtx(stores, { actor }));
const commander = () => as(actorWith('commander'));

const input = (wanted: Partial<z.input<typeof createSlotInput>> = {}): CreateSlotInput =>
  createSlotInput.parse({
    platform: 'shop',
    userId: id('Ada'),
    role: 'primary',
    startsAt: at(0),
    endsAt: at(8),
    ...wanted,
  });
const cause = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => Promise.reject(new Error('was accepted')),
    (error: unknown) => (error instanceof Error ? error.cause : error),
  );
const refusedFor = (code: string, field: string) => ({ code, fields: [expect.objectContaining({ field })] });
const logged = async () =>
  (await stores.db.select().from(auditEvents).orderBy(auditEvents.seq)).filter((row) => row.category === 'oncall');
const mails = async () =>
  (await stores.db.select().from(notifications)).map((row) => `${row.channel} ${row.body.title}`).toSorted();
const seen = ({ id: slot, version }: SlotView) => ({ id: slot, version, reason: 'swapped shifts' });

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['shop', 'bank']);
  const cast = {
    Ada: ['operator'],
    Bo: ['operator@shop'],
    Cy: ['operator@bank'],
    Sleeper: ['operator'],
    Boss: ['commander@shop'],
  };
  const made = await addPeople(
    stores.db,
    Object.entries(cast).map(([name, roles]) => ({ name, roles })),
  );
  Object.keys(cast).forEach((name, i) => (ids[name] = made[i] ?? ''));
  await stores.db
    .update(users)
    .set({ state: 'suspended' })
    .where(eq(users.id, id('Sleeper')));
});
beforeEach(async () => {
  await stores.db.delete(oncallSlots);
  await stores.db.delete(notifications);
  stores.clock.set(start);
});
afterAll(() => stores.close());

describe('a slot', () => {
  it('is stored, told to whom it is given, and kept in the log', async () => {
    const made = await commander().create(input({ note: 'Deploy at six' }));
    expect(made).toMatchObject({
      platform: 'shop',
      role: 'primary',
      person: { id: id('Ada'), name: 'Ada', state: 'active' },
      state: 'running',
      endsAt: at(8),
      plannedEndsAt: at(8),
      ended: null,
      version: 1,
    });
    expect((await commander().list({})).rows).toEqual([made]);
    expect(await mails()).toEqual(['email:ada@example.com You are on call for The shop']);
    const last = (await logged()).at(-1);
    expect(last).toMatchObject({ action: 'oncall.created', platform: 'shop', targetId: made.id });
  });

  it('is not told to whoever takes it themselves', async () => {
    await callerOf(await actingAs(stores, id('Boss'))).create(input({ userId: id('Boss') }));
    expect(await mails()).toEqual([]);
  });

  it.each<[string, () => Partial<CreateSlotInput>, string]>([
    ['that began long ago', () => ({ startsAt: at(-1) }), 'startsAt'],
    ['too far ahead', () => ({ startsAt: startMs + 401 * DAY_MS, endsAt: startMs + 402 * DAY_MS }), 'startsAt'],
    ['too short', () => ({ endsAt: startMs + 14 * MINUTE_MS }), 'endsAt'],
    ['too long', () => ({ endsAt: startMs + 15 * DAY_MS }), 'endsAt'],
    ['on no platform', () => ({ platform: 'nowhere' }), 'platform'],
    ['of somebody suspended', () => ({ userId: id('Sleeper') }), 'userId'],
    ['of somebody who does not see the platform', () => ({ userId: id('Cy') }), 'userId'],
    ['of nobody', () => ({ userId: 'usr_nobody' }), 'userId'],
  ])('%s is refused with the field at fault', async (_, wanted, field) => {
    expect(await cause(as(actorWith('commander')).create(input(wanted())))).toMatchObject(refusedFor('invalid', field));
    expect(await stores.db.select().from(oncallSlots)).toEqual([]);
  });

  it('stands beside no other of its role or its person, and may follow one at once', async () => {
    await commander().create(input());
    const clash = await cause(commander().create(input({ userId: id('Bo'), startsAt: at(7), endsAt: at(9) })));
    expect(clash).toMatchObject(refusedFor('conflict', 'role'));
    expect((clash as Error).message).toBe(
      'Nothing was stored: Ada is primary from 2026-05-20 12:00 UTC to 2026-05-20 20:00 UTC.',
    );
    expect(await cause(commander().create(input({ role: 'secondary' })))).toMatchObject(
      refusedFor('conflict', 'userId'),
    );
    await commander().create(input({ role: 'secondary', userId: id('Bo') }));
    await commander().create(input({ startsAt: at(8), endsAt: at(9) }));
    await as(actorWith('commander')).create(input({ platform: 'bank' }));
    expect(await stores.db.select().from(oncallSlots)).toHaveLength(4);
  });

  it('is won by exactly one of twenty who ask for overlapping ones at once', async () => {
    const asked = Array.from({ length: 20 }, (_, i) =>
      commander().create(input({ userId: i % 2 === 0 ? id('Ada') : id('Bo'), startsAt: at(i / 10), endsAt: at(4) })),
    );
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of settled) {
      if (one.status === 'rejected') expect((one.reason as Error).cause).toMatchObject({ code: 'conflict' });
    }
    expect(await stores.db.select().from(oncallSlots)).toHaveLength(1);
  });
});

describe('the database', () => {
  const row = (name: string, role: 'primary' | 'secondary', hours: [number, number]) => ({
    id: `ocs_${name}_${role}_${hours[0]}`,
    platformId: 'shop',
    userId: id(name),
    role,
    startsAt: new Date(at(hours[0])),
    endsAt: new Date(at(hours[1])),
    createdAt: start,
  });
  const refused = async (change: Promise<unknown>): Promise<string> => {
    const error: unknown = await change.then(
      () => null,
      (reason: unknown) => reason,
    );
    const why = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return (why as { constraint?: string } | null)?.constraint ?? 'was accepted';
  };

  it('itself keeps slots apart, in whatever way they are stored or changed', async () => {
    const insert = (...values: Parameters<typeof row>) => stores.db.insert(oncallSlots).values(row(...values));
    await insert('Ada', 'primary', [0, 8]);
    expect(await refused(insert('Bo', 'primary', [7, 9]))).toBe('oncall_slots_apart');
    expect(await refused(insert('Ada', 'secondary', [7, 9]))).toBe('oncall_slots_apart');
    await insert('Bo', 'primary', [8, 10]);
    const ofBo = eq(oncallSlots.userId, id('Bo'));
    const move = stores.db
      .update(oncallSlots)
      .set({ startsAt: new Date(at(7)) })
      .where(ofBo);
    expect(await refused(move)).toBe('oncall_slots_apart');
    expect(await refused(insert('Bo', 'secondary', [30, 30]))).toBe('oncall_slots_length');
    expect(await refused(insert('Bo', 'secondary', [30, 30 + 24 * 15]))).toBe('oncall_slots_length');
    const end = (change: object) => stores.db.update(oncallSlots).set(change).where(ofBo);
    expect(await refused(end({ endedAt: start }))).toBe('oncall_slots_ended');
    await end({ endedAt: start, endedReason: 'called off' });
    expect(await refused(end({ endedAt: null, endedReason: null }))).toBe('oncall_slots_stays_ended');
    await insert('Sleeper', 'primary', [8, 10]);
  });

  it('lets one of many that overlap through, when they come past the console', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        stores.db.insert(oncallSlots).values({ ...row('Ada', 'primary', [0, 8]), id: `ocs_${i}` }),
      ),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('handing over', () => {
  it('cuts a slot that runs and goes on with the other person, so that it stays known who was on call', async () => {
    const made = await commander().create(input());
    stores.clock.set(new Date(at(2)));
    const rest = await commander().handOver({ ...seen(made), userId: id('Bo') });
    expect(rest).toMatchObject({
      person: { name: 'Bo' },
      startsAt: at(2),
      endsAt: at(8),
      state: 'running',
      version: 1,
    });
    expect(rest.id).not.toBe(made.id);
    expect((await commander().list({})).rows).toMatchObject([
      {
        id: made.id,
        person: { name: 'Ada' },
        endsAt: at(2),
        plannedEndsAt: at(8),
        ended: { reason: 'swapped shifts' },
      },
      { id: rest.id },
    ]);
    expect(await mails()).toEqual([
      'email:ada@example.com Bo takes over on call for The shop',
      'email:ada@example.com You are on call for The shop',
      'email:bo@example.com You are on call for The shop',
    ]);
    expect((await logged()).at(-1)).toMatchObject({
      action: 'oncall.handed_over',
      details: { reason: 'swapped shifts', to: 'bo@example.com', goesOnAs: rest.id },
    });
  });

  it('passes a slot that is still to come on as it is', async () => {
    const made = await commander().create(input({ startsAt: at(4), endsAt: at(6) }));
    const passed = await commander().handOver({ ...seen(made), userId: id('Bo') });
    expect(passed).toEqual({ ...made, person: { id: id('Bo'), name: 'Bo', state: 'active' }, version: 2 });
  });

  it('goes by what was seen, and to somebody who can be there', async () => {
    const made = await commander().create(input({ startsAt: at(4), endsAt: at(6) }));
    await commander().create(input({ userId: id('Bo'), role: 'secondary', startsAt: at(5), endsAt: at(7) }));
    const to = (name: string) => commander().handOver({ ...seen(made), userId: id(name) });
    expect(await cause(to('Bo'))).toMatchObject(refusedFor('conflict', 'userId'));
    expect(await cause(to('Ada'))).toMatchObject(refusedFor('invalid', 'userId'));
    expect(await cause(to('Sleeper'))).toMatchObject(refusedFor('invalid', 'userId'));
    await to('Boss');
    expect(await cause(to('Ada'))).toMatchObject({ code: 'conflict', fields: [] });
    stores.clock.set(new Date(at(6)));
    expect(await cause(to('Ada'))).toMatchObject({ code: 'precondition' });
  });
});

describe('ending', () => {
  it('keeps what was held, frees what was to come, and tells who had it', async () => {
    const made = await commander().create(input());
    stores.clock.set(new Date(at(3)));
    const ended = await commander().end(seen(made));
    expect(ended).toMatchObject({ state: 'over', startsAt: at(0), endsAt: at(3), plannedEndsAt: at(8), version: 2 });
    expect(ended.ended).toEqual({ at: at(3), by: null, reason: 'swapped shifts' });
    expect(await cause(commander().end({ ...seen(made), version: 2 }))).toMatchObject({ code: 'precondition' });
    await commander().create(input({ userId: id('Bo'), startsAt: at(3) }));
    expect(await mails()).toContain('email:ada@example.com You are no longer on call for The shop');
    expect((await logged()).at(-2)).toMatchObject({ action: 'oncall.ended', level: 'warning' });
  });

  it('calls a slot off before it begins; the list names it only when asked', async () => {
    const boss = callerOf(await actingAs(stores, id('Boss')));
    const made = await boss.create(input({ startsAt: at(4), endsAt: at(6) }));
    expect(await boss.end(seen(made))).toMatchObject({ state: 'over', ended: { by: 'Boss' } });
    expect((await boss.list({})).rows).toEqual([]);
    expect((await boss.list({ calledOff: true })).rows).toHaveLength(1);
    await boss.create(input({ startsAt: at(4), endsAt: at(6) }));
  });
});

describe('who is on call', () => {
  it('is told with who comes next, and where nobody is', async () => {
    const first = await commander().create(input());
    const next = await commander().create(input({ userId: id('Bo'), startsAt: at(10), endsAt: at(20) }));
    const beside = await commander().create(
      input({ userId: id('Bo'), role: 'secondary', startsAt: at(8), endsAt: at(9) }),
    );
    const { platforms, asOf } = await commander().now({});
    expect(asOf).toBe(startMs);
    expect(platforms).toEqual([
      {
        platform: 'bank',
        name: 'The bank',
        primary: null,
        secondary: null,
        nextPrimary: null,
        nextSecondary: null,
      },
      {
        platform: 'shop',
        name: 'The shop',
        primary: first,
        secondary: null,
        nextPrimary: next,
        nextSecondary: beside,
      },
    ]);
    const { platforms: gaps } = await commander().gaps({ platform: 'shop' });
    expect(gaps).toMatchObject([
      { gapCount: 3, gapMs: 14 * DAY_MS - 18 * HOUR_MS, nobodyMs: 14 * DAY_MS - 19 * HOUR_MS },
    ]);
    expect(gaps[0]?.gaps).toEqual([
      { startsAt: at(8), endsAt: at(9), hasSecondary: true },
      { startsAt: at(9), endsAt: at(10), hasSecondary: false },
      { startsAt: at(20), endsAt: startMs + 14 * DAY_MS, hasSecondary: false },
    ]);
  });

  it('is shown with the state of the person: who is suspended cannot come', async () => {
    await commander().create(input({ userId: id('Bo') }));
    await stores.db
      .update(users)
      .set({ state: 'suspended' })
      .where(eq(users.id, id('Bo')));
    const { platforms } = await commander().now({ platform: 'shop' });
    expect(platforms[0]?.primary?.person).toMatchObject({ name: 'Bo', state: 'suspended' });
    await stores.db
      .update(users)
      .set({ state: 'active' })
      .where(eq(users.id, id('Bo')));
  });

  it('is read by page, platform, person and time', async () => {
    for (const hour of [0, 4, 8, 12]) {
      const userId = hour % 8 === 0 ? id('Ada') : id('Bo');
      await commander().create(input({ userId, startsAt: at(hour), endsAt: at(hour + 4) }));
    }
    await commander().create(input({ platform: 'bank' }));
    const first = await commander().list({ platform: 'shop', limit: 3 });
    const rest = await commander().list({ platform: 'shop', limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.rows, ...rest.rows].map((row) => row.startsAt)).toEqual([0, 4, 8, 12].map(at));
    expect(rest.nextCursor).toBeNull();
    const within = await commander().list({ platform: 'shop', from: at(4), to: at(12) });
    expect(within.rows.map((row) => row.startsAt)).toEqual([at(4), at(8)]);
    expect((await commander().list({ userId: id('Bo') })).rows).toHaveLength(2);
  });

  it('is open to nobody of another platform, and readers change nothing', async () => {
    const made = await commander().create(input());
    const elsewhere = as(actorWith('owner', 'bank'));
    expect((await elsewhere.list({ platform: 'shop' })).rows).toEqual([]);
    expect((await elsewhere.now({})).platforms.map(({ platform }) => platform)).toEqual(['bank']);
    expect(await cause(elsewhere.end(seen(made)))).toMatchObject({ code: 'not_found' });
    expect(await cause(elsewhere.end({ ...seen(made), id: 'ocs_nowhere' }))).toMatchObject({ code: 'not_found' });
    expect(await cause(elsewhere.people({ platform: 'shop' }))).toMatchObject({ code: 'not_found' });
    expect((await as(actorWith('stakeholder')).list({})).rows).toHaveLength(1);
    expect(await cause(as(actorWith('operator')).end(seen(made)))).toMatchObject({ code: 'forbidden' });
  });

  it('can be any active person who sees the platform, found by name or address', async () => {
    const names = async (search: string) =>
      (await commander().people({ platform: 'shop', search })).map((person) => person.name);
    expect(await names('')).toEqual(['Ada', 'Bo', 'Boss']);
    expect(await names('bo')).toEqual(['Bo', 'Boss']);
    expect(await names('BOSS@example')).toEqual(['Boss']);
    expect(await names('%')).toEqual([]);
  });
});
