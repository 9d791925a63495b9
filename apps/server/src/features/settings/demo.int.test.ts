import { platformFile, type PlatformDefinition } from '@qd/shared/slo';
import { isNotNull, isNull } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { demoScript } from '../../adapters/metrics/demo/script.ts';
import {
  apiKeys,
  auditEvents,
  deploys,
  exclusions,
  incidents,
  invitations,
  keyConsumers,
  keyLeakReports,
  keyMinutes,
  keyPolicies,
  keyRotations,
  keyUsage,
  memberships,
  oncallSlots,
  passkeys,
  platformKeyScopes,
  platforms,
  secrets,
  sliHour,
  sliMinute,
  slos,
  sources,
  users,
} from '../../db/schema/index.ts';
import { advanceDemoIncidents, demoState, loadDemo, removeDemo, retellDemo, type DemoDeps } from './demo.ts';

const preset = (platform: string, slugs: Record<string, string>): PlatformDefinition =>
  platformFile.parse({
    platform,
    prometheus: 'http://localhost:9090',
    slos: Object.entries(slugs).map(([slug, target]) => ({
      slug,
      name: slug,
      target,
      total: 'a_total',
      bad: 'b_total',
    })),
  });

const deps: DemoDeps = {
  script: demoScript,
  presets: [
    preset('hashinsight', { availability: '99.95' }),
    preset('web3audit', { 'api-health': '99.9' }),
    preset('stellarescrow', { availability: '99.9', ttfb: '95' }),
  ],
  hashPassword: (password) => Promise.resolve(`hash of ${password}`),
};

let stores: TestStores;
let ctx: TestCtx;
beforeAll(async () => {
  stores = await openTestStores();
  ctx = testCtx(stores, { now: new Date('2026-03-10T14:47:30Z') });
});
afterAll(() => stores.close());

const count = async (table: PgTable): Promise<number> => (await stores.db.select().from(table)).length;

describe('the demo', () => {
  it('loads marked platforms, history, events and one account per role, and says so in the audit log', async () => {
    expect(await demoState(ctx)).toMatchObject({ state: 'never' });
    const { password } = await loadDemo(ctx, deps, null);
    expect(password).toMatch(/^[\w-]{15,}$/);
    expect(await demoState(ctx)).toMatchObject({ state: 'loaded' });
    expect((await stores.db.select().from(platforms)).every((p) => p.isDemo)).toBe(true);
    const [accounts, invented] = [
      await stores.db.select().from(users).where(isNotNull(users.passwordHash)),
      await stores.db.select().from(users).where(isNull(users.passwordHash)),
    ];
    expect(accounts).toHaveLength(7);
    expect(invented.length).toBeGreaterThanOrEqual(40);
    expect(invented.every((person) => person.isDemo && person.email.endsWith('@ops.example'))).toBe(true);
    expect((await stores.db.select().from(auditEvents)).map((e) => e.action)).toContain('settings.demo_loaded');
    const [maintenance] = await stores.db.select().from(exclusions);
    expect(maintenance).toMatchObject({ sloId: 'slo_demo_stellarescrow_availability', isDemo: true });
    expect(maintenance?.startsAt.toUTCString()).toBe('Sun, 14 Dec 2025 02:00:00 GMT');
  });

  it('keeps eight days by the minute and ninety by the hour, never more failures than events', async () => {
    const hours = await stores.db.select().from(sliHour);
    expect(hours.length).toBeGreaterThan(3 * 89 * 24);
    expect(hours.every((r) => (r.m + 1) % 60 === 0 && r.bad <= r.total)).toBe(true);
    const minutes = await stores.db.select().from(sliMinute);
    expect(minutes.length).toBeGreaterThan(3 * 8 * 1_440 - 200);
  });

  it('fights an outage now and closes it once its story is over', async () => {
    const open = async () =>
      (await stores.db.select().from(incidents)).filter((i) => i.resolvedAt === null && i.severity === 'P0');
    expect(await open()).toHaveLength(1);
    ctx.clock.advance(26 * 60_000);
    await advanceDemoIncidents(ctx, deps);
    expect(await open()).toHaveLength(0);
  });

  it('moves to the present when it has grown old, and not before', async () => {
    const before = await demoState(ctx);
    expect(await retellDemo(ctx, deps)).toBe(false);
    ctx.clock.advance(6 * 3_600_000);
    expect(await retellDemo(ctx, deps)).toBe(true);
    const after = await demoState(ctx);
    expect(after.nowMinute).toBeGreaterThan(before.nowMinute + 360);
    const newest = (await stores.db.select().from(sliMinute)).reduce((m, r) => Math.max(m, r.m), 0);
    expect(newest).toBe(after.nowMinute - 1);
    expect((await stores.db.select().from(incidents)).some((i) => i.resolvedAt === null && i.severity === 'P0')).toBe(
      true,
    );
  });

  it('goes altogether, except for a platform somebody measures for real', async () => {
    await stores.db.insert(sources).values({
      id: 'src_real',
      platformId: 'stellarescrow',
      kind: 'push',
      name: 'Pushed',
      intervalMs: 60_000,
      createdAt: ctx.now(),
    });
    const gone = await removeDemo(ctx);
    expect(gone).toEqual({ platforms: 2, slos: 4, users: 47 });
    expect((await stores.db.select().from(platforms)).map((p) => [p.id, p.isDemo])).toEqual([['stellarescrow', false]]);
    for (const table of [
      slos,
      users,
      memberships,
      oncallSlots,
      passkeys,
      invitations,
      incidents,
      deploys,
      exclusions,
      apiKeys,
      keyConsumers,
      keyLeakReports,
      keyMinutes,
      keyPolicies,
      keyRotations,
      keyUsage,
      platformKeyScopes,
      secrets,
      sliMinute,
      sliHour,
    ])
      expect(await count(table)).toBe(0);
    expect((await stores.db.select().from(sources)).map((s) => s.id)).toEqual(['src_real']);
    expect(await demoState(ctx)).toMatchObject({ state: 'removed' });
    expect(await retellDemo(ctx, deps)).toBe(false);
  });
});
