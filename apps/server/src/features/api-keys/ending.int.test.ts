import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { formatKey } from '@qd/shared/api-keys';
import { revokeManyInput } from '@qd/shared/api-keys/ending';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, keyText, plantKey } from '../../../test/keys.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyConsumers, keyMinutes, keyRotations, keyUsage } from '../../db/schema/index.ts';
import { derivePepper } from '../../platform/pepper.ts';
import { createLookUpLimit, lookUpKey } from './service/ending/look-up.ts';
import { endingPreview } from './service/ending/preview.ts';
import { quarantineKey, releaseKey } from './service/ending/quarantine.ts';
import { revokeByName, revokeKey, revokeMany } from './service/ending/revoke.ts';
import { cancelRotation } from './service/rotation/change.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', requestId: 'req_key' };
const reason = 'because of the test';
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const as = (role: Parameters<typeof actorWith>[0], platform?: string) =>
  testCtx(stores, { actor: actorWith(role, platform) });
const refused = (code: string) => ({ name: 'DomainError', code });
const keyOf = async (id: string) => (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0];
const log = async (action: string) =>
  stores.db.select().from(auditEvents).where(eq(auditEvents.action, action)).orderBy(auditEvents.seq);
const ago = (ms: number) => new Date(stores.clock.now().getTime() - ms);

describe('what ending a key would cost', () => {
  it('is counted from its calls, by consumer and caller, with the rate of the last whole minutes', async () => {
    stores.clock.set(new Date('2026-10-03T14:47:30Z'));
    const { id } = await plantKey(stores);
    const consumer = { id: 'kco_1', lineageId: id, name: 'edge-gw-2', ownerName: 'Ingest', channel: 'email' as const };
    await stores.db
      .insert(keyConsumers)
      .values({ ...consumer, address: 'ops@example.com', ranges: ['203.0.113.0/24'], createdAt: ago(0) });
    const call = { keyId: id, spanMs: 10 * MINUTE_MS, agent: 'edge/2', lastAt: ago(MINUTE_MS), outcome: 'ok' };
    await stores.db.insert(keyUsage).values([
      { ...call, address: '203.0.113.9', startsAt: ago(20 * MINUTE_MS), count: 80_000 },
      { ...call, address: '203.0.113.9', startsAt: ago(5 * HOUR_MS), count: 1_000 },
      { ...call, address: '203.0.113.9', startsAt: ago(25 * HOUR_MS), count: 7 },
      { ...call, address: '192.0.2.4', startsAt: ago(20 * MINUTE_MS), count: 4_180 },
      { ...call, address: '192.0.2.4', startsAt: ago(20 * MINUTE_MS), count: 999, outcome: 'revoked' },
    ]);
    const minute = (back: number) => new Date(Date.parse('2026-10-03T14:47:00Z') - back * MINUTE_MS);
    await stores.db
      .insert(keyMinutes)
      .values([
        { keyId: id, minuteAt: minute(0), count: 700 },
        ...[1, 2, 3, 4, 5].map((back) => ({ keyId: id, minuteAt: minute(back), count: 1_401 + back - 1 })),
        { keyId: id, minuteAt: minute(6), count: 50_000 },
      ]);
    expect(await endingPreview(as('auditor'), { id })).toMatchObject({
      name: 'Miner ingest',
      state: 'active',
      perMinute: 1_403,
      lastHour: 84_180,
      lastDay: 85_180,
      from: ['edge-gw-2', '192.0.2.4'],
      callers: [
        { address: '203.0.113.9', consumer: 'edge-gw-2', lastHour: 80_000, lastDay: 81_000 },
        { address: '192.0.2.4', consumer: null, lastHour: 4_180 },
      ],
      consumers: [{ name: 'edge-gw-2', ownerName: 'Ingest', lastHour: 80_000 }],
      rotation: null,
      asOf: stores.clock.now().getTime(),
    });
  });

  it('is shown to readers of the platform alone', async () => {
    const { id } = await plantKey(stores);
    await expect(endingPreview(as('auditor', 'web3-audit'), { id })).rejects.toMatchObject(refused('not_found'));
    await expect(endingPreview(as('auditor'), { id: 'none' })).rejects.toMatchObject(refused('not_found'));
    expect(await endingPreview(as('auditor'), { id })).toMatchObject({ perMinute: 0, lastDay: 0, from: [] });
  });
});

describe('revoking', () => {
  it('wants the name of the key, says why in its row and the log, and leaves a tombstone outside', async () => {
    const { id, text } = await plantKey(stores);
    const ctx = as('operator');
    const deps = endingDeps();
    const keys = keysOver(stores, ctx);
    expect(await keys.verify(text, from)).not.toBeNull();
    await expect(revokeByName(ctx, deps, { id, reason, typedName: 'miner ingest' })).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ field: 'typedName' }],
    });
    expect(await keys.verify(text, from)).not.toBeNull();
    expect(await revokeByName(ctx, deps, { id, reason, typedName: ' Miner ingest' })).toEqual({
      revoked: true,
      isLedgerPending: false,
    });
    expect(await keys.verify(text, from)).toBeNull();
    expect(await keyOf(id)).toMatchObject({ endReason: reason, endedBy: 'user_operator', revokedAt: ctx.now() });
    expect(deps.ledger.written).toMatchObject([{ id, pepperVersion: 1, kind: 'revoked', at: ctx.now().getTime() }]);
    expect(deps.ledger.written[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await log('api-keys.revoked')).toMatchObject([{ targetId: id, details: { reason, rotations: [] } }]);
    expect(JSON.stringify([deps.ledger.written, await log('api-keys.revoked')])).not.toContain(text);
  });

  it('is for who may rotate there, and for nobody without the platform', async () => {
    const { id } = await plantKey(stores);
    for (const [ctx, code] of [
      [as('auditor'), 'forbidden'],
      [as('support'), 'forbidden'],
      [as('operator', 'web3-audit'), 'not_found'],
    ] as const) {
      await expect(revokeKey(ctx, endingDeps(), { key: id, reason })).rejects.toMatchObject(refused(code));
      await expect(quarantineKey(ctx, endingDeps(), { id, reason })).rejects.toMatchObject(refused(code));
      await expect(releaseKey(ctx, endingDeps(), { id, reason })).rejects.toMatchObject(refused(code));
    }
    expect((await keyOf(id))?.revokedAt).toBeNull();
  });

  it('works on with a ledger that cannot be written', async () => {
    const { id, text } = await plantKey(stores);
    const deps = endingDeps();
    deps.ledger.append = () => Promise.reject(new Error('disk full'));
    const ctx = as('operator');
    expect(await revokeKey(ctx, deps, { key: id, reason })).toEqual({ isNew: true, isLedgerPending: true });
    expect(await keysOver(stores, ctx).verify(text, from)).toBeNull();
    const [again] = await revokeMany(ctx, deps, { ids: [id], reason });
    expect(again).toMatchObject({ isEnded: false, isLedgerPending: true });
  });

  it('judges each of several keys alone', async () => {
    const { id } = await plantKey(stores);
    const elsewhere = await plantKey(stores, { platform: 'web3-audit' });
    const ctx = as('operator', 'hashinsight');
    const ended = await revokeMany(ctx, endingDeps(), { ids: [id, elsewhere.id, 'none', id], reason });
    expect(ended.map(({ isEnded }) => isEnded)).toEqual([true, false, false, false]);
    expect(ended[1]?.message).toBe(ended[2]?.message);
    expect((await keyOf(elsewhere.id))?.revokedAt).toBeNull();
  });

  it('takes a single one of several only with its name typed, as for one alone', async () => {
    const { id } = await plantKey(stores);
    const of = (typedName?: string) => revokeManyInput.safeParse({ ids: [id, id], reason, typedName });
    expect(of().error?.issues).toMatchObject([{ path: ['typedName'] }]);
    const end = async (typedName: string) => {
      const input = revokeManyInput.parse({ ids: [id, id], reason, typedName });
      return (await revokeMany(as('operator'), endingDeps(), input)).map(({ isEnded }) => isEnded);
    };
    expect(await end('Miner')).toEqual([false]);
    expect((await keyOf(id))?.revokedAt).toBeNull();
    expect(await end('Miner ingest')).toEqual([true]);
  });

  const pair = async (endsInMs: number) => {
    const endsAt = ago(-endsInMs);
    const old = await plantKey(stores, { endsAt });
    const young = await plantKey(stores, { lineageId: old.id });
    const rotation = { id: 'rot_1', oldKeyId: old.id, newKeyId: young.id, reason, startedAt: ago(DAY_MS) };
    await stores.db.insert(keyRotations).values({ ...rotation, deadlineAt: endsAt });
    return { old, young };
  };
  const rotations = () => stores.db.select().from(keyRotations);

  it('of an old key closes its rotation', async () => {
    const { old, young } = await pair(DAY_MS);
    await revokeKey(as('operator'), endingDeps(), { key: old.id, reason });
    expect(await rotations()).toMatchObject([{ outcome: 'closed_early', closedBy: 'user_operator' }]);
    expect(await keyOf(young.id)).toMatchObject({ revokedAt: null, endsAt: null });
  });

  it('of a successor lets the old key live until its own end', async () => {
    const { old, young } = await pair(DAY_MS);
    const ctx = as('operator');
    await revokeKey(ctx, endingDeps(), { key: young.id, reason });
    expect(await rotations()).toMatchObject([{ outcome: 'cancelled' }]);
    expect(await keyOf(old.id)).toMatchObject({ revokedAt: null, endsAt: null });
    expect(await keysOver(stores, ctx).verify(old.text, from)).not.toBeNull();
  });

  it('of a successor brings no key back whose time is over', async () => {
    const { old, young } = await pair(-MINUTE_MS);
    const ctx = as('operator');
    await revokeKey(ctx, endingDeps(), { key: young.id, reason });
    expect(await rotations()).toMatchObject([{ outcome: 'completed' }]);
    expect(await keysOver(stores, ctx).verify(old.text, from)).toBeNull();
  });

  it('of the successor of an emergency brings nothing back, even by a clock that lags behind', async () => {
    const { old, young } = await pair(0);
    await stores.db.update(keyRotations).set({ isEmergency: true });
    const ctx = as('operator');
    await revokeKey({ ...ctx, now: () => ago(MINUTE_MS) }, endingDeps(), { key: young.id, reason });
    expect(await rotations()).toMatchObject([{ outcome: 'completed' }]);
    expect(await keyOf(old.id)).toMatchObject({ endsAt: ago(0) });
    expect(await keysOver(stores, ctx).verify(old.text, from)).toBeNull();
  });

  it('is the only way out of an emergency: it is not called off, even by a clock that lags behind', async () => {
    const { old, young } = await pair(0);
    await stores.db.update(keyRotations).set({ isEmergency: true });
    const late = { ...as('operator'), now: () => ago(MINUTE_MS) };
    const off = cancelRotation(late, { keyId: old.id, reason, successorInUse: true });
    await expect(off).rejects.toMatchObject(refused('conflict'));
    expect(await keyOf(old.id)).toMatchObject({ endsAt: ago(0) });
    expect((await keyOf(young.id))?.revokedAt).toBeNull();
  });

  it('happens once, however many ask', async () => {
    const { old, young } = await pair(DAY_MS);
    const acts = Array.from({ length: 20 }, (_, i) =>
      revokeKey(as('operator'), endingDeps(), { key: i % 2 === 0 ? old.id : young.id, reason }),
    );
    expect((await Promise.all(acts)).filter(({ isNew }) => isNew)).toHaveLength(2);
    expect(await rotations()).toHaveLength(1);
    expect((await rotations())[0]?.closedAt).not.toBeNull();
  });
});

describe('quarantine', () => {
  it('stops a key everywhere and is undone, but never for a revoked one', async () => {
    const { id, text } = await plantKey(stores);
    const ctx = as('commander');
    const keys = keysOver(stores, ctx);
    expect(await keys.verify(text, from)).not.toBeNull();
    await quarantineKey(ctx, endingDeps(), { id, reason: 'in a ticket' });
    expect(await keys.verify(text, from)).toBeNull();
    expect(await keyOf(id)).toMatchObject({ endReason: 'in a ticket', endedBy: 'user_commander' });
    await expect(quarantineKey(ctx, endingDeps(), { id, reason })).rejects.toMatchObject(refused('conflict'));
    await releaseKey(ctx, endingDeps(), { id, reason: 'false alarm' });
    expect(await keys.verify(text, from)).not.toBeNull();
    expect(await keyOf(id)).toMatchObject({ quarantinedAt: null, endReason: null, endedBy: null });
    await expect(releaseKey(ctx, endingDeps(), { id, reason })).rejects.toMatchObject(refused('conflict'));
    await quarantineKey(ctx, endingDeps(), { id, reason });
    await revokeKey(ctx, endingDeps(), { key: id, reason });
    await expect(releaseKey(ctx, endingDeps(), { id, reason })).rejects.toMatchObject(refused('conflict'));
    await expect(quarantineKey(ctx, endingDeps(), { id, reason })).rejects.toMatchObject(refused('conflict'));
    expect(await log('api-keys.released')).toMatchObject([
      { details: { reason: 'false alarm', wasStoppedFor: 'in a ticket' } },
    ]);
  });

  it('is for keys that would work: an expired one has ended', async () => {
    const { id } = await plantKey(stores, { expiresAt: ago(1) });
    await expect(quarantineKey(as('operator'), endingDeps(), { id, reason })).rejects.toMatchObject(
      refused('conflict'),
    );
  });
});

describe('was this text ever a key of ours', () => {
  const ask = (text: string, ctx = as('auditor'), deps = endingDeps()) => lookUpKey(ctx, deps, { text });

  it('tells keys in every state and every format', async () => {
    const { id, text } = await plantKey(stores);
    const opaque = await plantKey(stores, {}, { text: 'c0ffee00c0ffee00c0ffee00c0ffee00' });
    expect(await ask(` ${text}\n`)).toMatchObject({ verdict: 'ours', id, name: 'Miner ingest', state: 'active' });
    expect(await ask(opaque.text)).toMatchObject({ verdict: 'ours', id: opaque.id });
    const revokedAt = stores.clock.now().getTime();
    await revokeKey(as('operator'), endingDeps(), { key: text, reason });
    expect(await ask(text)).toMatchObject({ verdict: 'ours', state: 'revoked', since: revokedAt });
    expect(await ask(keyText())).toEqual({ verdict: 'not_found', isCertain: true });
  });

  it('keeps to the platforms of who asks, and is no oracle for others', async () => {
    const { text } = await plantKey(stores);
    const elsewhere = as('auditor', 'web3-audit');
    expect(await ask(text, elsewhere)).toEqual({ verdict: 'not_found', isCertain: false });
    expect(await ask(keyText(), elsewhere)).toEqual({ verdict: 'not_found', isCertain: false });
  });

  it('remembers what the tables no longer know, from the ledger', async () => {
    const text = keyText();
    const deps = endingDeps();
    const { id } = await plantKey(stores, {}, { text });
    await revokeKey(as('operator'), deps, { key: id, reason });
    const revokedAt = deps.ledger.written[0]?.at;
    await emptyPeople(stores);
    expect(await ask(text, as('auditor'), deps)).toEqual({ verdict: 'known_to_ledger', by: 'hash', id, revokedAt });
    expect(await ask(text, as('auditor', 'web3-audit'), deps)).toEqual({ verdict: 'not_found', isCertain: false });
  });

  it('believes no id alone, unless its hash is of a secret that is no longer in use', async () => {
    const deps = endingDeps();
    const { id, text } = await plantKey(stores);
    await revokeKey(as('operator'), deps, { key: id, reason });
    const at = deps.ledger.written[0]?.at;
    await emptyPeople(stores);
    const forged = formatKey({ prefix: 'hsi', environment: 'prod', kid: id }, randomBytes, crc32).text;
    expect(await ask(forged, as('auditor'), deps)).toEqual({ verdict: 'not_found', isCertain: true });
    expect(await ask(text, as('auditor'), deps)).toMatchObject({ verdict: 'known_to_ledger', by: 'hash' });
    const later = { version: 2, key: derivePepper('another password of 32 characters') };
    const changed = { ...endingDeps(deps.ledger), peppers: { current: later, all: [later] } };
    expect(await ask(text, as('auditor'), changed)).toEqual({
      verdict: 'known_to_ledger',
      by: 'id',
      id,
      revokedAt: at,
    });
  });

  it('leaves who asked in the log and the text nowhere', async () => {
    const { id, text } = await plantKey(stores);
    await ask(text);
    await ask('hunter2-hunter2-hunter2');
    const asked = await log('api-keys.looked_up');
    expect(asked).toMatchObject([
      { targetId: id, platform: 'hashinsight', details: { verdict: 'ours' } },
      { targetId: null, details: { verdict: 'not_found' } },
    ]);
    expect(JSON.stringify(asked)).not.toMatch(new RegExp(`${text}|hunter2`));
  });

  it('may be asked 20 times a minute by one person', () => {
    const limit = createLookUpLimit();
    const [ada, ben] = [as('auditor'), as('admin')];
    for (let i = 0; i < 20; i += 1) limit(ada);
    expect(() => limit(ada)).toThrow('wait a little');
    limit(ben);
    stores.clock.advance(MINUTE_MS);
    limit(ada);
  });
});
