import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../test/silent-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { finishJob, leaseJob } from '../db/job-leases.ts';
import { jobRuns } from '../db/schema/index.ts';
import { createJobRunner, type JobDefinition } from './jobs.ts';
import { createTelemetry } from './telemetry.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const lease = (name: string, owner: string, seconds: number) =>
  leaseJob(stores.db, { name, owner, now: at(seconds), leaseMs: 60_000, everyMs: 30_000 });

function runner() {
  return createJobRunner({ db: stores.db, ctx: () => testCtx(stores), telemetry: createTelemetry(), log: silentLog });
}

async function stored(name: string) {
  const rows = await stores.db.select().from(jobRuns);
  return rows.find((r) => r.name === name);
}

describe('job leases', () => {
  it('go to one of many replicas that ask at once', async () => {
    const got = await Promise.all(Array.from({ length: 10 }, (_, i) => lease('t.once', `replica ${i}`, 0)));
    expect(got.filter(Boolean)).toHaveLength(1);
  });

  it('are not given while held, nor again before the interval is over', async () => {
    expect(await lease('t.held', 'a', 0)).toBe(true);
    expect(await lease('t.held', 'b', 40)).toBe(false);
    await finishJob(stores.db, { name: 't.held', owner: 'a', now: at(1), durationMs: 1, error: null });
    expect(await lease('t.held', 'b', 10)).toBe(false);
    expect(await lease('t.held', 'b', 30)).toBe(true);
  });

  it('fall to another replica once the holder has died', async () => {
    expect(await lease('t.dead', 'a', 0)).toBe(true);
    expect(await lease('t.dead', 'b', 61)).toBe(true);
    // The one that came back from the dead must not take the lease from its successor.
    await finishJob(stores.db, { name: 't.dead', owner: 'a', now: at(62), durationMs: 62_000, error: null });
    expect((await stored('t.dead'))?.lockedBy).toBe('b');
  });
});

describe('the job runner', () => {
  it('records how runs went, and a failure ends nothing', async () => {
    let fail = true;
    const job: JobDefinition = {
      name: 't.flaky',
      everyMs: 1_000,
      run: () => (fail ? Promise.reject(new Error('it broke')) : Promise.resolve()),
    };
    const jobs = runner();
    await jobs.runNow(job);
    expect(await stored('t.flaky')).toMatchObject({ runs: 1, failures: 1, lastError: 'it broke', lockedBy: null });
    fail = false;
    await jobs.runNow(job);
    expect(await stored('t.flaky')).toMatchObject({ runs: 2, failures: 1, lastError: null });
  });

  it('waits for what is running when it stops', async () => {
    let release = (): void => undefined;
    let ended = false;
    const gate = new Promise<void>((done) => {
      release = done;
    });
    const jobs = runner();
    const run = jobs.runNow({ name: 't.slow', everyMs: 1_000, run: () => gate.then(() => void (ended = true)) });
    const stopped = jobs.stop().then(() => ended);
    release();
    expect(await stopped).toBe(true);
    await run;
  });

  it('runs what concerns the process itself in every replica', async () => {
    let runs = 0;
    const job: JobDefinition = {
      name: 't.own',
      everyMs: 60_000,
      perReplica: true,
      run: () => Promise.resolve(void (runs += 1)),
    };
    await Promise.all([runner().runNow(job), runner().runNow(job)]);
    expect(runs).toBe(2);
    expect(await stored('t.own')).toBeUndefined();
  });
});
