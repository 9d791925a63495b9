import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, deploys, incidents, platforms } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { changesRouter } from './router.ts';
import { recordDeploy } from './service.ts';

let stores: TestStores;
const now = new Date('2026-05-20T12:30:10Z');
const dayStartAt = Date.UTC(2026, 4, 20);
const callerOf = createCallerFactory(changesRouter);
const day = (actor: Actor, platform?: string) =>
  callerOf(testCtx(stores, { actor, now })).day({ dayStartAt, ...(platform === undefined ? {} : { platform }) });

beforeAll(async () => {
  stores = await openTestStores();
  for (const id of ['shop', 'bank']) await stores.db.insert(platforms).values({ id, name: id, createdAt: now });
  const incident = { severity: 'P2', title: 'Slow', summary: '', isDemo: false };
  const at = (hours: number) => new Date(dayStartAt + hours * HOUR_MS);
  await stores.db.insert(incidents).values([
    { ...incident, id: 'before', platformId: 'shop', status: 'resolved', startedAt: at(-9), resolvedAt: at(-1) },
    { ...incident, id: 'over-midnight', platformId: 'shop', status: 'resolved', startedAt: at(-2), resolvedAt: at(1) },
    { ...incident, id: 'open', platformId: 'bank', status: 'open', startedAt: at(-30), resolvedAt: null },
    { ...incident, id: 'tomorrow', platformId: 'shop', status: 'open', startedAt: at(25), resolvedAt: null },
  ]);
});
afterAll(() => stores.close());

const body = { platform: 'shop', service: 'web', version: 'v1.9.0', at: '2026-05-20T10:05:00Z' };
const key = (platform = 'shop'): Actor => ({
  ...actorWith('owner'),
  kind: 'key',
  grants: [{ platform, permissions: ['changes:write'] }],
});
const record = (input: unknown, actor = key()) => recordDeploy(testCtx(stores, { actor, now }), input);

describe('a deploy', () => {
  it('is recorded once, leaves a trace and shows on the day', async () => {
    const first = await record(body);
    expect(first).toEqual({ id: expect.stringMatching(/^dep_[0-9a-f]{16}$/), created: true });
    expect(await record({ ...body, at: Date.UTC(2026, 4, 20, 10, 5) })).toEqual({ id: first.id, created: false });
    const [trace] = await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
    expect(trace).toMatchObject({ action: 'changes.deploy_recorded', platform: 'shop', targetId: first.id });
    const { marks } = await day(actorWith('owner'), 'shop');
    const at = Date.UTC(2026, 4, 20, 10, 5);
    expect(marks.find((mark) => mark.id === first.id)).toMatchObject({
      kind: 'deploy',
      at,
      endAt: at + 30 * MINUTE_MS,
      label: 'Deploy v1.9.0',
    });
  });

  it.each([
    ['no body', undefined],
    ['no version', { ...body, version: undefined }],
    ['an empty service', { ...body, service: ' ' }],
    ['a time without a zone', { ...body, at: '2026-05-20T10:05:00' }],
    ['an address that is a script', { ...body, url: 'javascript:alert(1)' }],
    ['unknown fields', { ...body, team: 'x' }],
  ])('is refused with %s', async (_what, input) => {
    await expect(record(input)).rejects.toBeInstanceOf(ZodError);
  });

  it('is refused in the future, too long ago, for unknown platforms and without the scope', async () => {
    const later = record({ ...body, at: now.getTime() + HOUR_MS });
    await expect(later).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'at' }] });
    const old = record({ ...body, at: now.getTime() - 500 * DAY_MS });
    await expect(old).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'at' }] });
    const unknown = record({ ...body, platform: 'nowhere' }, key('*'));
    await expect(unknown).rejects.toMatchObject({ code: 'not_found', fields: [{ field: 'platform' }] });
    await expect(record(body, key('bank'))).rejects.toMatchObject({ code: 'not_found' });
    const reader: Actor = { ...key(), grants: [{ platform: 'shop', permissions: ['changes:read'] }] };
    await expect(record(body, reader)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await stores.db.select().from(deploys)).toHaveLength(1);
  });
});

describe('changes.day', () => {
  it('gives what was going on in those 24 hours, by time', async () => {
    const { marks } = await day(actorWith('owner'));
    expect(marks.map((mark) => mark.id).slice(0, 2)).toEqual(['open', 'over-midnight']);
    expect(marks.map((mark) => mark.kind)).toEqual(['incident', 'incident', 'deploy']);
  });

  it('shows a stakeholder of one platform that platform alone', async () => {
    expect((await day(actorWith('stakeholder', 'bank'))).marks.map((mark) => mark.id)).toEqual(['open']);
    expect((await day(actorWith('stakeholder', 'bank'), 'shop')).marks).toEqual([]);
    const nobody: Actor = { ...actorWith('owner'), grants: [] };
    await expect(day(nobody)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
