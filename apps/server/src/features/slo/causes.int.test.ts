import { exclusionInput } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { deploys, sloAlertEvents } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createDenialLog } from '../../platform/denials.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { applyCounts } from './queries/ingest.ts';
import { horizonMinute } from './queries/tiers.ts';
import { createSloRouter } from './router.ts';
import { createSloDeps } from './service/deps.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';

let stores: TestStores;
let shop: StoredObjective;

const now = new Date('2026-05-20T12:30:10Z');
const nowM = minuteOf(now.getTime());
const anchorAt = new Date('2026-05-01T00:00:00Z');
const at = (text: string): number => Date.parse(text);
const deps = createSloDeps({ openSource: () => null });
const callerOf = createCallerFactory(createSloRouter(deps));
const as = (actor: Actor) => callerOf({ ...testCtx(stores, { actor, now }), onDenied: createDenialLog() });
const detail = (actor = actorWith('admin')) => as(actor).get({ id: shop.id });

const outages: readonly [string, number][] = [
  ['2026-05-12T03:10Z', 20],
  ['2026-05-19T10:00Z', 60],
];

function episode(kind: 'burn' | 'absent', firedAt: number, lastedMs: number | null) {
  const common = { sloId: shop.id, platformId: 'shop', kind, severity: 'page', firedAt: new Date(firedAt) } as const;
  const rest = { tier: kind === 'burn' ? 'fast' : null, summary: `${kind} speaks`, details: {} } as const;
  const fired = { ...common, ...rest, id: `${kind}-${firedAt}-f`, transition: 'fired', at: new Date(firedAt) } as const;
  if (lastedMs === null) return [fired];
  const over = { id: `${kind}-${firedAt}-r`, transition: 'resolved', at: new Date(firedAt + lastedMs) } as const;
  return [fired, { ...fired, ...over }];
}

beforeAll(async () => {
  stores = await openTestStores();
  shop = await addObjective(stores.db, { platform: 'shop', slug: 'checkout', anchorAt });
  const counts = Array.from({ length: nowM - minuteOf(anchorAt.getTime()) }, (_, i) => {
    const m = minuteOf(anchorAt.getTime()) + i;
    const isBad = outages.some(([from, length]) => m >= minuteOf(at(from)) && m < minuteOf(at(from)) + length);
    return { m, total: 100, bad: isBad ? 20 : 0, observed: true };
  });
  await stores.db.transaction((tx) => applyCounts(tx, [{ sliId: shop.sliId, counts }], horizonMinute(now.getTime())));
  await stores.db.insert(deploys).values({
    id: 'dep_1',
    platformId: 'shop',
    service: 'checkout',
    version: 'v2',
    summary: '',
    at: new Date('2026-05-19T09:50:00Z'),
    url: 'https://ci.example.test/runs/7',
  });
  await refreshSummaries(testCtx(stores, { now }), deps.memory);
});
afterAll(() => stores.close());

describe('what spent a budget', () => {
  it('leads to the page of a deploy', async () => {
    const { spend } = await detail();
    expect(spend.find(({ mark }) => mark !== null)?.mark).toMatchObject({
      id: 'dep_1',
      url: 'https://ci.example.test/runs/7',
    });
  });

  it('lists excluded time at no cost, with what it would have cost, and still adds up', async () => {
    const before = await detail();
    const caller = as(actorWith('admin'));
    const make = (over: object) =>
      caller.exclusions.create(
        exclusionInput.parse({ platformId: 'shop', category: 'maintenance', reason: 'Disks are swapped', ...over }),
      );
    const recent = await make({ startsAt: at('2026-05-19T10:20:00Z'), durationMs: 30 * MINUTE_MS });
    const old = await make({ startsAt: at('2026-05-12T03:00:00Z'), durationMs: HOUR_MS, reason: 'Cold start' });
    const { spend, budget, excluded, marks } = await detail();
    const lines = spend.filter((item) => item.excluded !== null);
    expect(lines.map((item) => [item.mark?.id, item.label, item.excluded?.badEvents, item.budgetRatio])).toEqual([
      [recent.id, 'Excluded: Disks are swapped', 600, 0],
      [old.id, 'Excluded: Cold start', 400, 0],
    ]);
    const rawRatio = lines.reduce((sum, item) => sum + (item.excluded?.budgetRatio ?? 0), 0);
    expect(excluded?.badEvents).toBe(1_000);
    expect(rawRatio).toBeCloseTo(((before.budget.spentRatio ?? 0) * 1_000) / 1_600, 4);
    const counted = spend.reduce((sum, item) => sum + item.budgetRatio, 0);
    expect(counted).toBeCloseTo(budget.spentRatio ?? 0, 12);
    expect(spend.reduce((sum, item) => sum + item.badEvents, 0)).toBe(budget.badEvents);
    expect(marks.filter(({ kind }) => kind === 'exclusion').map(({ id }) => id)).toEqual([old.id, recent.id]);
  });

  it('marks when alerts fired and how long, also for who may not see changes', async () => {
    await stores.db
      .insert(sloAlertEvents)
      .values([
        ...episode('burn', at('2026-05-12T03:20:00Z'), 40 * MINUTE_MS),
        ...episode('burn', at('2026-05-19T10:05:00Z'), null),
        ...episode('burn', at('2026-04-02T00:00:00Z'), HOUR_MS),
      ]);
    const reader: Actor = { ...actorWith('owner'), grants: [{ platform: '*', permissions: ['slo:read'] }] };
    const { marks } = await detail(reader);
    expect(marks.filter(({ kind }) => kind !== 'exclusion')).toMatchObject([
      { kind: 'alert', label: 'Fast burn alert', at: at('2026-05-12T03:20:00Z'), endAt: at('2026-05-12T04:00:00Z') },
      { kind: 'alert', at: at('2026-05-19T10:05:00Z'), endAt: at('2026-05-19T10:05:00Z'), open: false },
    ]);
    expect((await detail()).marks.map(({ kind }) => kind)).toContain('deploy');
  });
});
