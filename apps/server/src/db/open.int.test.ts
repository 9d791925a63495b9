import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStores, type TestStores } from '../../test/stores.ts';
import { apiKeys, auditEvents, facts, jobRuns, platforms, sliHour, sliPushed, slos, sources } from './schema/index.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const at = new Date('2026-03-29T01:30:00.123Z');

describe('both drivers hand back the same types', () => {
  test('bytes, arrays, instants and absent values', async () => {
    const key = {
      id: 'key_types',
      name: 'Types — naïve 🚢',
      platform: 'shop',
      environment: 'test' as const,
      hash: Uint8Array.from([0, 1, 127, 128, 255, 92, 39]),
      pepperVersion: 1,
      lineageId: 'key_types',
      activatedAt: at,
      scopes: ['sli:write', 'with "quotes"', 'comma, {brace} \\ and NULL', 'NULL', ''],
      createdAt: at,
    };
    await stores.db.insert(apiKeys).values(key);
    const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, key.id));
    expect(row).toStrictEqual({
      ...key,
      format: 'v2',
      prefix: '',
      ownerId: null,
      ipAllow: [],
      rateLimitPerMin: null,
      isDemo: false,
      isProbe: false,
      createdBy: null,
      updatedAt: null,
      expiresAt: null,
      endsAt: null,
      quarantinedAt: null,
      revokedAt: null,
      endReason: null,
      endedBy: null,
      firstUsedAt: null,
      lastUsedAt: null,
    });
    expect(Object.getPrototypeOf(row?.hash)).toBe(Uint8Array.prototype);
    expect(await stores.db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.hash, key.hash))).toHaveLength(1);
  });

  test('whole numbers beyond 32 bits, fractions and arrays of both', async () => {
    const large = Number.MAX_SAFE_INTEGER;
    await stores.db.insert(sliHour).values({ sliId: 7, m: 59, total: large, bad: 3, observed: 60, h: [0, 1, large] });
    expect(await stores.db.select().from(sliHour)).toStrictEqual([
      { sliId: 7, m: 59, total: large, bad: 3, observed: 60, h: [0, 1, large] },
    ]);
    await stores.db.insert(sliPushed).values({ sliId: 7, at, good: 1, total: 2 });
    const [pushed] = await stores.db.select().from(sliPushed);
    expect(pushed).toStrictEqual({ sliId: 7, at: new Date('2026-03-29T01:30:00Z'), good: 1, total: 2 });
    await stores.db.insert(jobRuns).values({ name: 'fraction', lastDurationMs: 0.1 + 0.2 });
    const [run] = await stores.db.select().from(jobRuns);
    expect(run?.lastDurationMs).toBe(0.1 + 0.2);
  });

  test('documents of every JSON type, and absent ones', async () => {
    const values: unknown[] = [{ deep: [1, 'two', null, { t: true }], u: '✓\u0001' }, [1], 'text', 0.1, true];
    for (const [n, value] of values.entries()) {
      await stores.db.insert(facts).values({ key: `json-${n}`, value, updatedAt: at });
      const [row] = await stores.db
        .select()
        .from(facts)
        .where(eq(facts.key, `json-${n}`));
      expect(row).toStrictEqual({ key: `json-${n}`, value, updatedAt: at });
    }
    const event = {
      seq: 1,
      eventId: 'e1',
      timestamp: at,
      level: 'info' as const,
      category: 'test',
      action: 'test.happened',
      status: 'success' as const,
      actorKind: 'system' as const,
      requestId: 'r1',
      details: { list: [1, { two: '2' }], none: null },
      prevHash: new Uint8Array(32),
      hash: new Uint8Array(32),
    };
    await stores.db.insert(auditEvents).values(event);
    const [row] = await stores.db.select().from(auditEvents);
    expect(row).toMatchObject({ ...event, before: null, after: null });
  });

  test('raw statements: int8 is text, int4 and float8 are numbers, instants are text', async () => {
    const result: unknown = await stores.db.execute(
      sql`select count(*) as big, count(*)::int as small, 0.5::float8 as half, array[1,2]::int[] as list,
          '\\x00ff'::bytea as raw, null as nothing, true as yes, ${at}::timestamptz = ${at.toISOString()} as same`,
    );
    expect(result).toMatchObject({
      rows: [{ big: '1', small: 1, half: 0.5, list: [1, 2], nothing: null, yes: true, same: true }],
    });
  });

  test('a unique violation carries code, table and constraint', async () => {
    await stores.db.insert(platforms).values({ id: 'unique', name: 'Once', createdAt: at });
    const failure: unknown = await stores.db
      .insert(platforms)
      .values({ id: 'unique', name: 'Twice', createdAt: at })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: { code: '23505', table: 'platforms', constraint: 'platforms_pkey' } });
  });
});

describe('transactions', () => {
  test('one that throws leaves nothing behind', async () => {
    await expect(
      stores.db.transaction(async (tx) => {
        await tx.insert(platforms).values({ id: 'gone', name: 'Gone', createdAt: at });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await stores.db.select().from(platforms).where(eq(platforms.id, 'gone'))).toEqual([]);
  });

  test('a failed statement ends it, and the next one works', async () => {
    await expect(
      stores.db.transaction(async (tx) => {
        await tx.execute(sql`select 1/0`);
      }),
    ).rejects.toMatchObject({ cause: { code: '22012' } });
    await stores.db.transaction(async (tx) => {
      await tx.insert(facts).values({ key: 'after failure', value: 1, updatedAt: at });
    });
    expect(await stores.db.select().from(facts).where(eq(facts.key, 'after failure'))).toHaveLength(1);
  });

  test('an inner one can be given up alone', async () => {
    await stores.db.transaction(async (tx) => {
      await tx.insert(facts).values({ key: 'kept', value: 1, updatedAt: at });
      await expect(
        tx.transaction(async (inner) => {
          await inner.insert(facts).values({ key: 'dropped', value: 1, updatedAt: at });
          throw new Error('inner');
        }),
      ).rejects.toThrow('inner');
    });
    expect(await stores.db.select().from(facts).where(eq(facts.key, 'kept'))).toHaveLength(1);
    expect(await stores.db.select().from(facts).where(eq(facts.key, 'dropped'))).toHaveLength(0);
  });

  test('fifty that read, think and write at once lose no update', async () => {
    await stores.db.insert(jobRuns).values({ name: 'counter' });
    await Promise.all(
      Array.from({ length: 50 }, () =>
        stores.db.transaction(async (tx) => {
          const [row] = await tx.select().from(jobRuns).where(eq(jobRuns.name, 'counter')).for('update');
          await turnOfTheLoop();
          await tx
            .update(jobRuns)
            .set({ runs: (row?.runs ?? 0) + 1 })
            .where(eq(jobRuns.name, 'counter'));
        }),
      ),
    );
    const [row] = await stores.db.select().from(jobRuns).where(eq(jobRuns.name, 'counter'));
    expect(row?.runs).toBe(50);
  });

  test('others see nothing of it before it is committed', async () => {
    const written = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const writing = stores.db.transaction(async (tx) => {
      await tx.insert(facts).values({ key: 'half', value: 1, updatedAt: at });
      written.resolve();
      await release.promise;
    });
    await written.promise;
    // A query starts when it is awaited, and again with every await: it is started here, once.
    const reading = stores.db
      .select()
      .from(facts)
      .where(eq(facts.key, 'half'))
      .then((rows) => rows.length);
    // On the embedded store the read waits for the end of the transaction; on Postgres it answers before.
    if (stores.kind === 'postgres') expect(await reading).toBe(0);
    release.resolve();
    await writing;
    expect(await reading).toBe(stores.kind === 'postgres' ? 0 : 1);
  });

  test('the outer database refuses to work inside one, whatever is asked of it', async () => {
    const refusal = { cause: { message: expect.stringContaining('use the tx handed to the callback') } };
    await stores.db.transaction(async (tx) => {
      await expect(stores.db.select().from(facts)).rejects.toMatchObject(refusal);
      await expect(stores.db.execute(sql`select 1`)).rejects.toMatchObject(refusal);
      await expect(stores.db.transaction(async () => 1)).rejects.toThrow('use the tx handed to the callback');
      expect(await tx.select().from(facts).where(eq(facts.key, 'nobody'))).toEqual([]);
    });
    expect(await stores.db.select().from(facts).where(eq(facts.key, 'nobody'))).toEqual([]);
  });

  test('work started inside one may use the outer database once it has ended', async () => {
    const ended = Promise.withResolvers<void>();
    const later: Promise<unknown[]>[] = [];
    await stores.db.transaction(async () => {
      later.push(ended.promise.then(() => stores.db.select().from(platforms).limit(1)));
    });
    ended.resolve();
    expect(await later[0]).toEqual(expect.any(Array));
  });
});

test('deleting a platform takes its objectives and sources along', async () => {
  await stores.db.insert(platforms).values({ id: 'leaving', name: 'Leaving', createdAt: at });
  await stores.db
    .insert(sources)
    .values({ id: 'src', platformId: 'leaving', kind: 'push', name: 'Push', intervalMs: 60_000, createdAt: at });
  await stores.db.insert(slos).values({
    id: 'slo_1',
    platformId: 'leaving',
    sourceId: 'src',
    slug: 'checkout',
    name: 'Checkout',
    description: '',
    indicator: sql`'{}'::jsonb`,
    targetPercent: '99.9',
    windowMs: 2_592_000_000,
    anchorAt: at,
    createdAt: at,
  });
  const [slo] = await stores.db.select().from(slos);
  expect(slo).toMatchObject({ windowMs: 2_592_000_000, cautionRatio: 0.2, anchorAt: at, sliId: 1 });
  await stores.db.delete(platforms).where(eq(platforms.id, 'leaving'));
  expect(await stores.db.select().from(slos)).toEqual([]);
  expect(await stores.db.select().from(sources)).toEqual([]);
});
