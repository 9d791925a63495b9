import { describe, expect, it } from 'vitest';
import { createSingleflight } from './singleflight.ts';

describe('singleflight', () => {
  it('runs once for callers at the same time, and again for those after', async () => {
    const flights = createSingleflight<number>();
    let runs = 0;
    const call = () => flights.run('k', () => Promise.resolve(++runs));
    expect(await Promise.all([call(), call(), call()])).toEqual([1, 1, 1]);
    expect(await call()).toBe(2);
    expect(flights.size()).toBe(0);
  });

  it('never shares between keys', async () => {
    const flights = createSingleflight<string>();
    const results = await Promise.all(['a', 'b'].map((k) => flights.run(k, () => Promise.resolve(k))));
    expect(results).toEqual(['a', 'b']);
  });

  it('fails all who waited, and forgets the failure', async () => {
    const flights = createSingleflight<number>();
    const bad = () => flights.run('k', () => Promise.reject(new Error('no')));
    const outcomes = await Promise.allSettled([bad(), bad()]);
    expect(outcomes.every((o) => o.status === 'rejected')).toBe(true);
    expect(await flights.run('k', () => Promise.resolve(7))).toBe(7);
  });
});
