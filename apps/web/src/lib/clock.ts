import { useCallback, useSyncExternalStore } from 'react';

/**
 * Bounds of (server clock - our clock) in ms, narrowed by every answer: an HTTP date is exact to a second and
 * was written between sending and receiving. An answer outside the bounds means a clock was set: start over.
 */
let offset = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

export function noteServerTime(serverSecondMs: number, sentAtMs: number, receivedAtMs: number): void {
  const low = serverSecondMs - receivedAtMs;
  const high = serverSecondMs + 999 - sentAtMs;
  const narrowed = { low: Math.max(low, offset.low), high: Math.min(high, offset.high) };
  offset = narrowed.low <= narrowed.high ? narrowed : { low, high };
}

/** Milliseconds to add to this machine's clock; 0 while our clock may be right. */
export function serverOffsetMs(): number {
  if (offset.low > 0) return offset.low;
  return offset.high < 0 ? offset.high : 0;
}

export function resetServerTime(): void {
  offset = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
}

/** Now by the server's clock, epoch ms: ages are counted against it. */
export function serverNow(): number {
  return Date.now() + serverOffsetMs();
}

/** An instant noted by this machine, epoch ms, as the server's clock had it; 0, which is never, stays 0. */
export function byServerClock(ourMs: number): number {
  return ourMs === 0 ? 0 : ourMs + serverOffsetMs();
}

const CALM_INTERVAL_MS = 5_000;

interface Ticker {
  subscribe(onTick: () => void): () => void;
  read(): number;
}

const tickers = new Map<number, Ticker>();

/** One timer per interval for the whole page; it stands still while the tab is hidden. */
function createTicker(intervalMs: number): Ticker {
  const listeners = new Set<() => void>();
  let value = serverNow();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tick(): void {
    value = serverNow();
    for (const listener of listeners) listener();
    plan();
  }
  function plan(): void {
    clearTimeout(timer);
    if (listeners.size === 0 || document.hidden) return;
    timer = setTimeout(tick, intervalMs - (serverNow() % intervalMs));
  }
  function onVisibility(): void {
    if (document.hidden) clearTimeout(timer);
    else tick();
  }
  return {
    subscribe(onTick) {
      if (listeners.size === 0) {
        document.addEventListener('visibilitychange', onVisibility);
        value = serverNow();
      }
      listeners.add(onTick);
      plan();
      return () => {
        listeners.delete(onTick);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', onVisibility);
      };
    },
    read: () => (listeners.size === 0 ? (value = withinOneTick(value, intervalMs)) : value),
  };
}

function withinOneTick(value: number, intervalMs: number): number {
  const now = serverNow();
  return Math.abs(now - value) < intervalMs ? value : now;
}

function tickerOf(intervalMs: number): Ticker {
  let ticker = tickers.get(intervalMs);
  if (!ticker) tickers.set(intervalMs, (ticker = createTicker(intervalMs)));
  return ticker;
}

function wantsCalm(): boolean {
  return window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
}

/** The current instant (epoch ms, server clock), renewed every `intervalMs`; every 5 s at most under reduced motion. */
export function useNow(intervalMs = 1_000): number {
  const step = wantsCalm() ? Math.max(intervalMs, CALM_INTERVAL_MS) : intervalMs;
  const subscribe = useCallback((onTick: () => void) => tickerOf(step).subscribe(onTick), [step]);
  const read = useCallback(() => tickerOf(step).read(), [step]);
  return useSyncExternalStore(subscribe, read);
}
