import { setImmediate } from 'node:timers/promises';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, keyText, plantKey } from '../../../test/keys.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyLeakHits, keyLeakReports, keyUsage, users } from '../../db/schema/index.ts';
import { findKeys, leakPatterns } from './service/leaks/find.ts';
import { inTurn } from './service/leaks/intake.ts';
import { leakHits, leakReport, listLeaks } from './service/leaks/list.ts';
import { reportLeak } from './service/leaks/report.ts';
import { createPersonLimit } from './service/person-limit.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', requestId: 'req_key' };
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  const row = { name: 'Jun', state: 'active' as const, createdAt: stores.clock.now() };
  const people = ['user_operator', 'user_owner'].map((id) => ({ ...row, id, email: `${id}@e.test`, emailKey: id }));
  await stores.db.insert(users).values(people);
});

const as = (role: Parameters<typeof actorWith>[0], platform?: string) =>
  testCtx(stores, { actor: actorWith(role, platform) });
const report = (text: string, ctx = as('operator'), leakedAt: number | null = null) =>
  reportLeak(ctx, endingDeps(), { text, source: 'paste', place: 'ticket 4711', leakedAt });
const everything = async () =>
  JSON.stringify([
    await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq)),
    await stores.db.select().from(keyLeakReports),
    await stores.db.select().from(keyLeakHits),
    await stores.db.select({ reason: apiKeys.endReason }).from(apiKeys),
  ]);

describe('a leaked key', () => {
  it('for production stops at once, one for development is reported and goes on', async () => {
    const prod = await plantKey(stores);
    const dev = await plantKey(stores, { environment: 'dev', name: 'Dev sandbox' }, { text: keyText('dev') });
    const ctx = as('operator');
    const keys = keysOver(stores, ctx);
    expect(await keys.verify(prod.text, from)).not.toBeNull();
    const text = `export KEY=${prod.text}\nother: "${dev.text.replaceAll('_', '%5f')}" ${keyText()}`;
    const found = await report(text, ctx);
    expect(ctx.hub.published.filter((topic) => topic === 'api-keys')).toHaveLength(2);
    expect(found).toMatchObject({ place: 'ticket 4711', candidates: 3, characters: text.length, reportedBy: 'Jun' });
    expect(found.hits).toMatchObject([
      { keyId: dev.id, name: 'Dev sandbox', action: 'reported', state: 'active' },
      { keyId: prod.id, action: 'quarantined', state: 'quarantined' },
    ]);
    expect(await keys.verify(prod.text, from)).toBeNull();
    expect(await keys.verify(dev.text, from)).not.toBeNull();
    const actions = (await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq))).map((r) => r.action);
    expect(actions.filter((action) => action.startsWith('api-keys.') && action !== 'api-keys.verified')).toEqual([
      'api-keys.leak_reported',
      ...(prod.id < dev.id ? ['api-keys.leaked', 'api-keys.quarantined', 'api-keys.leaked'] : []),
      ...(prod.id < dev.id ? [] : ['api-keys.leaked', 'api-keys.leaked', 'api-keys.quarantined']),
    ]);
  });

  it('is found in disguise, in the short form, and made elsewhere', async () => {
    const short = await plantKey(stores, { platform: 'web3-audit' }, { text: 'w3a_prod_key_a1B2c3D4e5F6g7H8' });
    const opaque = await plantKey(stores, { name: 'Legacy' }, { text: 'c0ffee00c0ffee00c0ffee00c0ffee00' });
    const long = await plantKey(stores);
    const disguised = Buffer.from(`Authorization: Bearer ${short.text}`).toString('base64');
    const { hits } = await report(
      `${disguised}\nX-Key: c0ffee00c0ffee00c0ffee00c0ffee00\n${[...long.text].join('\u200b')}`,
    );
    expect(new Set(hits.map(({ keyId }) => keyId))).toEqual(new Set([short.id, opaque.id, long.id]));
  });

  it('leaves neither itself nor the text it stood in behind', async () => {
    const { text } = await plantKey(stores);
    await report(`the canary sings: ${text}`);
    const kept = await everything();
    expect(kept).not.toContain(text.slice(21));
    expect(kept).not.toContain('canary');
  });

  it('is left out of the place it was found at, whatever its form', async () => {
    const { text } = await plantKey(stores);
    const opaque = await plantKey(stores, { name: 'Legacy' }, { text: 'c0ffee00c0ffee00c0ffee00c0ffee00' });
    const place = `https://x.test/?k=${opaque.text} and ${Buffer.from(text).toString('base64')} token9f8e7d6c5b4a3210 in INC-7`;
    const { id } = await reportLeak(as('operator'), endingDeps(), {
      text: `see ${text}`,
      source: 'paste',
      place,
      leakedAt: null,
    });
    const [kept] = await stores.db.select().from(keyLeakReports).where(eq(keyLeakReports.id, id));
    expect(kept?.place).toBe('https://x.test/?k=(a key) and (a key) (a key) in INC-7');
    expect(await everything()).not.toMatch(/c0ffee00|token9f8e|aHNpX/);
  });

  it('that had ended, or is stopped already, is said to be', async () => {
    const ended = await plantKey(stores, { revokedAt: stores.clock.now() });
    const stopped = await plantKey(stores, { quarantinedAt: stores.clock.now(), endReason: 'first' });
    const { hits } = await report(`${ended.text} ${stopped.text}`);
    expect(new Map(hits.map(({ keyId, action }) => [keyId, action]))).toEqual(
      new Map([
        [ended.id, 'ended_before'],
        [stopped.id, 'quarantined'],
      ]),
    );
    const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, stopped.id));
    expect(row?.endReason).toBe('first');
  });

  it('of another platform is left to the people there, and not shown', async () => {
    const { id, text } = await plantKey(stores);
    const reporter = as('operator', 'web3-audit');
    const { hits, id: reportId } = await report(`see ${text}`, reporter);
    expect(hits).toEqual([]);
    expect(await keysOver(stores, testCtx(stores)).verify(text, from)).not.toBeNull();
    const there = await listLeaks(as('owner', 'hashinsight'), { limit: 10 });
    expect(there.rows).toMatchObject([{ id: reportId, hits: [{ keyId: id, action: 'reported' }] }]);
    const logged = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'api-keys.leaked'));
    expect(logged).toMatchObject([{ platform: 'hashinsight', targetId: id }]);
  });

  it('shows who called with it since the text lay there', async () => {
    const { id, text } = await plantKey(stores);
    const ago = (ms: number) => new Date(stores.clock.now().getTime() - ms);
    const call = { keyId: id, spanMs: 10 * MINUTE_MS, outcome: 'ok', agent: 'curl/8' };
    await stores.db.insert(keyUsage).values([
      { ...call, address: '203.0.113.9', startsAt: ago(3 * HOUR_MS), lastAt: ago(3 * HOUR_MS), count: 40 },
      { ...call, address: '192.0.2.4', startsAt: ago(HOUR_MS), lastAt: ago(HOUR_MS), count: 2 },
      { ...call, address: '192.0.2.4', startsAt: ago(3 * DAY_MS), lastAt: ago(3 * DAY_MS), count: 500 },
      { ...call, address: '192.0.2.4', startsAt: ago(HOUR_MS), lastAt: ago(HOUR_MS), outcome: 'address', count: 9 },
    ]);
    const unknown = await report(text);
    expect(unknown.hits).toMatchObject([
      { callsSince: 42, callers: [{ address: '203.0.113.9', calls: 40 }, { calls: 2 }] },
    ]);
    const recent = await report(text, as('operator'), ago(2 * HOUR_MS).getTime());
    expect(recent.hits).toMatchObject([
      { callsSince: 2, callers: [{ address: '192.0.2.4', lastAt: ago(HOUR_MS).getTime() }] },
    ]);
  });
});

describe('reports', () => {
  it('come with the first of their keys and are read on page by page, each key once', async () => {
    const planted: { id: string; text: string }[] = [];
    for (let i = 0; i < 47; i += 1) {
      const platform = i % 10 === 9 ? 'web3-audit' : 'hashinsight';
      planted.push(
        await plantKey(stores, { name: `Key ${i % 5}`, platform, ...(i === 3 && { expiresAt: stores.clock.now() }) }),
      );
    }
    const whole = await report(planted.map(({ text }) => text).join('\n'));
    expect(whole.counts).toEqual({ found: 47, stopped: 46, working: 0 });
    const ofPlatform = (await listLeaks(as('auditor', 'hashinsight'), { limit: 5 })).rows[0];
    expect(ofPlatform?.counts.found).toBe(43);
    for (const [ctx, count] of [
      [as('auditor'), 47],
      [as('auditor', 'hashinsight'), 43],
    ] as const) {
      const first = await leakReport(ctx, whole.id);
      expect(first.hits).toHaveLength(20);
      const seen = first.hits.map(({ keyId }) => keyId);
      for (let cursor = first.hitsCursor; cursor !== null;) {
        const page = await leakHits(ctx, { reportId: whole.id, cursor, limit: 10 });
        expect(page.rows.length).toBeLessThanOrEqual(10);
        seen.push(...page.rows.map(({ keyId }) => keyId));
        cursor = page.nextCursor;
      }
      expect(seen).toHaveLength(count);
      expect(new Set(seen).size).toBe(count);
    }
    const stranger = leakHits(as('auditor', 'no-such'), { reportId: whole.id, limit: 10 });
    await expect(stranger).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are paged, newest first, each once', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      ids.unshift((await report(`nothing ${i}`)).id);
      if (i % 2 === 0) stores.clock.advance(MINUTE_MS);
    }
    const first = await listLeaks(as('auditor'), { limit: 3 });
    const rest = await listLeaks(as('auditor'), { limit: 3, cursor: first.nextCursor ?? '' });
    const seen = [...first.rows, ...rest.rows].map(({ id }) => id);
    expect(seen.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(rest.nextCursor).toBeNull();
    await expect(listLeaks(as('auditor'), { limit: 3, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('without a key of their platforms are for who made them, and for those who see everything', async () => {
    const { id } = await report('nothing here', as('operator', 'web3-audit'));
    expect((await listLeaks(as('operator', 'web3-audit'), { limit: 5 })).rows).toHaveLength(1);
    expect((await listLeaks(as('owner', 'web3-audit'), { limit: 5 })).rows).toEqual([]);
    expect((await listLeaks(as('owner'), { limit: 5 })).rows).toHaveLength(1);
    await expect(leakReport(as('owner', 'web3-audit'), id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuse texts beyond their bounds, and store nothing of them', async () => {
    await expect(report('a'.repeat(5_000_001))).rejects.toMatchObject({ code: 'invalid' });
    expect(await stores.db.select().from(keyLeakReports)).toEqual([]);
  });
});

describe('searching texts', () => {
  it('goes one at a time, and turns away what would wait too long', async () => {
    const gate = Promise.withResolvers<undefined>();
    const running: number[] = [];
    const done: number[] = [];
    const searches = Array.from({ length: 9 }, (_, i) =>
      inTurn(async () => {
        running.push(i);
        await gate.promise;
        done.push(i);
        if (i === 3) throw new Error('unreadable');
      }).catch(() => undefined),
    );
    await expect(inTurn(() => Promise.resolve())).rejects.toMatchObject({ code: 'rate_limited' });
    expect(running).toEqual([0]);
    gate.resolve(undefined);
    await Promise.all(searches);
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await inTurn(() => Promise.resolve('again'))).toBe('again');
  });

  it('lets verification be answered all the while', async () => {
    const { text, id } = await plantKey(stores);
    const keys = keysOver(stores, testCtx(stores));
    // Remembered from here on, so that no answer waits for the database.
    expect(await keys.verify(text, from)).not.toBeNull();
    const search = { isOver: false };
    const log = `${'a line of a log, 각\n'.repeat(50_000)}${text}`;
    const found = findKeys(stores.db, endingDeps().peppers, log).finally(() => void (search.isOver = true));
    let answered = 0;
    while (!search.isOver) {
      expect(await keys.verify(text, from)).not.toBeNull();
      await setImmediate();
      answered += 1;
    }
    expect((await found).hits).toMatchObject([{ id, line: 50_001 }]);
    // The text has 64 slices, and at least three views of it are made.
    expect(answered).toBeGreaterThan(50);
  });

  it('is for one person ten times a minute', () => {
    const limit = createPersonLimit(10, 'reported');
    for (let i = 0; i < 10; i += 1) limit(as('operator'));
    expect(() => limit(as('operator'))).toThrow('You have reported 10 times within a minute');
    limit(as('owner'));
    stores.clock.advance(MINUTE_MS);
    limit(as('operator'));
  });
});

it('offers patterns of the platforms somebody may see', async () => {
  await plantKey(stores);
  await plantKey(stores, { platform: 'web3-audit' }, { text: 'w3a_prod_key_a1B2c3D4e5F6g7H8' });
  expect((await leakPatterns(as('auditor'))).expression).toContain('(?:hsi|w3a)_');
  expect((await leakPatterns(as('auditor', 'web3-audit'))).expression).toMatch(/^w3a_/);
});
