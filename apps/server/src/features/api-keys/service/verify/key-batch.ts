import type { ReadDb } from '../../../../db/client.ts';
import { selectKeysAlone, type VerifiedKey } from '../../queries/verified-key.ts';

/** Statements under way at once; whoever comes meanwhile shares the next one. */
const AT_ONCE = 2;
const MAX_HASHES = 200;

interface Waiting {
  hashes: readonly Uint8Array[];
  resolve(key: VerifiedKey | null): void;
  reject(error: unknown): void;
}

/**
 * Reads keys by the hashes of their texts. Calls that come together share a statement, and one always begins after whoever waits
 * for it asked: nobody is told what was true before. A call alone waits for nothing.
 */
export function createKeyBatch(db: ReadDb): (hashes: readonly Uint8Array[]) => Promise<VerifiedKey | null> {
  let waiting: Waiting[] = [];
  let underWay = 0;

  function send(): void {
    while (underWay < AT_ONCE && waiting.length > 0) {
      const batch = waiting.slice(0, MAX_HASHES);
      waiting = waiting.slice(MAX_HASHES);
      underWay += 1;
      void read(batch).finally(() => {
        underWay -= 1;
        send();
      });
    }
  }

  async function read(batch: readonly Waiting[]): Promise<void> {
    try {
      const keys = await selectKeysAlone(
        db,
        batch.flatMap(({ hashes }) => hashes),
      );
      const byHash = new Map(keys.map((key) => [textOf(key.hash ?? new Uint8Array()), key]));
      for (const { hashes, resolve } of batch) {
        const found = hashes.map((hash) => byHash.get(textOf(hash))).find((key) => key !== undefined);
        resolve(found ?? null);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (hashes) =>
    new Promise((resolve, reject) => {
      waiting.push({ hashes, resolve, reject });
      // Whoever asks in the same turn comes along.
      queueMicrotask(send);
    });
}

function textOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
