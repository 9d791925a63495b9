import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { keysOver, plantKey, testPeppers } from '../../../test/keys.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import type { Kv, KvState } from '../../adapters/kv/port.ts';
import { apiKeys, auditEvents, keyRevocationProbes, keyUsage } from '../../db/schema/index.ts';
import { createHub } from '../../platform/hub-memory.ts';
import { derivePepper } from '../../platform/pepper.ts';
import { listKeys } from './service/keys.ts';
import { onlyPepper } from './service/peppers.ts';
import { acceptsProbe, measureRevocation, reviveProbe, type ProbeDeps } from './service/revocation/measure.ts';
import { probeText, storeProbe } from './service/revocation/probe-key.ts';
import { createRevocationView, forgetProbes } from './service/revocation/view.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await storeProbe(testCtx(stores), testPeppers);
});

const running = new AbortController().signal;
const text = probeText(testPeppers);

/** The hub of all replicas where there is no bus between processes. */
let onlyHub: ReturnType<typeof createHub> | null = null;
beforeEach(() => {
  onlyHub = null;
});
async function hubOver(kv: Kv) {
  if (kv.kind === 'redis' || kv !== stores.kv) return createHub(kv, silentLog);
  return (onlyHub ??= createHub(kv, silentLog));
}
/** A replica: a hub and a verifier of its own over the same stores. Its clock is the real one, for latencies are real. */
async function replica(name: string, kv: Kv = stores.kv) {
  const hub = await hubOver(kv);
  const ctx = { ...testCtx(stores), hub, now: () => new Date() };
  const keys = keysOver({ kv }, ctx);
  const deps: ProbeDeps = { db: stores.db, hub, log: silentLog, keys, text, replicaId: name, clock: () => new Date() };
  return { deps, keys, hub };
}
/** The stores' bus, cut off from one moment on: nothing comes in, and the replica knows it. */
function cuttable(kv: Kv) {
  let down: Date | null = null;
  const state = (): KvState =>
    down === null ? kv.state() : { connected: false, outages: 1, since: down, error: 'cut' };
  const cut: Kv = {
    kind: kv.kind,
    get: (key) => kv.get(key),
    set: (key, value, ttlMs) => kv.set(key, value, ttlMs),
    delete: (key) => kv.delete(key),
    increment: (key, ttlMs) => kv.increment(key, ttlMs),
    publish: (channel, message) => (down === null ? kv.publish(channel, message) : Promise.reject(new Error('cut'))),
    subscribe: (channel, onMessage) => kv.subscribe(channel, (message) => void (down === null && onMessage(message))),
    ping: () => kv.ping(),
    close: () => Promise.resolve(),
    state,
  };
  return { kv: cut, cut: () => void (down = new Date()) };
}
const stored = () => stores.db.select().from(keyRevocationProbes);

describe('the key revocation is measured with', () => {
  it('is the same in every replica, opens nothing and is shown nowhere', async () => {
    expect(probeText(testPeppers)).toBe(text);
    const { keys } = await replica('a');
    const actor = await keys.verify(text, { address: null, requestId: 'r' });
    expect(actor?.grants.flatMap(({ permissions }) => permissions)).toEqual([]);
    expect((await listKeys(testCtx(stores), { limit: 10 })).rows).toEqual([]);
  });

  it('follows the pepper', async () => {
    const others = onlyPepper(derivePepper('another password of 32 characters'), 2);
    await storeProbe(testCtx(stores), others);
    expect(probeText(others)).not.toBe(text);
    expect(await stores.db.select().from(apiKeys)).toMatchObject([{ isProbe: true, pepperVersion: 2 }]);
  });
});

describe('measuring', () => {
  it('times from the end as stored to the refusal by each replica, with one of them ending it', async () => {
    const replicas = await Promise.all(['a', 'b', 'c'].map((name) => replica(name)));
    for (const { deps } of replicas) expect(await acceptsProbe(deps)).toBe(true);
    const latencies = await Promise.all(replicas.map(({ deps }) => measureRevocation(deps, running)));
    expect(latencies.every((ms) => typeof ms === 'number' && ms >= 0 && ms < 30_000)).toBe(true);
    const rows = await stored();
    expect(new Set(rows.map(({ replicaId }) => replicaId))).toEqual(new Set(['a', 'b', 'c']));
    expect(new Set(rows.map(({ at }) => at.getTime())).size).toBe(1);
    await Promise.all(replicas.map(({ hub }) => hub.close()));
  });

  it('empties no memory of other keys and tells no screen', async () => {
    const [ender, other] = [await replica('ender'), await replica('other')];
    const lookups: string[] = [];
    const keys = keysOver(
      { kv: stores.kv },
      { ...testCtx(stores), hub: other.hub, now: () => new Date() },
      { onLookup: (source) => void lookups.push(source) },
    );
    const deps = { ...other.deps, keys };
    stores.clock.set(new Date());
    const { text: inUse } = await plantKey(stores);
    const origin = { address: null, requestId: 'r' };
    expect(await keys.verify(inUse, origin)).not.toBeNull();
    expect(await acceptsProbe(deps)).toBe(true);
    const heard: string[] = [];
    other.hub.subscribe(({ topic }) => heard.push(topic));
    await Promise.all([measureRevocation(ender.deps, running), measureRevocation(deps, running)]);
    expect(await acceptsProbe(deps)).toBe(false);
    lookups.length = 0;
    expect(await keys.verify(inUse, origin)).not.toBeNull();
    expect(lookups).toEqual(['memory']);
    expect(heard).toContain('api-keys.probe');
    expect(heard).not.toContain('api-keys');
    await Promise.all([ender.hub.close(), other.hub.close()]);
  });

  it('goes on while the bus is down: then nothing is remembered', async () => {
    const bus = cuttable(stores.kv);
    const [ender, cutOff] = [await replica('ender'), await replica('cut off', bus.kv)];
    expect(await acceptsProbe(cutOff.deps)).toBe(true);
    bus.cut();
    await measureRevocation(ender.deps, running);
    expect(await acceptsProbe(cutOff.deps)).toBe(false);
    expect(typeof (await measureRevocation(cutOff.deps, running))).toBe('number');
    expect(await stored()).toHaveLength(2);
    await Promise.all([ender.hub.close(), cutOff.hub.close()]);
  });

  it('writes nothing into the log or the counts of calls', async () => {
    const { deps, keys, hub } = await replica('a');
    await acceptsProbe(deps);
    await measureRevocation(deps, running);
    await keys.flushUsage();
    expect(await stores.db.select().from(auditEvents)).toEqual([]);
    expect(await stores.db.select().from(keyUsage)).toEqual([]);
    await hub.close();
  });

  it('lets the probe rest longer than anybody remembers it, then one replica brings it back', async () => {
    const { deps, hub } = await replica('a');
    await measureRevocation(deps, running);
    expect(await reviveProbe(deps)).toBe(false);
    await stores.db.update(apiKeys).set({ quarantinedAt: new Date(Date.now() - MINUTE_MS) });
    expect(
      (await Promise.all([reviveProbe(deps), reviveProbe(deps)])).toSorted((a, b) => Number(a) - Number(b)),
    ).toEqual([false, true]);
    expect(await stores.db.select().from(apiKeys)).toMatchObject([{ quarantinedAt: null }]);
    await hub.close();
  });

  it('stops when it is told to, and stores nothing then', async () => {
    const { deps, hub } = await replica('a');
    const deaf = {
      ...deps,
      keys: { verify: () => deps.keys.verify('', { address: null, requestId: 'r' }).then(() => testCtx(stores).actor) },
    };
    const stopping = new AbortController();
    const measured = measureRevocation(deaf, stopping.signal);
    stopping.abort();
    expect(await measured).toBe('none');
    expect(await stored()).toEqual([]);
    await hub.close();
  });
});

describe('the objective', () => {
  it('is counted by the arithmetic of every other: good, budget, latencies, coverage', async () => {
    stores.clock.set(new Date('2026-11-20T12:00:30Z'));
    const now = stores.clock.now().getTime();
    const at = (minutes: number) => new Date(now - minutes * MINUTE_MS);
    const rows = Array.from({ length: 2_000 }, (_, i) => ({ replicaId: 'a', at: at(i), latencyMs: 10 + (i % 10) }));
    await stores.db.insert(keyRevocationProbes).values(rows);
    await stores.db.insert(keyRevocationProbes).values([
      { replicaId: 'b', at: at(1), latencyMs: 900 },
      { replicaId: 'b', at: at(31 * 24 * 60), latencyMs: 29_000 },
    ]);
    const read = createRevocationView();
    const view = await read(testCtx(stores));
    expect(view).toMatchObject({
      targetPercent: '99.9',
      withinMs: 250,
      bus: 'up',
      replicas: 2,
      neverRefused: 0,
      slowestMs: 900,
      lastAt: now,
      budget: { totalEvents: 2_001, badEvents: 1 },
    });
    expect(view.budget.leftRatio).toBeCloseTo(1 - 1 / 2.001, 6);
    expect(view.p50Ms).toBeGreaterThanOrEqual(14);
    expect(view.p50Ms).toBeLessThanOrEqual(15);
    expect(view.p99Ms).toBeLessThan(25);
    expect(view.budget.coverageRatio).toBeGreaterThan(0.99);
    await stores.db.delete(keyRevocationProbes);
    expect((await read(testCtx(stores))).budget.totalEvents).toBe(2_001);
    stores.clock.advance(MINUTE_MS);
    const empty = await read({ ...testCtx(stores), hub: { ...testCtx(stores).hub, bus: () => 'down' } });
    expect(empty).toMatchObject({ bus: 'down', p50Ms: null, lastAt: null, budget: { leftRatio: null } });
  });

  it('counts a key that was never refused as failed, and forgets after 31 days', async () => {
    const now = stores.clock.now();
    await stores.db.insert(keyRevocationProbes).values([
      { replicaId: 'a', at: now, latencyMs: null },
      { replicaId: 'a', at: new Date(now.getTime() - 32 * DAY_MS), latencyMs: 1 },
    ]);
    await forgetProbes(testCtx(stores));
    expect(await createRevocationView()(testCtx(stores))).toMatchObject({
      neverRefused: 1,
      budget: { totalEvents: 1, badEvents: 1 },
    });
    expect(await stored()).toHaveLength(1);
  });
});
