import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHash, type Peppers } from '../../../../platform/pepper.ts';
import { ingest } from '../../../../platform/write.ts';
import { updateHashes } from '../../queries/peppers.ts';
import type { VerifiedKey } from '../../queries/verified-key.ts';

const MAX_WAITING = 10_000;
const ROWS_AT_ONCE = 500;

/** Moves keys to the current pepper after they were presented: only then is there a text to hash. */
export interface Rehash {
  /** Notes a key that was found; nothing is written now. */
  note(key: Pick<VerifiedKey, 'id' | 'hash' | 'pepperVersion'>, text: string): void;
  /** Stores the hashes of what was noted. */
  flush(): Promise<void>;
}

/** Nothing waits beyond ten thousand keys: whatever is left out comes by again. */
export function createRehash(ctx: Pick<Ctx, 'db'>, peppers: Peppers): Rehash {
  const waiting = new Map<string, { id: string; from: Uint8Array; hash: Uint8Array }>();
  const { current } = peppers;
  return {
    note({ id, hash, pepperVersion }, text) {
      if (pepperVersion === current.version || hash === null) return;
      if (waiting.has(id) || waiting.size >= MAX_WAITING) return;
      waiting.set(id, { id, from: hash, hash: pepperedHash(current, text) });
    },
    async flush() {
      while (waiting.size > 0) {
        const keys = [...waiting.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, ROWS_AT_ONCE);
        await ingest(ctx, (tx) => updateHashes(tx, { version: current.version, keys }));
        for (const { id } of keys) waiting.delete(id);
      }
    },
  };
}
