import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { Logger } from 'pino';
import type { Tombstone, TombstoneKind, Tombstones } from '../../../../adapters/tombstones/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { selectStopped, type StoppedRow } from '../../queries/stopped.ts';
import { holdLedger } from './held-ledger.ts';
import { quarantineRestored, revokeRestored } from './restored.ts';

const PAGE = 1_000;
/** How far back a later run looks for ends it has not seen, clocks of replicas being what they are. */
const LOOK_BACK_MS = HOUR_MS;
/** From then on no replica takes the end of a rotation for one that may still be put off, whatever its clock. */
const SETTLED_MS = MINUTE_MS;

/** What of a key the ledger keeps. */
export type NotedKey = Pick<StoppedRow, 'id' | 'hash' | 'pepperVersion'>;

/** Keeps the ledger of stopped keys and the tables in step. */
export interface TombstoneKeeper {
  /**
   * Adds to the ledger what became of a key, after that is committed. `at`: since when it is stopped; of a release when its
   * quarantine began. Never throws: the next `keep` makes up for it.
   */
  note(kind: TombstoneKind, key: NotedKey, at: Date): Promise<void>;
  /**
   * Adds to the ledger what is stopped in the tables for good or quarantined, and stops again what only the ledger says was. Call
   * before traffic is served and every minute, with the clock keys are judged by. Throws `precondition` when the ledger cannot be
   * read.
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

  async function addStopped(ctx: Ctx): Promise<void> {
    const since = lookedSince === null ? null : new Date(lookedSince.getTime() - LOOK_BACK_MS);
    const now = ctx.now();
    const settledBy = new Date(now.getTime() - SETTLED_MS);
    for (let afterId: string | null = ''; afterId !== null;) {
      const page: StoppedRow[] = await selectStopped(ctx.db, { since, now, settledBy, afterId, limit: PAGE });
      await held.add(page.flatMap(tombstonesOf));
      afterId = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
    }
    lookedSince = now;
  }

  return {
    async note(kind, key, at) {
      try {
        const tombstone = tombstoneOf(key, kind, at);
        if (kind !== 'released') return await held.add([tombstone]);
        await held.refresh();
        const open = held.quarantined().filter(({ id }) => id === key.id);
        await held.add([tombstone, ...open.map((quarantine) => ({ ...quarantine, kind }))]);
      } catch (error) {
        log.error({ err: error, ledger: ledger.place, kind }, 'a stopped key could not be noted in the ledger yet');
      }
    },
    async keep(ctx) {
      await held.refresh();
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
    async findByHash(hashes) {
      await held.refresh();
      return held.findByHash(hashes);
    },
    async findStopped(hashes) {
      await held.refresh();
      const isOne = ({ hash }: Tombstone) => hash !== null && hashes.includes(hash);
      return held.findByHash(hashes) ?? held.quarantined().find(isOne) ?? null;
    },
    async findById(id) {
      await held.refresh();
      return held.findById(id);
    },
  };
}

function tombstonesOf(row: StoppedRow): Tombstone[] {
  const { revokedAt, endedAt, quarantinedAt } = row;
  if (revokedAt !== null) return [tombstoneOf(row, 'revoked', revokedAt)];
  return [
    ...(endedAt === null ? [] : [tombstoneOf(row, 'ended', endedAt)]),
    ...(quarantinedAt === null ? [] : [tombstoneOf(row, 'quarantined', quarantinedAt)]),
  ];
}

function tombstoneOf({ id, hash, pepperVersion }: NotedKey, kind: TombstoneKind, at: Date): Tombstone {
  const hex = hash === null ? null : Buffer.from(hash).toString('hex');
  return { id, hash: hex, pepperVersion, kind, at: at.getTime() };
}
