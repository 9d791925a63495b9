import { timingSafeEqual } from 'node:crypto';
import { SECOND_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Ctx } from '../../../platform/context.ts';
import type { Topic } from '../../../platform/hub.ts';
import { pepperedHash, type Peppers } from '../../../platform/pepper.ts';
import { selectKeyWithOwner, type OwnedKey } from '../queries/verified-key.ts';
import { createKeyBatch } from './verify/key-batch.ts';

/** A key that was found is trusted from memory at most this long, and only until anything about keys or people changes. */
const KNOWN_MS = 30 * SECOND_MS;
const UNKNOWN_MS = 5 * SECOND_MS;
const KNOWN_ENTRIES = 50_000;
const UNKNOWN_ENTRIES = 5_000;

const TOPICS: readonly Topic[] = ['api-keys', 'users'];
const PROBE_TOPICS: readonly Topic[] = [...TOPICS, 'api-keys.probe'];

interface Entry {
  found: OwnedKey | null;
  version: string;
  untilMs: number;
}

/** What finding keys works with; `onLookup` hears where each answer came from. */
export interface KeyMemoryDeps extends Pick<Ctx, 'db' | 'hub'> {
  /** Time by the database. */
  clock(): Date;
  onLookup?(source: 'memory' | 'database'): void;
}

/**
 * Finds keys by their text and remembers the answer until the bus tells of a change (topics `api-keys`, `users`), a deadline of
 * the key or its owner's grants passes, or 30 s are over. While the bus is down, or without one, nothing is remembered. Never the text itself
 * is kept, only its hash under the current pepper. The key revocation is measured with has a topic besides, so that its end once
 * a minute empties no memory of others.
 */
export function createKeyMemory(ctx: KeyMemoryDeps, peppers: Peppers): (text: string) => Promise<OwnedKey | null> {
  const known = new LRUCache<string, Entry>({ max: KNOWN_ENTRIES });
  // Apart, so that guesses cannot push out the keys in use.
  const unknown = new LRUCache<string, Entry>({ max: UNKNOWN_ENTRIES });
  const [, ...older] = peppers.all;
  const read = createReader(ctx);
  const versionOf = (topics: readonly Topic[]) => (ctx.hub.bus() === 'up' ? ctx.hub.version(topics) : null);
  const isCurrent = ({ found, version, untilMs }: Entry, now: Date): boolean =>
    version === versionOf(topicsOf(found)) && now.getTime() < untilMs;

  return async (text) => {
    const hash = pepperedHash(peppers.current, text);
    const now = ctx.clock();
    const id = Buffer.from(hash).toString('base64');
    const entry = known.get(id) ?? unknown.get(id);
    if (entry && isCurrent(entry, now)) {
      ctx.onLookup?.('memory');
      return entry.found;
    }
    ctx.onLookup?.('database');
    const hashes = [hash, ...older.map((pepper) => pepperedHash(pepper, text))];
    // Taken before the database is read, so that a change during the query makes the entry stale at once.
    const versions = new Map([TOPICS, PROBE_TOPICS].map((topics) => [topics, versionOf(topics)]));
    const row = await read(id, hashes, now);
    const found = row !== null && isOneOf(row.key.hash, hashes) ? row : null;
    known.delete(id);
    unknown.delete(id);
    const version = versions.get(topicsOf(found)) ?? null;
    if (version !== null) {
      const untilMs = Math.min(now.getTime() + (found ? KNOWN_MS : UNKNOWN_MS), ...deadlinesMs(found));
      (found ? known : unknown).set(id, { found, version, untilMs });
    }
    return found;
  };
}

/**
 * Reads a key with whom it acts for. Most act for nobody and take the short statement; which ones do not is remembered, only to
 * choose the statement: whatever is judged comes from one that read everything at once.
 */
function createReader({ db }: Pick<Ctx, 'db'>) {
  const readAlone = createKeyBatch(db);
  const owned = new LRUCache<string, true>({ max: KNOWN_ENTRIES });
  return async (id: string, hashes: readonly Uint8Array[], now: Date): Promise<OwnedKey | null> => {
    if (!owned.has(id)) {
      const key = await readAlone(hashes);
      if (key === null) return null;
      if (key.ownerId === null) return { key, owner: null };
      owned.set(id, true);
    }
    return selectKeyWithOwner(db, hashes, now);
  };
}

/** What makes an answer stale. */
function topicsOf(found: OwnedKey | null): readonly Topic[] {
  return found?.key.isProbe === true ? PROBE_TOPICS : TOPICS;
}

/** Equal by the index already; compared again without leaking where two hashes part. */
function isOneOf(stored: Uint8Array | null, hashes: readonly Uint8Array[]): boolean {
  return stored !== null && hashes.some((hash) => timingSafeEqual(stored, hash));
}

function deadlinesMs(found: OwnedKey | null): number[] {
  const grants = found?.owner?.grants ?? [];
  const deadlines = [found?.key.expiresAt ?? null, found?.key.endsAt ?? null, ...grants.map((g) => g.expiresAt)];
  return deadlines.flatMap((d) => (d === null ? [] : [d.getTime()]));
}
