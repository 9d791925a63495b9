import { keyState } from '@qd/shared/api-keys';
import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { and, eq, gte, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import {
  apiKeys,
  keyConsumers,
  keyMinutes,
  keyRotations,
  keyUsage,
  platforms,
  secretRotations,
  secrets,
  users,
} from '../../db/schema/index.ts';
import { retellKeys, tellCalls, tellKeys } from './demo-keys/tell.ts';

const there = ['hashinsight', 'web3audit', 'stellarescrow'];
let stores: TestStores;
let ctx: TestCtx;
const now = new Date('2026-10-03T14:47:30Z');

beforeAll(async () => {
  stores = await openTestStores();
  ctx = testCtx(stores, { now });
  await addPlatforms(stores.db, there);
  await stores.db.update(platforms).set({ isDemo: true });
  const jun = {
    id: 'usr_demo_jun_watanabe',
    email: 'jun@ops.example',
    emailKey: 'jun@ops.example',
    name: 'Jun Watanabe',
  };
  await stores.db.insert(users).values({ ...jun, state: 'active', isDemo: true, createdAt: now });
  await tellKeys(ctx, there);
});
afterAll(() => stores.close());

const keysNamed = async (name: string) =>
  stores.db.select().from(apiKeys).where(eq(apiKeys.name, name)).orderBy(apiKeys.activatedAt);
const pairNamed = async (name: string) => {
  const [old, next] = await keysNamed(name);
  if (old === undefined || next === undefined) throw new Error(`there are not two keys ${name}`);
  return [old, next] as const;
};
const stateOf = (key: typeof apiKeys.$inferSelect) =>
  keyState(
    {
      activatedAt: key.activatedAt?.getTime() ?? null,
      expiresAt: key.expiresAt?.getTime() ?? null,
      endsAt: key.endsAt?.getTime() ?? null,
      quarantinedAt: key.quarantinedAt?.getTime() ?? null,
      revokedAt: key.revokedAt?.getTime() ?? null,
      ownerState: null,
    },
    ctx.now().getTime(),
  );
const callsSince = async (keyId: string, since: Date): Promise<number> => {
  const [row] = await stores.db
    .select({ calls: sql<number>`coalesce(sum(${keyMinutes.count}), 0)::int` })
    .from(keyMinutes)
    .where(and(eq(keyMinutes.keyId, keyId), gte(keyMinutes.minuteAt, since)));
  return row?.calls ?? 0;
};

describe('keys of the demo', () => {
  it('stand where the story has them, and no text leads to any of them', async () => {
    const keys = await stores.db.select().from(apiKeys);
    expect(keys.every((key) => key.isDemo && key.hash?.length === 32)).toBe(true);
    expect(new Set(keys.map((key) => Buffer.from(key.hash ?? []).toString('hex'))).size).toBe(keys.length);
    const states = keys.map((key) => `${key.name} ${stateOf(key)}`);
    expect(states.toSorted()).toEqual([
      'Admin active',
      'Billing sync active',
      'CI auditor active',
      'Dev sandbox active',
      'Grafana reader active',
      'Legacy exporter revoked',
      'Miner ingest active',
      'Miner ingest rotating',
      'Partner API active',
      'Partner API rotated',
      'Report mailer active',
    ]);
  });

  it('are in the middle of a rotation with three consumers: one moved, one did not, one sends both', async () => {
    const [old, next] = await pairNamed('Miner ingest');
    const open = await stores.db
      .select()
      .from(keyRotations)
      .where(sql`${keyRotations.closedAt} is null`);
    expect(open).toMatchObject([{ oldKeyId: old.id, newKeyId: next.id, deadlineAt: old.endsAt }]);
    expect(next.lineageId).toBe(old.lineageId);
    const consumers = await stores.db.select().from(keyConsumers).where(eq(keyConsumers.lineageId, old.id));
    expect(consumers.map((one) => one.name).toSorted()).toEqual(['batch-import', 'edge-gw-1', 'edge-gw-2']);
    const hour = new Date(now.getTime() - HOUR_MS);
    const rows = await stores.db.select().from(keyUsage).where(gte(keyUsage.startsAt, hour));
    const sends = ({ id }: { id: string }) =>
      [...new Set(rows.filter((row) => row.keyId === id).map((row) => row.agent))].toSorted();
    expect(sends(old)).toEqual(['batch-import/1.9', 'edge-gw/2.3']);
    expect(sends(next)).toEqual(['batch-import/2.0', 'edge-gw/2.4']);
    expect(Number(old.lastUsedAt)).toBeGreaterThan(now.getTime() - 2 * MINUTE_MS);
    expect(Number(next.firstUsedAt)).toBeGreaterThan(Number(next.activatedAt));
  });

  it('count the same calls by minute as by ten minutes, at their pace', async () => {
    const [billing] = await keysNamed('Billing sync');
    const spanStart = new Date('2026-10-03T12:00:00Z');
    const spanEnd = new Date('2026-10-03T14:40:00Z');
    const rows = await stores.db
      .select()
      .from(keyUsage)
      .where(eq(keyUsage.keyId, billing?.id ?? ''));
    const inside = rows.filter((row) => row.startsAt >= spanStart && row.startsAt < spanEnd);
    const minutes = (await callsSince(billing?.id ?? '', spanStart)) - (await callsSince(billing?.id ?? '', spanEnd));
    expect(inside.reduce((sum, row) => sum + row.count, 0)).toBe(minutes);
    expect(minutes).toBe(160 * 38);
    expect(rows.some((row) => row.spanMs === 24 * HOUR_MS)).toBe(true);
  });

  it('refuse what is sent with a key that was revoked', async () => {
    const [exporter] = await keysNamed('Legacy exporter');
    const rows = await stores.db
      .select()
      .from(keyUsage)
      .where(eq(keyUsage.keyId, exporter?.id ?? ''));
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set(['revoked']));
    expect(await callsSince(exporter?.id ?? '', new Date(0))).toBe(0);
  });

  it('are called on as time passes, each minute once', async () => {
    const [billing] = await keysNamed('Billing sync');
    const id = billing?.id ?? '';
    const before = await callsSince(id, new Date(0));
    ctx.clock.advance(7 * MINUTE_MS);
    await tellCalls(ctx);
    await tellCalls(ctx);
    expect((await callsSince(id, new Date(0))) - before).toBe(7 * 38);
    const [after] = await keysNamed('Billing sync');
    expect(after?.lastUsedAt?.getTime()).toBeGreaterThan(now.getTime());
  });

  it('bring a register of secrets, one of them overdue, with a history', async () => {
    const rows = await stores.db.select().from(secrets);
    expect(rows.every((row) => row.isDemo && row.platform === 'stellarescrow')).toBe(true);
    const overdue = rows.filter((row) => row.nextDueAt !== null && row.nextDueAt <= ctx.now());
    expect(overdue.map((row) => row.name)).toEqual(['ADMIN_KEYS']);
    expect((await stores.db.select().from(secretRotations)).length).toBeGreaterThan(rows.length);
  });

  it('are told anew after a day, not before', async () => {
    const idsOf = async () => (await stores.db.select().from(apiKeys)).map((key) => key.id).toSorted();
    const before = await idsOf();
    ctx.clock.advance(20 * HOUR_MS);
    expect(await retellKeys(ctx, there)).toBe(false);
    ctx.clock.advance(5 * HOUR_MS);
    expect(await retellKeys(ctx, there)).toBe(true);
    expect((await idsOf()).filter((id) => before.includes(id))).toEqual([]);
    expect((await keysNamed('Miner ingest')).map(stateOf)).toEqual(['rotating', 'active']);
  });
});
