import { LRUCache } from 'lru-cache';
import type { Kv } from './port.ts';

/** More than a console writes in the longest lifetime of a key; beyond it the least used goes first. */
const MAX_KEYS = 50_000;

/** Shared memory of one process. Time comes from `now`, so that expiry follows the clock of a test. */
export function createMemoryKv(now: () => Date): Kv {
  const values = new LRUCache<string, string>({
    max: MAX_KEYS,
    ttl: 1,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
  });
  const listeners = new Map<string, Set<{ onMessage: (message: string) => void }>>();

  return {
    kind: 'memory',
    get: async (key) => values.get(key) ?? null,
    set: async (key, value, ttlMs) => {
      values.set(key, value, { ttl: ttlMs });
    },
    delete: async (key) => {
      values.delete(key);
    },
    increment: async (key, ttlMs) => {
      const before = values.get(key);
      const sum = Number(before ?? 0) + 1;
      values.set(key, String(sum), before === undefined ? { ttl: ttlMs } : { noUpdateTTL: true });
      return sum;
    },
    publish: async (channel, message) => {
      // Delivered after the publisher went on, as a bus between processes does.
      for (const { onMessage } of listeners.get(channel) ?? []) queueMicrotask(() => onMessage(message));
    },
    subscribe: async (channel, onMessage) => {
      const listener = { onMessage };
      const all = listeners.get(channel) ?? new Set();
      listeners.set(channel, all.add(listener));
      return async () => {
        all.delete(listener);
        if (all.size === 0 && listeners.get(channel) === all) listeners.delete(channel);
      };
    },
    state: () => ({ connected: true, outages: 0 }),
    ping: async () => 0,
    close: async () => {
      values.clear();
      listeners.clear();
    },
  };
}
