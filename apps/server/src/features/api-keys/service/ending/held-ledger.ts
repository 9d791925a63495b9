import { DomainError } from '@qd/shared/errors';
import type { Logger } from 'pino';
import type { Tombstone, Tombstones } from '../../../../adapters/tombstones/port.ts';
import type { LedgerRecord } from './ledger-state.ts';
import { gatherSayings, type Sayings } from './sayings.ts';

/** The ledger as it was read last, and what it does not say yet. */
export interface HeldLedger extends Pick<Sayings, 'findByHash' | 'findById' | 'ended' | 'quarantined' | 'drawn'> {
  /**
   * Reads it again if it changed in any way; gives how many tombstones it said before and says no more. They are still known here,
   * and are added again with the next ones. Throws `precondition` when it cannot be read.
   */
  refresh(): Promise<number>;
  /**
   * Adds what it does not say yet, and what could not be added before; gives what was new. Throws `precondition` when it cannot be
   * written; all of it is known here even then.
   */
  add(tombstones: readonly Tombstone[]): Promise<Tombstone[]>;
  /** How many keys have ended, and of how many the ledger does not say what is known here. */
  counts(): { ended: number; unwritten: number };
}

/** Holds what a ledger says in memory. */
export function holdLedger(ledger: Tombstones, log: Logger, record: Pick<LedgerRecord, 'watch'>): HeldLedger {
  const held = gatherSayings();
  const unwritten = new Set<Tombstone>();
  let readVersion: string | null = null;
  let faultsTold = 0;
  let writing: Promise<unknown> = Promise.resolve();

  const readAgain = async (): Promise<number> => {
    const version = await ledger.version();
    if (version === readVersion) return 0;
    // What comes to be written while it is read may not be seen, and is not missing for that.
    const written = held.all().filter((tombstone) => !unwritten.has(tombstone));
    const { tombstones, faults } = await ledger.read();
    const said = gatherSayings(tombstones);
    const lost = written.filter((tombstone) => !said.has(tombstone) && !unwritten.has(tombstone));
    for (const tombstone of tombstones) held.add(tombstone);
    for (const tombstone of lost) unwritten.add(tombstone);
    readVersion = version;
    const details = { ledger: ledger.place, lines: faults.length, first: faults[0] };
    if (faults.length > faultsTold) log.error(details, 'lines of the ledger of revoked keys are damaged');
    faultsTold = faults.length;
    return lost.length;
  };
  const writeAll = async (): Promise<void> => {
    const batch = [...unwritten];
    if (batch.length === 0) return;
    await ledger.append(batch);
    for (const tombstone of batch) unwritten.delete(tombstone);
  };

  const rejected = (done: keyof typeof remedies) => (error: unknown) => Promise.reject(faultOf(ledger, done, error));

  return {
    findByHash: held.findByHash,
    findById: held.findById,
    ended: held.ended,
    quarantined: held.quarantined,
    drawn: held.drawn,
    refresh: () => record.watch('read', () => readAgain().catch(rejected('read'))),
    async add(tombstones) {
      const added = tombstones.filter((tombstone) => {
        if (held.has(tombstone)) return false;
        held.add(tombstone);
        unwritten.add(tombstone);
        return true;
      });
      // One after the other, so that nothing is written twice.
      const turn = writing.then(writeAll);
      writing = turn.catch(() => undefined);
      await record.watch('write', () => turn.catch(rejected('written')));
      return added;
    },
    counts: () => ({
      ended: held.ended().length,
      unwritten: new Set([...unwritten].filter(({ kind }) => kind !== 'drawn').map(({ id }) => id)).size,
    }),
  };
}

const remedies = {
  read: 'Make it readable.',
  written: 'Free space there, or let the console write it; what ended stays ended, and is added once that can be.',
};

function faultOf({ place }: Tombstones, done: keyof typeof remedies, cause: unknown): DomainError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The ledger of revoked keys ${place} cannot be ${done}: ${why}. ${remedies[done]}`;
  return new DomainError('precondition', message, { cause });
}
