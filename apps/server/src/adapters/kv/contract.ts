import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Kv } from './port.ts';

/** What a suite needs: an empty store nobody else uses, and a way to let time pass for it. */
export interface KvUnderTest {
  kv: Kv;
  /** Returns when `ms` have passed for the store. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What the port promises, run on each implementation. */
export function kvContract(name: string, open: () => Promise<KvUnderTest>): void {
  describe(`kv contract: ${name}`, () => {
    let under: KvUnderTest;
    let kv: Kv;
    beforeAll(async () => {
      under = await open();
      kv = under.kv;
    });
    afterAll(() => under.close());

    test('a value is there until its time is up', async () => {
      await kv.set('short', 'a', 100);
      await kv.set('long', 'b', 60_000);
      await under.pass(150);
      expect(await kv.get('short')).toBeNull();
      expect(await kv.get('long')).toBe('b');
    });

    test('a missing key is null, and deleting it is no fault', async () => {
      expect(await kv.get('never')).toBeNull();
      await kv.delete('never');
    });

    test('setting again replaces the value and its lifetime', async () => {
      await kv.set('again', 'one', 50);
      await kv.set('again', 'two', 60_000);
      await under.pass(100);
      expect(await kv.get('again')).toBe('two');
    });

    test('deleting removes', async () => {
      await kv.set('removed', 'x', 60_000);
      await kv.delete('removed');
      expect(await kv.get('removed')).toBeNull();
    });

    test('values keep every character, also none', async () => {
      for (const value of ['', '0', 'null', 'naïve 🚢\n\u0000 end', 'x'.repeat(100_000)]) {
        await kv.set('text', value, 60_000);
        expect(await kv.get('text')).toBe(value);
      }
    });

    test('a counter counts, and its lifetime starts with the first', async () => {
      expect(await kv.increment('count', 2_000)).toBe(1);
      await under.pass(1_200);
      expect(await kv.increment('count', 2_000)).toBe(2);
      await under.pass(1_200);
      expect(await kv.increment('count', 2_000)).toBe(1);
    });

    test('counting at once loses none', async () => {
      const sums = await Promise.all(Array.from({ length: 100 }, () => kv.increment('many', 60_000)));
      expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    });

    test('every subscriber gets every message of its channel, in order', async () => {
      const [first, second, other] = [inbox(3), inbox(3), inbox(1)];
      const ends = [
        await kv.subscribe('news', first.put),
        await kv.subscribe('news', second.put),
        await kv.subscribe('other', other.put),
      ];
      for (const message of ['a', 'b', 'c']) await kv.publish('news', message);
      await kv.publish('other', 'z');
      expect(await first.full).toEqual(['a', 'b', 'c']);
      expect(await second.full).toEqual(['a', 'b', 'c']);
      expect(await other.full).toEqual(['z']);
      for (const end of ends) await end();
    });

    test('who has left gets nothing, who stayed still does', async () => {
      const [left, stayed] = [inbox(1), inbox(2)];
      const leave = await kv.subscribe('leaving', left.put);
      const end = await kv.subscribe('leaving', stayed.put);
      await kv.publish('leaving', 'one');
      expect(await left.full).toEqual(['one']);
      await leave();
      await leave();
      await kv.publish('leaving', 'two');
      expect(await stayed.full).toEqual(['one', 'two']);
      expect(left.got).toEqual(['one']);
      await end();
    });

    test('the same function may listen twice and is called twice', async () => {
      const box = inbox(2);
      const ends = [await kv.subscribe('twice', box.put), await kv.subscribe('twice', box.put)];
      await kv.publish('twice', 'm');
      expect(await box.full).toEqual(['m', 'm']);
      for (const end of ends) await end();
    });

    test('it says that it is connected, and how long a round trip takes', async () => {
      expect(kv.state()).toEqual({ connected: true, outages: 0 });
      expect(await kv.ping()).toBeGreaterThanOrEqual(0);
    });
  });
}

/** Collects messages; `full` resolves with them once `size` have come. */
export function inbox(size: number): { put(message: string): void; got: string[]; full: Promise<string[]> } {
  const got: string[] = [];
  const { promise, resolve } = Promise.withResolvers<string[]>();
  return {
    got,
    full: promise,
    put: (message) => {
      got.push(message);
      if (got.length === size) resolve([...got]);
    },
  };
}
