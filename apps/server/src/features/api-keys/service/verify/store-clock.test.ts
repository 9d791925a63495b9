import { describe, expect, it, vi } from 'vitest';
import { createStoreClock } from './store-clock.ts';

const START_MS = Date.UTC(2026, 9, 1);

/** A database and a replica whose clocks disagree; asking takes `tripMs`, most of it on the way there or back. */
function world(skewMs: number, trips: readonly { thereMs: number; backMs: number }[]) {
  let elapsedMs = 0;
  let asked = 0;
  const log = { warn: vi.fn() };
  const storeMs = () => START_MS + elapsedMs;
  const clock = createStoreClock({
    now: () => new Date(START_MS + skewMs + elapsedMs),
    steadyMs: () => 5_000 + elapsedMs,
    log,
    readStoreMs: () => {
      const trip = trips[asked++ % trips.length];
      if (trip === undefined) return Promise.reject(new Error('no answer'));
      elapsedMs += trip.thereMs;
      const read = storeMs();
      elapsedMs += trip.backMs;
      return Promise.resolve(read);
    },
  });
  return { clock, log, storeMs, pass: (ms: number) => void (elapsedMs += ms) };
}

describe('the clock of the database', () => {
  it.each([-300_000, 0, 300_000])('is followed however far off the replica is: %i ms', async (skewMs) => {
    const { clock, storeMs, pass } = world(skewMs, [{ thereMs: 2, backMs: 2 }]);
    await clock.measure();
    expect(clock.now().getTime()).toBe(storeMs());
    pass(9_000);
    expect(clock.now().getTime()).toBe(storeMs());
  });

  it('is off by half the quickest trip at most', async () => {
    const { clock, storeMs } = world(90_000, [
      { thereMs: 400, backMs: 0 },
      { thereMs: 0, backMs: 6 },
      { thereMs: 0, backMs: 900 },
    ]);
    await clock.measure();
    expect(Math.abs(clock.now().getTime() - storeMs())).toBeLessThanOrEqual(3);
  });

  it('is the replica’s own until it was asked, and the last known while it does not answer', async () => {
    const silent = world(90_000, []);
    await silent.clock.measure();
    expect(silent.clock.now().getTime()).toBe(START_MS + 90_000);
    expect(silent.log.warn).toHaveBeenCalledOnce();
  });
});
