import { timingSafeEqual } from 'node:crypto';
import { SECOND_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Ctx } from '../../../platform/context.ts';
import { selectKeyByHash, type OwnedKey } from '../queries.ts';

/** A key that was found is trusted from memory at most this long, and only until anything about keys or people changes. */
const KNOWN_MS = 30 * SECOND_MS;
const UNKNOWN_MS = 5 * SECOND_MS;
const KNOWN_ENTRIES = 50_000;
const UNKNOWN_ENTRIES = 5_000;

interface Entry {
  found: OwnedKey | null;
  version: string;
  untilMs: number;
}

/**
 * Finds keys by their hash and remembers the answer until the bus tells of a change (topics `api-keys`, `users`), a deadline of
 * the key or its owner's grants passes, or 30 s are over. While the bus is down nothing is remembered.
 */
export function createKeyMemory(ctx: Pick<Ctx, 'db' | 'hub' | 'now'>): (hash: Uint8Array) => Promise<OwnedKey | null> {
  const known = new LRUCache<string, Entry>({ max: KNOWN_ENTRIES });
  // Apart, so that guesses cannot push out the keys in use.
  const unknown = new LRUCache<string, Entry>({ max: UNKNOWN_ENTRIES });

  return async (hash) => {
    // Read before the database is, so that a change during the query makes the entry stale at once.
    const version = ctx.hub.version(['api-keys', 'users']);
    const now = ctx.now();
    const id = Buffer.from(hash).toString('base64');
    const entry = known.get(id) ?? unknown.get(id);
    if (entry && entry.version === version && now.getTime() < entry.untilMs) return entry.found;
    const row = await selectKeyByHash(ctx.db, hash, now);
    // Equal by the index already; compared again without leaking where two hashes part.
    const found = row !== null && timingSafeEqual(row.key.hash, hash) ? row : null;
    known.delete(id);
    unknown.delete(id);
    if (version !== null) {
      const untilMs = Math.min(now.getTime() + (found ? KNOWN_MS : UNKNOWN_MS), ...deadlinesMs(found));
      (found ? known : unknown).set(id, { found, version, untilMs });
    }
    return found;
  };
}

function deadlinesMs(found: OwnedKey | null): number[] {
  const grants = found?.owner?.grants ?? [];
  const deadlines = [found?.key.expiresAt ?? null, ...grants.map((g) => g.expiresAt)];
  return deadlines.flatMap((d) => (d === null ? [] : [d.getTime()]));
}
