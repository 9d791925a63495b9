import {
  cancelRotationInput,
  closeRotationInput,
  defaultKeyPolicy,
  emergencyRotationInput,
  extendRotationInput,
} from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { keysOver, plantKey } from '../../../test/keys.ts';
import { secretsOf } from '../../../test/people.ts';
import { addCalls, addConsumer, rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyPolicies, keyRotations } from '../../db/schema/index.ts';
import { ingest } from '../../platform/write.ts';
import { endKey } from './queries/ending.ts';
import { cancelRotation, closeRotation, extendRotation } from './service/rotation/change.ts';
import { finishRotations } from './service/rotation/finish.ts';
import { noteFirstUse } from './service/rotation/first-use.ts';
import { previewRotation } from './service/rotation/preview.ts';
import { rotateAtOnce } from './service/rotation/start.ts';

let stores: TestStores;
let ids: Record<'root' | 'local' | 'operator' | 'support' | 'broker', string>;
const from = { address: '198.51.100.7', agent: null, requestId: 'req_key' };
const reason = 'because of the test';

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(keyPolicies);
  const [root = '', local = '', operator = '', support = '', broker = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Local', roles: ['admin@web3audit'] },
    { name: 'Operator', roles: ['operator'] },
    { name: 'Support', roles: ['support'] },
    { name: 'Broker', roles: ['admin@hashinsight'], accounts: ['broker@hashinsight'] },
  ]);
  ids = { root, local, operator, support, broker };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const refused = (code: string, message?: RegExp) =>
  message === undefined
    ? { name: 'DomainError', code }
    : { name: 'DomainError', code, message: expect.stringMatching(message) };
const nowMs = () => stores.clock.now().getTime();
const rowOf = async (id: string) => {
  const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id));
  if (row === undefined) throw new Error(`no key ${id}`);
  return row;
};
const rotations = () => stores.db.select().from(keyRotations).orderBy(keyRotations.startedAt);
const log = async (action: string) =>
  stores.db.select().from(auditEvents).where(eq(auditEvents.action, action)).orderBy(auditEvents.seq);
const works = async (text: string) => (await keysOver(stores, testCtx(stores)).verify(text, from)) !== null;
const useFirst = (keyId: string) => ingest(stores, (tx) => noteFirstUse(tx, keyId, stores.clock.now()));

describe('rotating a key', () => {
  it('makes a successor like it, and both work through the whole overlap', async () => {
    const old = await plantKey(stores, { ipAllow: ['198.51.100.0/24'], rateLimitPerMin: 60_000 });
    const startedMs = nowMs();
    const made = await rotate(await as('root'), old.id);
    expect(made.text).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
    expect(await rowOf(made.newKeyId)).toMatchObject({
      name: 'Miner ingest',
      platform: 'hashinsight',
      environment: 'prod',
      scopes: ['miners:read', 'slo:read'],
      lineageId: old.id,
      ipAllow: ['198.51.100.0/24'],
      rateLimitPerMin: 60_000,
      expiresAt: new Date(startedMs + 90 * DAY_MS),
    });
    for (const atMs of [0, DAY_MS, 7 * DAY_MS - 1]) {
      stores.clock.set(new Date(startedMs + atMs));
      expect([await works(old.text), await works(made.text ?? '')]).toEqual([true, true]);
    }
    stores.clock.set(new Date(startedMs + 7 * DAY_MS));
    expect([await works(old.text), await works(made.text ?? '')]).toEqual([false, true]);
    expect((await log('api-keys.rotation_started'))[0]).toMatchObject({
      targetId: old.id,
      platform: 'hashinsight',
      details: { successor: made.newKeyId, reason: 'the quarter ends' },
    });
  });

  it('leaves its text nowhere', async () => {
    const old = await plantKey(stores);
    const { text } = await rotate(await as('root'), old.id);
    const secret = text?.slice(21) ?? '';
    expect(secret.length).toBeGreaterThan(30);
    expect(await secretsOf(stores)).not.toContain(secret);
  });

  it('makes one successor, however many ask at once', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => rotate(ctx, old.id)));
    const [won, ...more] = asked.filter((one) => one.status === 'fulfilled');
    expect(more).toEqual([]);
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject(refused('conflict'));
    expect(await rotations()).toMatchObject([{ oldKeyId: old.id, newKeyId: won?.value.newKeyId, closedAt: null }]);
    expect(await stores.db.select().from(apiKeys)).toHaveLength(2);
    expect(await log('api-keys.rotation_started')).toHaveLength(1);
  });

  it('and revoking at once leave a key that is revoked, and at most one successor', async () => {
    const ctx = await as('root');
    for (let i = 0; i < 8; i += 1) {
      const old = await plantKey(stores);
      const revoke = () => ingest(stores, (tx) => endKey(tx, old.id, { at: stores.clock.now(), reason, by: ids.root }));
      const acts = [() => rotate(ctx, old.id), revoke];
      await Promise.allSettled((i % 2 === 0 ? acts : acts.toReversed()).map((act) => act()));
      expect(await works(old.text)).toBe(false);
      expect((await rotations()).filter((r) => r.oldKeyId === old.id).length).toBeLessThanOrEqual(1);
      await expect(rotate(ctx, old.id)).rejects.toMatchObject(refused('conflict', /revoked/));
    }
  });

  it('never lets the old key live past its expiry, to the millisecond', async () => {
    const expiresAt = new Date(nowMs() + 3 * DAY_MS);
    const old = await plantKey(stores, { expiresAt });
    const ctx = await as('root');
    expect((await rotate(ctx, old.id, { overlapDays: 30 })).endsAt).toBe(expiresAt.getTime());
    const extend = extendRotationInput.parse({ keyId: old.id, days: 5, reason });
    await expect(extendRotation(ctx, extend)).rejects.toMatchObject(refused('conflict', /expires/));
    stores.clock.set(new Date(expiresAt.getTime() - 1));
    expect(await works(old.text)).toBe(true);
    stores.clock.set(expiresAt);
    expect(await works(old.text)).toBe(false);
  });

  it('is refused for a key at the very millisecond of its expiry, and not one before', async () => {
    const ctx = await as('root');
    const expiresAt = new Date(nowMs() + DAY_MS);
    const [late, early] = [await plantKey(stores, { expiresAt }), await plantKey(stores, { expiresAt })];
    stores.clock.set(new Date(expiresAt.getTime() - 1));
    expect((await rotate(ctx, early.id)).endsAt).toBe(expiresAt.getTime());
    stores.clock.set(expiresAt);
    await expect(rotate(ctx, late.id)).rejects.toMatchObject(refused('conflict', /expired/));
  });

  it('gives no more than there was', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    await expect(rotate(ctx, old.id, { scopes: ['miners:write'] })).rejects.toMatchObject(refused('invalid'));
    const { newKeyId } = await rotate(ctx, old.id, { scopes: ['miners:read'] });
    expect((await rowOf(newKeyId)).scopes).toEqual(['miners:read']);
  });

  it('is refused for keys that do not work', async () => {
    const ctx = await as('root');
    const at = stores.clock.now();
    const cases: [Partial<typeof apiKeys.$inferInsert>, RegExp][] = [
      [{ hash: null, activatedAt: null }, /claim link/],
      [{ quarantinedAt: at }, /quarantined/],
      [{ revokedAt: at }, /revoked/],
      [{ endsAt: at }, /successor/],
    ];
    for (const [row, words] of cases) {
      const { id } = await plantKey(stores, row);
      await expect(rotate(ctx, id)).rejects.toMatchObject(refused('conflict', words));
    }
    expect(await rotations()).toEqual([]);
  });

  it('is for who may rotate there, and shows nobody rights they lack', async () => {
    const old = await plantKey(stores);
    await expect(rotate(await as('support'), old.id)).rejects.toMatchObject(refused('forbidden'));
    await expect(rotate(await as('local'), old.id)).rejects.toMatchObject(refused('not_found'));
    await expect(rotate(await as('root'), 'nothing')).rejects.toMatchObject(refused('not_found'));
    const strong = await plantKey(stores, { scopes: ['users:write'] });
    await expect(rotate(await as('operator'), strong.id)).rejects.toMatchObject(refused('forbidden'));
    const personal = await plantKey(stores, { ownerId: ids.broker });
    await expect(rotate(await as('operator'), personal.id)).rejects.toMatchObject(refused('forbidden'));
    const own = await plantKey(stores, { ownerId: ids.broker, scopes: ['slo:read'] });
    expect((await rotate(await as('broker'), own.id)).text).not.toBeNull();
    expect((await rotate(await as('operator'), old.id)).text).not.toBeNull();
    const preview = await previewRotation(await as('operator'), makingDeps, { keyId: strong.id });
    expect(preview).toMatchObject({ beyondYou: ['users:write'], fault: null });
  });

  it('may send the new key by a link instead of showing it', async () => {
    const old = await plantKey(stores);
    const delivery = { kind: 'claim', recipientName: 'Ada', recipientEmail: 'ada@example.com' };
    const made = await rotate(await as('root'), old.id, { delivery });
    expect(made).toMatchObject({ text: null, claim: { recipientEmail: 'ada@example.com' } });
    expect(await rowOf(made.newKeyId)).toMatchObject({ hash: null, activatedAt: null });
    const cancel = cancelRotationInput.parse({ keyId: old.id, reason });
    await cancelRotation(await as('root'), cancel);
    expect(await works(old.text)).toBe(true);
  });

  it('follows the policy of the platform', async () => {
    const policy = {
      ...defaultKeyPolicy('hashinsight'),
      format: 'seed16' as const,
      maxLifeDays: { prod: 30, staging: 30, dev: 30, test: 30 },
    };
    await stores.db.insert(keyPolicies).values({ platform: 'hashinsight', policy, updatedAt: stores.clock.now() });
    const old = await plantKey(stores);
    const made = await rotate(await as('root'), old.id);
    expect(made.text).toMatch(/^hsi_prod_key_[0-9A-Za-z]{16}$/);
    expect(made.newExpiresAt).toBe(nowMs() + 30 * DAY_MS);
    expect(await works(made.text ?? '')).toBe(true);
  });
});

describe('the second clock', () => {
  it('starts with the first use of the successor, and ends the old key if it is earlier', async () => {
    const old = await plantKey(stores);
    const made = await rotate(await as('root'), old.id, { graceHours: 24 });
    expect((await rowOf(old.id)).endsAt?.getTime()).toBe(nowMs() + 7 * DAY_MS);
    stores.clock.advance(HOUR_MS);
    const usedMs = nowMs();
    const keys = keysOver(stores, testCtx(stores), { onFirstUse: noteFirstUse });
    expect(await keys.verify(made.text ?? '', from)).not.toBeNull();
    expect((await rowOf(old.id)).endsAt?.getTime()).toBe(usedMs + DAY_MS);
    expect(await rotations()).toMatchObject([{ graceEndsAt: new Date(usedMs + DAY_MS) }]);
    stores.clock.set(new Date(usedMs + DAY_MS - 1));
    expect(await works(old.text)).toBe(true);
    stores.clock.advance(1);
    expect(await works(old.text)).toBe(false);
    expect(await works(made.text ?? '')).toBe(true);
  });

  it('never moves the deadline, and runs once', async () => {
    const old = await plantKey(stores);
    const made = await rotate(await as('root'), old.id, { graceHours: 24 });
    const deadlineMs = nowMs() + 7 * DAY_MS;
    stores.clock.advance(7 * DAY_MS - HOUR_MS);
    expect(await useFirst(made.newKeyId)).toBe(false);
    expect((await rowOf(old.id)).endsAt?.getTime()).toBe(deadlineMs);
    expect(await useFirst(made.newKeyId)).toBe(false);
    expect(await useFirst(old.id)).toBe(false);
  });

  it('is not there without a grace', async () => {
    const old = await plantKey(stores);
    const made = await rotate(await as('root'), old.id);
    expect(await useFirst(made.newKeyId)).toBe(false);
    expect(await rotations()).toMatchObject([{ graceEndsAt: null }]);
  });
});

describe('changing a rotation', () => {
  it('moves the end, up to thirty days after the start', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    const startedMs = nowMs();
    await rotate(ctx, old.id, { graceHours: 1 });
    const extend = (days: number) => extendRotation(ctx, extendRotationInput.parse({ keyId: old.id, days, reason }));
    expect(await extend(7)).toEqual({ endsAt: startedMs + 14 * DAY_MS });
    expect(await extend(2)).toEqual({ endsAt: startedMs + 16 * DAY_MS });
    expect(await extend(30)).toEqual({ endsAt: startedMs + 30 * DAY_MS });
    await expect(extend(1)).rejects.toMatchObject(refused('conflict', /30 days/));
    expect((await rowOf(old.id)).endsAt?.getTime()).toBe(startedMs + 30 * DAY_MS);
    expect(await log('api-keys.rotation_extended')).toHaveLength(3);
  });

  it('is over when the old key has ended', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    await rotate(ctx, old.id, { overlapDays: 1 });
    stores.clock.advance(DAY_MS);
    const input = { keyId: old.id, reason };
    const acts = [
      () => extendRotation(ctx, extendRotationInput.parse({ ...input, days: 1 })),
      () => cancelRotation(ctx, cancelRotationInput.parse(input)),
      () => closeRotation(ctx, closeRotationInput.parse(input)),
    ];
    for (const act of acts) await expect(act()).rejects.toMatchObject(refused('conflict', /ended already/));
  });

  it('calls it off: the old key goes on and the new one stops', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    const made = await rotate(ctx, old.id);
    await cancelRotation(ctx, cancelRotationInput.parse({ keyId: made.newKeyId, reason }));
    expect([await works(old.text), await works(made.text ?? '')]).toEqual([true, false]);
    expect(await rowOf(old.id)).toMatchObject({ endsAt: null });
    expect(await rotations()).toMatchObject([{ outcome: 'cancelled', closedBy: ids.root }]);
    expect((await rotate(ctx, old.id)).newKeyId).not.toBe(made.newKeyId);
  });

  it('asks before a new key in use is stopped', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    const made = await rotate(ctx, old.id);
    await stores.db.update(apiKeys).set({ firstUsedAt: stores.clock.now() }).where(eq(apiKeys.id, made.newKeyId));
    const input = { keyId: old.id, reason };
    await expect(cancelRotation(ctx, cancelRotationInput.parse(input))).rejects.toMatchObject(
      refused('conflict', /in use since/),
    );
    await cancelRotation(ctx, cancelRotationInput.parse({ ...input, successorInUse: true }));
    expect(await works(made.text ?? '')).toBe(false);
  });

  it('ends the old key early when that breaks nobody, or when its name was typed', async () => {
    const ctx = await as('root');
    const [quiet, busy] = [await plantKey(stores), await plantKey(stores)];
    for (const { id } of [quiet, busy]) await rotate(ctx, id);
    await closeRotation(ctx, closeRotationInput.parse({ keyId: quiet.id, reason }));
    expect(await works(quiet.text)).toBe(false);
    await addConsumer(stores, busy.id, 'edge-gw-2', { ranges: ['203.0.113.7/32'] });
    await addCalls(stores, busy.id, { address: '203.0.113.7' });
    const close = (typed: object) => closeRotation(ctx, closeRotationInput.parse({ keyId: busy.id, reason, ...typed }));
    await expect(close({})).rejects.toMatchObject(refused('conflict', /edge-gw-2/));
    await expect(close({ typedName: 'miner' })).rejects.toMatchObject(refused('invalid'));
    expect(await works(busy.text)).toBe(true);
    await close({ typedName: 'Miner ingest' });
    expect(await works(busy.text)).toBe(false);
    expect((await log('api-keys.rotation_closed')).map(({ details }) => details)).toMatchObject([
      { wasSafe: true },
      { wasSafe: false },
    ]);
  });

  it('is refused for keys that are not being rotated, and for who may not', async () => {
    const old = await plantKey(stores);
    const input = closeRotationInput.parse({ keyId: old.id, reason });
    await expect(closeRotation(await as('root'), input)).rejects.toMatchObject(
      refused('conflict', /not being rotated/),
    );
    await rotate(await as('root'), old.id);
    await expect(closeRotation(await as('local'), input)).rejects.toMatchObject(refused('not_found'));
    await expect(closeRotation(await as('support'), input)).rejects.toMatchObject(refused('forbidden'));
  });
});

describe('an emergency', () => {
  it('ends the old key at once, and says before who breaks first', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    await addConsumer(stores, old.id, 'edge-gw-1', { ranges: ['203.0.113.0/28'] });
    await addCalls(stores, old.id, { address: '203.0.113.7', count: 900 });
    await addCalls(stores, old.id, { address: '192.0.2.9', count: 1_200, agent: 'batch/1' });
    await addCalls(stores, old.id, { address: '192.0.2.10', count: 5, agoMs: 2 * HOUR_MS });
    const preview = await previewRotation(ctx, makingDeps, { keyId: old.id, overlapDays: 0 });
    expect(preview).toMatchObject({ deadlineAt: nowMs(), callsLastHour: 2_100, policyOverlapDays: 7 });
    expect(preview.callers.map(({ consumer, lastHour }) => [consumer, lastHour])).toEqual([
      [null, 1_200],
      ['edge-gw-1', 900],
    ]);
    const made = await rotateAtOnce(ctx, makingDeps, emergencyRotationInput.parse({ keyId: old.id, reason }));
    expect([await works(old.text), await works(made.text ?? '')]).toEqual([false, true]);
    expect((await log('api-keys.rotation_started'))[0]).toMatchObject({ level: 'critical' });
  });
});

describe('the end of a rotation', () => {
  it('is recorded once by the console, at the instant the old key ended', async () => {
    const old = await plantKey(stores);
    const endsAt = new Date((await rotate(await as('root'), old.id)).endsAt);
    expect(await finishRotations(testCtx(stores))).toBe(0);
    stores.clock.set(new Date(endsAt.getTime() + 5 * MINUTE_MS));
    const finished = await Promise.all([finishRotations(testCtx(stores)), finishRotations(testCtx(stores))]);
    expect(finished[0] + finished[1]).toBe(1);
    expect(await rotations()).toMatchObject([{ outcome: 'completed', closedAt: endsAt, closedBy: null }]);
    expect(await log('api-keys.rotation_completed')).toMatchObject([{ targetId: old.id, actorKind: 'system' }]);
    expect(await finishRotations(testCtx(stores))).toBe(0);
  });

  it('lets the successor be rotated next', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    const made = await rotate(ctx, old.id, { overlapDays: 1 });
    const next = await rotate(ctx, made.newKeyId);
    expect((await rowOf(next.newKeyId)).lineageId).toBe(old.id);
    await expect(rotate(ctx, old.id)).rejects.toMatchObject(refused('conflict', /already/));
  });
});
