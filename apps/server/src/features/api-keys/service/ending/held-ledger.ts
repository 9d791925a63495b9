import { DomainError } from '@qd/shared/errors';
import type { Logger } from 'pino';
import type { Tombstone, Tombstones } from '../../../../adapters/tombstones/port.ts';

/** The ledger as it was read last. */
export interface HeldLedger {
  /** Reads it again if it grew. Throws `precondition` when that fails. */
  refresh(): Promise<void>;
  /** Appends what it does not say yet. */
  add(tombstones: readonly Tombstone[]): Promise<void>;
  findByHash(hashes: readonly string[]): Tombstone | null;
  findById(id: string): Tombstone | null;
  /** Keys that have ended, each once. */
  ended(): Tombstone[];
  /** Quarantines nobody was released from, of keys that have not ended. */
  quarantined(): Tombstone[];
}

/** Holds what a ledger says in memory. */
export function holdLedger(ledger: Tombstones, log: Logger): HeldLedger {
  const ends = new Map<string, Tombstone>();
  const byHash = new Map<string, Tombstone>();
  const quarantines = new Map<string, Tombstone>();
  const releases = new Set<string>();
  let readSize = -1;
  let faultsTold = 0;

  const isSaid = (tombstone: Tombstone): boolean => {
    const { id, kind } = tombstone;
    if (kind === 'quarantined') return quarantines.has(episodeOf(tombstone));
    if (kind === 'released') return releases.has(episodeOf(tombstone));
    const said = ends.get(id)?.kind;
    return said === 'revoked' || said === kind;
  };
  const hold = (tombstone: Tombstone): void => {
    const { id, hash, kind } = tombstone;
    if (isSaid(tombstone)) return;
    if (kind === 'quarantined') quarantines.set(episodeOf(tombstone), tombstone);
    else if (kind === 'released') releases.add(episodeOf(tombstone));
    else {
      ends.set(id, tombstone);
      if (hash !== null) byHash.set(hash, tombstone);
    }
  };

  return {
    async refresh() {
      try {
        const size = await ledger.size();
        if (size === readSize) return;
        const { tombstones, faults } = await ledger.read();
        for (const tombstone of tombstones) hold(tombstone);
        readSize = size;
        const details = { ledger: ledger.place, lines: faults.length, first: faults[0] };
        if (faults.length > faultsTold) log.error(details, 'lines of the ledger of revoked keys are damaged');
        faultsTold = faults.length;
      } catch (error) {
        const message = `The ledger of revoked keys ${ledger.place} cannot be read: ${messageOf(error)}. Make it readable.`;
        throw new DomainError('precondition', message, { cause: error });
      }
    },
    async add(tombstones) {
      const missing = tombstones.filter((tombstone) => !isSaid(tombstone));
      await ledger.append(missing);
      for (const tombstone of missing) hold(tombstone);
    },
    findByHash: (hashes) => hashes.map((hash) => byHash.get(hash)).find((found) => found !== undefined) ?? null,
    findById: (id) => ends.get(id) ?? null,
    ended: () => [...ends.values()],
    quarantined: () =>
      [...quarantines].filter(([episode, { id }]) => !releases.has(episode) && !ends.has(id)).map(([, open]) => open),
  };
}

function episodeOf({ id, at }: Tombstone): string {
  return `${id} ${at}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
