import { LRUCache } from 'lru-cache';
import type { Tx } from '../../../db/client.ts';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import {
  addCallers,
  addMinutes,
  addScopeUses,
  holdKeys,
  moveLastUsed,
  ROWS_AT_ONCE,
  storeFirstUses,
} from '../queries/usage-writes.ts';
import { createTally, SPAN_MS, type Counted, type KeyCall } from './usage/tally.ts';

export type { KeyCall } from './usage/tally.ts';

const REMEMBERED = 50_000;

/** Hears of the first use ever of a key, in the transaction that stores it. True when it changed a key. */
export type OnFirstUse = (tx: Tx, keyId: string, at: Date) => Promise<boolean>;

/** Notes calls with keys and stores that in batches. */
export interface KeyUsage {
  /**
   * Notes a call with a key of ours, let in or refused. Costs no write, but for the first use ever of a key, which is stored at
   * once: a key used only once would never show it, and a rotation waits for it. Never throws.
   */
  note(key: { id: string; firstUsedAt: Date | null }, call: KeyCall): Promise<void>;
  /** Stores what was noted since the last call. What cannot be stored is kept for the next one. */
  flush(): Promise<void>;
}

/** Usage kept in memory between two flushes: at most ten seconds of it are lost when the process is killed. */
export function createKeyUsage(
  ctx: Pick<Ctx, 'db' | 'hub' | 'log'>,
  onFirstUse: OnFirstUse = () => Promise.resolve(false),
): KeyUsage {
  const tally = createTally();
  const begun = new LRUCache<string, true>({ max: REMEMBERED });
  let last: Promise<unknown> = Promise.resolve();

  /** One flush at a time, so that what one could not store is there for the next. */
  async function flush(keyId?: string): Promise<void> {
    const mine = last.then(() => store(keyId));
    last = mine.catch(() => undefined);
    await mine;
  }

  async function store(keyId?: string): Promise<void> {
    const lost = tally.takeLost();
    if (lost > 0) ctx.log.warn({ calls: lost }, 'calls with API keys were not counted: too many wait to be stored');
    const counted = tally.take(keyId);
    if (counted.callers.length + counted.uses.length === 0) return;
    try {
      const changed = await ingest(ctx, (tx) => storeCounted(tx, counted, onFirstUse));
      if (changed) ctx.hub.publish('api-keys');
    } catch (error) {
      tally.giveBack(counted);
      throw error;
    }
  }

  return {
    async note({ id, firstUsedAt }, call) {
      const isFirst = call.outcome === 'ok' && firstUsedAt === null && !begun.has(id);
      tally.add({ id, isFirst }, call);
      if (!isFirst) return;
      begun.set(id, true);
      try {
        await flush(id);
      } catch (error) {
        ctx.log.warn({ err: error, kid: id }, 'the first use of a key could not be stored yet');
      }
    },
    flush: () => flush(),
  };
}

/** Stores counts in a transaction; true when somebody who heard of a first use changed a key. */
async function storeCounted(tx: Tx, counted: Counted, onFirstUse: OnFirstUse): Promise<boolean> {
  let changed = false;
  for (const uses of batchesOf(counted.uses)) {
    await holdKeys(
      tx,
      uses.map((use) => use.keyId),
    );
    await moveLastUsed(tx, uses);
    const begun = uses.filter((use) => use.isFirst);
    for (const { id, at } of begun.length === 0 ? [] : await storeFirstUses(tx, begun)) {
      if (await onFirstUse(tx, id, at)) changed = true;
    }
  }
  for (const rows of batchesOf(counted.callers)) await addCallers(tx, rows, SPAN_MS);
  for (const rows of batchesOf(counted.minutes)) await addMinutes(tx, rows);
  for (const rows of batchesOf(counted.scopes)) await addScopeUses(tx, rows);
  return changed;
}

function batchesOf<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_AT_ONCE) }, (_, i) =>
    rows.slice(i * ROWS_AT_ONCE, (i + 1) * ROWS_AT_ONCE),
  );
}
