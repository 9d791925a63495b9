import { createSecretInput, manualSchedules, type CreateSecretInput } from '@qd/shared/secrets';
import { DAY_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, secretRotations, secrets } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { secretsRouter } from './router.ts';

let stores: TestStores;
let jun: string;
const now = new Date('2026-05-20T12:30:00Z');
const nowMs = now.getTime();
const callerOf = createCallerFactory(secretsRouter);
const as = (actor: Actor) => callerOf(testCtx(stores, { actor, now }));
const operator = () => as(actorWith('operator'));

const input = (wanted: Partial<z.input<typeof createSecretInput>> = {}): CreateSecretInput =>
  createSecretInput.parse({ platform: 'shop', name: 'REDIS_PASSWORD', cadence: 'days', everyDays: 30, ...wanted });
const change = (wanted: Partial<z.input<typeof createSecretInput>> = {}) => {
  const { platform: _fixed, lastRotatedAt: _recorded, ...facts } = input(wanted);
  return facts;
};
const cause = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => Promise.reject(new Error('was accepted')),
    (error: unknown) => (error instanceof Error ? error.cause : error),
  );
const logged = async (id: string) =>
  (await stores.db.select().from(auditEvents).orderBy(auditEvents.seq)).filter((row) => row.targetId === id);

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['shop', 'bank', 'stellarescrow']);
  [jun = ''] = await addPeople(stores.db, [{ name: 'Jun Watanabe', roles: ['operator'] }]);
});
beforeEach(async () => {
  await stores.db.delete(secrets);
});
afterAll(() => stores.close());

describe('the register of secrets', () => {
  it('keeps an entry with what was known before, and says so in the log', async () => {
    const made = await operator().create(input({ lastRotatedAt: nowMs - 20 * DAY_MS }));
    expect(made).toMatchObject({ state: 'due_soon', nextDueAt: nowMs + 10 * DAY_MS, owner: '', archivedAt: null });
    const { secret, history } = await operator().get({ id: made.id });
    expect(secret).toEqual(made);
    expect(history.rows).toMatchObject([
      { rotatedAt: nowMs - 20 * DAY_MS, evidence: 'As told when the secret was entered.' },
    ]);
    expect(await logged(made.id)).toMatchObject([
      { action: 'secrets.created', category: 'secrets', platform: 'shop', after: { name: 'REDIS_PASSWORD' } },
    ]);
  });

  it('refuses a name in use, a platform there is not, a rotation to come, and owners nobody may name', async () => {
    await operator().create(input());
    expect(await cause(operator().create(input()))).toMatchObject({ code: 'conflict', fields: [{ field: 'name' }] });
    expect(await cause(operator().create(input({ platform: 'nowhere' })))).toMatchObject({
      code: 'invalid',
      fields: [{ field: 'platform' }],
    });
    expect(await cause(operator().create(input({ name: 'B', lastRotatedAt: nowMs + 1 })))).toMatchObject({
      code: 'invalid',
      fields: [{ field: 'lastRotatedAt' }],
    });
    expect(await cause(operator().create(input({ name: 'C', ownerId: jun })))).toMatchObject({
      code: 'invalid',
      fields: [{ field: 'ownerId' }],
    });
    expect(await stores.db.select().from(secrets)).toHaveLength(1);
  });

  it('takes oneself, or whom one may see, as the owner, and shows the name', async () => {
    const self = callerOf(await actingAs(stores, jun));
    expect(await self.create(input({ ownerId: jun }))).toMatchObject({ ownerId: jun, owner: 'Jun Watanabe' });
    const byAdmin = as(actorWith('admin'));
    expect(await byAdmin.create(input({ name: 'B', ownerId: jun }))).toMatchObject({ owner: 'Jun Watanabe' });
    expect(await byAdmin.create(input({ name: 'C', ownerName: 'The bank’s desk' }))).toMatchObject({
      ownerId: null,
      owner: 'The bank’s desk',
    });
  });

  it('records rotations, the latest of which counts, and no rotation twice', async () => {
    const { id } = await operator().create(input({ lastRotatedAt: nowMs - 40 * DAY_MS }));
    const rotation = { id, evidence: 'Ticket OPS-12', evidenceUrl: 'https://tickets.example/OPS-12' };
    const done = await operator().recordRotation({ ...rotation, rotatedAt: nowMs - DAY_MS });
    expect(done).toMatchObject({ state: 'ok', lastRotatedAt: nowMs - DAY_MS, nextDueAt: nowMs + 29 * DAY_MS });
    const late = await operator().recordRotation({ ...rotation, rotatedAt: nowMs - 50 * DAY_MS });
    expect(late).toMatchObject({ lastRotatedAt: nowMs - DAY_MS, nextDueAt: nowMs + 29 * DAY_MS });
    expect(await cause(operator().recordRotation({ ...rotation, rotatedAt: nowMs - DAY_MS }))).toMatchObject({
      code: 'conflict',
    });
    expect(await cause(operator().recordRotation({ ...rotation, rotatedAt: nowMs + 1 }))).toMatchObject({
      code: 'invalid',
      fields: [{ field: 'rotatedAt' }],
    });
    const first = await operator().get({ id, limit: 2 });
    const rest = await operator().get({ id, limit: 2, cursor: first.history.nextCursor ?? '' });
    expect([...first.history.rows, ...rest.history.rows].map((row) => row.rotatedAt)).toEqual(
      [1, 40, 50].map((days) => nowMs - days * DAY_MS),
    );
    expect(rest.history.nextCursor).toBeNull();
    expect((await logged(id)).map((row) => row.action)).toEqual([
      'secrets.created',
      'secrets.rotated',
      'secrets.rotated',
    ]);
  });

  it('stores one of two rotations that arrive together at the same instant', async () => {
    const { id } = await operator().create(input());
    const rotation = { id, evidence: 'Ticket OPS-12', rotatedAt: nowMs - DAY_MS };
    const settled = await Promise.allSettled([
      operator().recordRotation(rotation),
      operator().recordRotation(rotation),
    ]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await stores.db.select().from(secretRotations).where(eq(secretRotations.secretId, id))).toHaveLength(1);
  });

  it('is changed from what was seen only, and the day it is due follows the cadence', async () => {
    const made = await operator().create(input({ lastRotatedAt: nowMs - 40 * DAY_MS }));
    expect(made.state).toBe('overdue');
    const seen = { id: made.id, seenAt: made.updatedAt };
    const changed = await operator().update({ ...seen, ...change({ everyDays: 90 }) });
    expect(changed).toMatchObject({ state: 'ok', nextDueAt: nowMs + 50 * DAY_MS });
    expect(await cause(operator().update({ ...seen, ...change({ everyDays: 10 }) }))).toMatchObject({
      code: 'conflict',
    });
    expect(await cause(operator().archive(seen))).toMatchObject({ code: 'conflict' });
    const byHand = await operator().update({
      id: made.id,
      seenAt: changed.updatedAt,
      ...change({ cadence: 'manual', everyDays: null }),
    });
    expect(byHand).toMatchObject({ state: 'manual', nextDueAt: null });
    expect(await logged(made.id)).toMatchObject([
      { action: 'secrets.created' },
      { action: 'secrets.updated', before: { everyDays: 30 }, after: { everyDays: 90 } },
      { action: 'secrets.updated', before: { everyDays: 90 }, after: { everyDays: null } },
    ]);
  });

  it('lets an archived entry rest: nothing about it changes, and its name is free', async () => {
    const made = await operator().create(input());
    await operator().archive({ id: made.id, seenAt: made.updatedAt });
    const again = { id: made.id, evidence: 'Ticket OPS-12', rotatedAt: nowMs };
    expect(await cause(operator().recordRotation(again))).toMatchObject({ code: 'precondition' });
    await operator().create(input());
    expect((await operator().list({})).rows).toHaveLength(1);
    expect((await operator().list({ archived: true })).rows).toHaveLength(2);
    expect((await operator().list({ archived: true })).counts.never).toBe(1);
  });

  it('is read by page, state and platform, with counts of all states', async () => {
    const ages = { A: 40, B: 20, C: 1 };
    for (const [name, days] of Object.entries(ages)) {
      await operator().create(input({ name, lastRotatedAt: nowMs - days * DAY_MS }));
    }
    await operator().create(input({ name: 'D' }));
    await operator().create(input({ platform: 'bank', name: 'E', cadence: 'manual', everyDays: null }));
    const first = await operator().list({ limit: 3 });
    const rest = await operator().list({ limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.rows, ...rest.rows].map((row) => `${row.platform} ${row.name} ${row.state}`)).toEqual([
      'bank E manual',
      'shop A overdue',
      'shop B due_soon',
      'shop C ok',
      'shop D never',
    ]);
    expect(first.counts).toEqual({ ok: 1, due_soon: 1, overdue: 1, never: 1, manual: 1 });
    const due = await operator().list({ platform: 'shop', states: ['overdue', 'due_soon'] });
    expect(due.rows.map((row) => row.name)).toEqual(['A', 'B']);
    expect(due.counts).toEqual({ ok: 1, due_soon: 1, overdue: 1, never: 1, manual: 0 });
  });

  it('takes the schedule of a manual once, and leaves alone what is there', async () => {
    await operator().create(input({ platform: 'stellarescrow', name: 'ADMIN_KEYS', lastRotatedAt: nowMs }));
    const all = manualSchedules['stellarescrow']?.length ?? 0;
    expect(await operator().addSchedule({ platform: 'stellarescrow' })).toEqual({ added: all - 1 });
    const { rows, counts } = await operator().list({ platform: 'stellarescrow' });
    expect(rows).toHaveLength(all);
    expect(counts).toMatchObject({ ok: 1, never: 4, manual: 1 });
    expect(await cause(operator().addSchedule({ platform: 'stellarescrow' }))).toMatchObject({ code: 'precondition' });
    expect(await cause(operator().addSchedule({ platform: 'shop' }))).toMatchObject({ code: 'precondition' });
  });

  it('is open to no other platform, and readers change nothing', async () => {
    const made = await operator().create(input());
    const elsewhere = as(actorWith('operator', 'bank'));
    expect((await elsewhere.list({ platform: 'shop' })).rows).toEqual([]);
    const unknown = await cause(elsewhere.get({ id: 'sec_nowhere' }));
    expect(await cause(elsewhere.get({ id: made.id }))).toMatchObject({ message: (unknown as Error).message });
    expect(await cause(elsewhere.archive({ id: made.id, seenAt: made.updatedAt }))).toMatchObject({
      code: 'not_found',
    });
    expect(await cause(as(actorWith('commander')).archive({ id: made.id, seenAt: made.updatedAt }))).toMatchObject({
      code: 'forbidden',
    });
    expect(await cause(as(actorWith('support')).list({}))).toMatchObject({ code: 'forbidden' });
  });
});
