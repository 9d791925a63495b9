import { expect, it } from 'vitest';
import { tombstoneKinds, type Tombstone, type Tombstones } from './port.ts';

/** A tombstone of a key, by a number: one of each kind in turn. */
export function tombstone(n: number): Tombstone {
  return {
    id: `Key${String(n).padStart(5, '0')}`,
    hash: n % 3 === 0 ? null : n.toString(16).padStart(64, '0'),
    pepperVersion: 1 + (n % 2),
    kind: tombstoneKinds[n % tombstoneKinds.length] ?? 'revoked',
    at: 1_790_000_000_000 + n,
  };
}

/** What every ledger of revoked keys promises. */
export function describeTombstones(open: () => Promise<Tombstones>): void {
  it('is empty at first', async () => {
    const ledger = await open();
    expect(await ledger.read()).toEqual({ tombstones: [], faults: [] });
  });

  it('gives back what was added, in order and of every kind', async () => {
    const ledger = await open();
    await ledger.append([tombstone(1), tombstone(2)]);
    await ledger.append([tombstone(3), tombstone(4)]);
    await ledger.append([{ ...tombstone(2), at: 5 }]);
    const all = [tombstone(1), tombstone(2), tombstone(3), tombstone(4), { ...tombstone(2), at: 5 }];
    expect((await ledger.read()).tombstones).toEqual(all);
  });

  it('has another version once something was added, and only then', async () => {
    const ledger = await open();
    const empty = await ledger.version();
    await ledger.append([]);
    expect(await ledger.version()).toBe(empty);
    await ledger.append([tombstone(1)]);
    const one = await ledger.version();
    expect(one).not.toBe(empty);
    await ledger.read();
    expect(await ledger.version()).toBe(one);
    await ledger.append([tombstone(2)]);
    expect(await ledger.version()).not.toBe(one);
  });

  it('loses nothing when several add at once', async () => {
    const ledger = await open();
    await Promise.all(Array.from({ length: 40 }, (_, n) => ledger.append([tombstone(n)])));
    const { tombstones, faults } = await ledger.read();
    expect(new Set(tombstones.map(({ id }) => id)).size).toBe(40);
    expect(faults).toEqual([]);
  });
}
