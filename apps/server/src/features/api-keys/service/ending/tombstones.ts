import type { Logger } from 'pino';
import type { Tombstone, TombstoneKind, Tombstones } from '../../../../adapters/tombstones/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { holdLedger, type HeldLedger } from './held-ledger.ts';
import { createLedgerRecord, type LedgerState } from './ledger-state.ts';
import { cancelRestoredClaims, quarantineRestored, revokeRestored } from './restored.ts';
import { takeOverStopped, tombstoneOf, type NotedKey } from './take-over.ts';

const LACKED =
  'the ledger of revoked keys lacked what ended long ago: it was cut short, replaced, or is new here; it is filled up again';
const REOPENED = 'claim links that a restored database had opened again are closed again';
const REVIVED = 'keys that a restored database had brought back are stopped again';

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
  /** How the ledger fares in this replica. */
  state(): LedgerState;
}

/** What a keeper is told besides. */
export interface KeeperOptions {
  now(): Date;
  isBesideDatabase?: boolean;
}

/** A keeper over a ledger, whose content it holds in memory. */
export function createTombstoneKeeper(
  ledger: Tombstones,
  log: Logger,
  { now, isBesideDatabase = false }: KeeperOptions,
): TombstoneKeeper {
  const record = createLedgerRecord(now);
  const held = holdLedger(ledger, log, record);
  let lookedSince: Date | null = null;

  const tellOfLack = (keys: number): void => {
    log.error({ keys, ledger: ledger.place }, LACKED);
    record.lacked(keys);
  };
  async function refresh(): Promise<void> {
    const lost = await held.refresh();
    if (lost === 0) return;
    tellOfLack(lost);
    lookedSince = null;
  }
  async function addStopped(ctx: Ctx): Promise<void> {
    const lookedAt = ctx.now();
    const isFirst = lookedSince === null;
    const lacked = await takeOverStopped(ctx, held, lookedSince);
    if (isFirst && lacked > 0) tellOfLack(lacked);
    lookedSince = lookedAt;
  }

  return {
    async note(kind, key, at) {
      try {
        const tombstone = tombstoneOf(key, kind, at);
        // What cannot be read may still be written.
        await refresh().catch(() => undefined);
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
      const again = await undoRestore(ctx, held, { log, place: ledger.place });
      if (again > 0) record.revived(again);
      await addStopped(ctx);
      record.compared();
    },
    async catchUp(ctx) {
      try {
        await addStopped(ctx);
      } catch (error) {
        log.error({ err: error, ledger: ledger.place }, 'stopped keys could not be noted in the ledger yet');
      }
    },
    ...readsOf(held, refresh),
    state: () => ({ place: ledger.place, isBesideDatabase, ...record.state(held.counts()) }),
  };
}

/** Stops again what a restored database had brought back; gives how many keys that were. */
async function undoRestore(ctx: Ctx, held: HeldLedger, of: { log: Logger; place: string }): Promise<number> {
  const keys = (await revokeRestored(ctx, held)) + (await quarantineRestored(ctx, held));
  const links = await cancelRestoredClaims(ctx, held);
  if (keys + links > 0) ctx.hub.publish('api-keys');
  if (keys > 0) of.log.warn({ keys, ledger: of.place }, REVIVED);
  if (links > 0) of.log.warn({ links, ledger: of.place }, REOPENED);
  return keys;
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
