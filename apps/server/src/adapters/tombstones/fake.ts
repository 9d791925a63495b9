import type { Tombstone, TombstoneFault, Tombstones } from './port.ts';

/** What a test may look at and spoil. */
export interface FakeTombstones extends Tombstones {
  written: Tombstone[];
  faults: TombstoneFault[];
}

/** Keeps tombstones in memory. */
export function createFakeTombstones(): FakeTombstones {
  const written: Tombstone[] = [];
  const faults: TombstoneFault[] = [];
  return {
    place: 'memory',
    written,
    faults,
    async append(tombstones) {
      written.push(...tombstones);
    },
    async read() {
      return { tombstones: [...written], faults: [...faults] };
    },
    version: () => Promise.resolve(JSON.stringify([written, faults])),
  };
}
