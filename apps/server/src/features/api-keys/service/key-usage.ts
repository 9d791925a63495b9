import { LRUCache } from 'lru-cache';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { updateLastUsed } from '../queries.ts';

const FLUSH_ROWS = 1_000;
const REMEMBERED = 50_000;

/** Notes when keys are used and stores that in batches. */
export interface KeyUsage {
  /** Notes a use; the first one ever of a key is stored at once, or a key used only once would never show it. */
  note(key: { id: string; lastUsedAt: Date | null }): Promise<void>;
  /** Stores what was noted since the last call. */
  flush(): Promise<void>;
}

/** Usage kept in memory between two flushes: at most ten seconds of it are lost when the process is killed. */
export function createKeyUsage(ctx: Pick<Ctx, 'db' | 'now' | 'log'>): KeyUsage {
  const used = new Map<string, Date>();
  const begun = new LRUCache<string, true>({ max: REMEMBERED });

  async function flush(): Promise<void> {
    while (used.size > 0) {
      const batch = [...used].slice(0, FLUSH_ROWS).map(([id, at]) => ({ id, at }));
      for (const { id } of batch) used.delete(id);
      try {
        await ingest(ctx, (tx) => updateLastUsed(tx, batch));
      } catch (error) {
        for (const { id, at } of batch) if (!used.has(id)) used.set(id, at);
        throw error;
      }
    }
  }

  return {
    async note({ id, lastUsedAt }) {
      used.set(id, ctx.now());
      if (lastUsedAt !== null || begun.has(id)) return;
      begun.set(id, true);
      try {
        await flush();
      } catch (error) {
        ctx.log.warn({ err: error, kid: id }, 'the first use of a key could not be stored yet');
      }
    },
    flush,
  };
}
