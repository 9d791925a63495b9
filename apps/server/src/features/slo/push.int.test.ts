import { DomainError } from '@qd/shared/errors';
import { DAY_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { denialOf } from '../../platform/access.ts';
import type { Actor, Ctx } from '../../platform/context.ts';
import { headRows } from './queries/probes.ts';
import { horizonMinute } from './queries/tiers.ts';
import { listSlos } from './service/list.ts';
import { pushPoints } from './service/push.ts';
import { createSummaryMemory, refreshOutdated } from './service/summary-memory.ts';

let stores: TestStores;
let slo: StoredObjective;
const now = new Date('2026-05-20T12:30:10Z');
const memory = createSummaryMemory();

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  slo = await addObjective(stores.db, { anchorAt: new Date('2026-05-01T00:00:00Z') });
});

const key = (platform = '*', permissions: Actor['grants'][number]['permissions'] = ['sli:write']): Actor => ({
  ...actorWith('owner'),
  kind: 'key',
  grants: [{ platform, permissions }],
});
const ctxAs = (actor: Actor = key()): Ctx => testCtx(stores, { actor, now });
const push = (points: unknown, actor?: Actor) => pushPoints(ctxAs(actor), memory, { slo: slo.id, points });
const at = (minutesAgo: number, seconds = 0) =>
  new Date(now.getTime() - minutesAgo * MINUTE_MS + seconds * 1_000).toISOString();

async function head() {
  const [row] = await headRows(stores.db, [slo.sliId], horizonMinute(now.getTime()));
  return row ?? null;
}

async function refusalOf(asked: Promise<unknown>) {
  const error: unknown = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DomainError)) throw new Error('this was to be refused');
  return { words: { code: error.code, message: error.message, fields: error.fields }, denial: denialOf(error) };
}

describe('pushing measurements', () => {
  it('counts what is sent, and shows it at once', async () => {
    const points = [
      { at: at(3), good: 90, total: 100 },
      { at: at(2), good: 50, total: 50 },
    ];
    expect(await push(points)).toEqual({ accepted: 2, duplicates: 0 });
    expect(await head()).toEqual({ m: minuteOf(now.getTime()) - 2, total: 150, bad: 10, observed: 2 });
    const { rows } = await listSlos(testCtx(stores, { now }), { platform: slo.platformId });
    expect(rows.find((row) => row.id === slo.id)?.budget).toMatchObject({ totalEvents: 150, badEvents: 10 });
  });

  it('changes nothing when the same points come again, in whatever company', async () => {
    const first = { at: at(3), good: 9, total: 10 };
    await push([first]);
    expect(await push([first])).toEqual({ accepted: 0, duplicates: 1 });
    expect(await push([first, { at: at(1), good: 1, total: 1 }])).toEqual({ accepted: 1, duplicates: 1 });
    expect(await head()).toMatchObject({ total: 11, bad: 1, observed: 2 });
  });

  it('accepts a batch in any order, split anywhere, and repeated', async () => {
    const seconds = fc.uniqueArray(fc.integer({ min: 60, max: 7 * 86_400 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(seconds, fc.nat(), async (ages, cut) => {
        slo = await addObjective(stores.db);
        const points = ages.map((age) => ({
          at: now.getTime() - age * 1_000 - 10_000,
          good: age % 7,
          total: (age % 7) + (age % 3),
        }));
        const split = cut % (points.length + 1);
        for (const part of [points.slice(split), points.slice(0, split), points]) if (part.length > 0) await push(part);
        const total = points.reduce((sum, p) => sum + p.total, 0);
        const bad = points.reduce((sum, p) => sum + p.total - p.good, 0);
        const observed = new Set(points.map((p) => minuteOf(p.at))).size;
        expect(await head()).toMatchObject({ total, bad, observed });
      }),
      { numRuns: 15 },
    );
  });

  it('refuses other values for a second already sent, naming them, and stores nothing', async () => {
    await push([{ at: at(3), good: 9, total: 10 }]);
    const changed = push([
      { at: at(2), good: 1, total: 1 },
      { at: at(3), good: 8, total: 12 },
    ]);
    await expect(changed).rejects.toMatchObject({
      code: 'conflict',
      fields: [
        { field: 'points[1].good', message: 'is 8, but 9 was sent for this second before' },
        { field: 'points[1].total', message: 'is 12, but 10 was sent for this second before' },
      ],
    });
    expect(await head()).toMatchObject({ total: 10, observed: 1 });
  });

  const good = { at: at(2), good: 1, total: 1 };
  it.each([
    ['no body', undefined, 'points'],
    ['no points', [], 'points'],
    ['too many points', Array.from({ length: 10_001 }, () => good), 'points'],
    ['text instead of points', 'all good', 'points'],
    ['a point in the future', [good, { at: at(-2), good: 1, total: 1 }], 'points[1].at'],
    ['a point too old', [good, { at: at(9 * 1_440), good: 1, total: 1 }], 'points[1].at'],
    ['total below good', [good, { at: at(1), good: 3, total: 2 }], 'points[1].total'],
    ['negative counts', [good, { at: at(1), good: -1, total: 2 }], 'points[1].good'],
    ['halves of events', [good, { at: at(1), good: 0.5, total: 2 }], 'points[1].good'],
    ['NaN', [good, { at: at(1), good: 1, total: Number.NaN }], 'points[1].total'],
    ['numbers as text', [good, { at: at(1), good: '1', total: 2 }], 'points[1].good'],
    ['a count beyond any counter', [good, { at: at(1), good: 1, total: 1e15 }], 'points[1].total'],
    ['the same second twice', [good, { ...good }], 'points[1].at'],
    ['no time', [good, { good: 1, total: 1 }], 'points[1].at'],
    ['a time without a zone', [good, { at: '2026-05-20T12:00:00', good: 1, total: 1 }], 'points[1].at'],
    ['unknown fields', [good, { at: at(1), good: 1, total: 1, bad: 0 }], 'points[1].bad'],
  ])('refuses %s, names the field and stores nothing', async (_what, points, field) => {
    const error: unknown = await push(points).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid' });
    expect((error as { fields: { field: string }[] }).fields.map((f) => f.field)).toContain(field);
    expect(await head()).toBeNull();
  });

  it('refuses an objective that is unknown, measured otherwise, or of another platform', async () => {
    const body = (id: string) => ({ slo: id, points: [good] });
    const unknown = pushPoints(ctxAs(), memory, body('slo_none'));
    await expect(unknown).rejects.toMatchObject({ code: 'not_found', fields: [{ field: 'slo' }] });
    const scraped = await addObjective(stores.db, { kind: 'scrape', url: 'http://127.0.0.1:1/metrics' });
    const wrongKind = pushPoints(ctxAs(), memory, body(scraped.id));
    await expect(wrongKind).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'slo' }] });
    // In the very words for an id that nobody has, and recorded as a refusal all the same.
    const [ofNobody, ofOthers] = [await refusalOf(unknown), await refusalOf(push([good], key('elsewhere')))];
    expect(ofOthers.words).toEqual(ofNobody.words);
    expect([ofNobody.denial, ofOthers.denial]).toEqual([null, expect.objectContaining({ permission: 'sli:write' })]);
    await expect(push([good], key(slo.platformId, ['slo:read']))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await head()).toBeNull();
  });

  it('counts a minute sent twice at the same time once', async () => {
    const points = [{ at: at(4), good: 5, total: 6 }];
    const answers = await Promise.all(Array.from({ length: 6 }, () => push(points)));
    expect(answers.map(({ accepted }) => accepted).sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(await head()).toMatchObject({ total: 6, bad: 1, observed: 1 });
  });

  it('takes a point for the whole interval of a source that reports rarely', async () => {
    slo = await addObjective(stores.db, { intervalMs: 5 * MINUTE_MS });
    await push([{ at: at(10), good: 10, total: 10 }]);
    await push([{ at: at(5), good: 10, total: 10 }]);
    expect(await head()).toMatchObject({ total: 20, observed: 10 });
  });

  it('takes points of the last eight days, older minutes at their hour', async () => {
    await push([{ at: at(1), good: 1, total: 1 }]);
    await push([{ at: new Date(now.getTime() - 8 * DAY_MS + 1_000).toISOString(), good: 0, total: 4 }]);
    expect(await head()).toMatchObject({ total: 5, bad: 4, observed: 2 });
  });

  it('leaves the list row to the tick when pushes come fast', async () => {
    await push([{ at: at(3), good: 1, total: 1 }]);
    await push([{ at: at(2), good: 1, total: 1 }]);
    const shown = async () => {
      const { rows } = await listSlos(testCtx(stores, { now }), {});
      return rows.find((row) => row.id === slo.id)?.budget.totalEvents;
    };
    expect(await shown()).toBe(1);
    await refreshOutdated(testCtx(stores, { now }), memory);
    expect(await shown()).toBe(2);
  });
});
