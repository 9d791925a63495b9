import type { Logger } from 'pino';
import type { Tombstone, TombstoneKind, Tombstones } from '../../../../adapters/tombstones/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { holdLedger, type HeldLedger } from './held-ledger.ts';
import { quarantineRestored, revokeRestored } from './restored.ts';
import { takeOverStopped, tombstoneOf, type NotedKey } from './take-over.ts';

const LOST =
  'the ledger of revoked keys lacks what it said before: it was cut short or replaced, and is filled up again';

/** Keeps the ledger of stopped keys and the tables in step. */
export interface TombstoneKeeper {
  /**
   * Adds to the ledger what became of a key, after that is committed. `at`: since when it is stopped; of a release when its
   * quarantine began. Never throws: gives false when it could not be written, and the next `keep` makes up for it.
   */
  note(kind: TombstoneKind, key: NotedKey, at: Date): Promise<boolean>;
  /**
   * Adds to the ledger what is stopped in the tables for good or quarantined, and stops again what only the ledger says was. Call
   * before traffic is served and every minute, with the clock keys are judged by. A ledger that was cut short, deleted or put in
   * place of is filled up again. Throws `precondition` when the ledger cannot be read or written.
   */
  keep(ctx: Ctx): Promise<void>;
  /** Adds to the ledger what is stopped in the tables by now. Never throws: the next `keep` makes up for it. */
  catchUp(ctx: Ctx): Promise<void>;
  /** That a key with one of these hashes (hex) has ended; null: there is none. */
  findByHash(hashes: readonly string[]): Promise<Tombstone | null>;
  /** That a key with one of these hashes (hex) has ended, or is quarantined and was not released; null: neither. */
  findStopped(hashes: readonly string[]): Promise<Tombstone | null>;
  /** That the key of an id has ended; null: there is none. */
  findById(id: string): Promise<Tombstone | null>;
}

/** A keeper over a ledger, whose content it holds in memory. */
export function createTombstoneKeeper(ledger: Tombstones, log: Logger): TombstoneKeeper {
  const held = holdLedger(ledger, log);
  let lookedSince: Date | null = null;

  async function refresh(): Promise<void> {
    const lost = await held.refresh();
    if (lost === 0) return;
    log.error({ keys: lost, ledger: ledger.place }, LOST);
    lookedSince = null;
  }
  async function addStopped(ctx: Ctx): Promise<void> {
    const now = ctx.now();
    await takeOverStopped(ctx, held, lookedSince);
    lookedSince = now;
  }

  return {
    async note(kind, key, at) {
      try {
        const tombstone = tombstoneOf(key, kind, at);
        await refresh();
        const open = kind === 'released' ? held.quarantined().filter(({ id }) => id === key.id) : [];
        await held.add([tombstone, ...open.map((quarantine) => ({ ...quarantine, kind }))]);
        return true;
      } catch (error) {
        log.error({ err: error, ledger: ledger.place, kind }, 'a stopped key could not be noted in the ledger yet');
        return false;
      }
    },
    async keep(ctx) {
      await refresh();
      const again = (await revokeRestored(ctx, held)) + (await quarantineRestored(ctx, held));
      if (again > 0) {
        ctx.hub.publish('api-keys');
        log.warn(
          { keys: again, ledger: ledger.place },
          'keys that a restored database had brought back are stopped again',
        );
      }
      await addStopped(ctx);
    },
    async catchUp(ctx) {
      try {
        await addStopped(ctx);
      } catch (error) {
        log.error({ err: error, ledger: ledger.place }, 'stopped keys could not be noted in the ledger yet');
      }
    },
    ...readsOf(held, refresh),
  };
}

function readsOf(
  held: HeldLedger,
  refresh: () => Promise<void>,
): Pick<TombstoneKeeper, 'findByHash' | 'findStopped' | 'findById'> {
  return {
    async findByHash(hashes) {
      await refresh();
      return held.findByHash(hashes);
    },
    async findStopped(hashes) {
      await refresh();
      const isOne = ({ hash }: Tombstone) => hash !== null && hashes.includes(hash);
      return held.findByHash(hashes) ?? held.quarantined().find(isOne) ?? null;
    },
    async findById(id) {
      await refresh();
      return held.findById(id);
    },
  };
}
