import type { Logger } from 'pino';

const SAMPLES = 3;

/** Time by the database, so that all replicas judge the end of a key by one clock. */
export interface StoreClock {
  now(): Date;
  /** Compares with the database again; when that does not answer, the last comparison holds on. */
  measure(): Promise<void>;
}

/** What the comparison works with. */
export interface StoreClockDeps {
  /** The database's own instant, epoch ms. */
  readStoreMs(): Promise<number>;
  /** The replica's clock: what holds until the first comparison. */
  now(): Date;
  log: Pick<Logger, 'warn'>;
  /** A clock that only runs forward, ms. */
  steadyMs(): number;
}

/**
 * A clock set by the database. Between comparisons it runs by the steady clock of the process, so that neither a wrong nor a
 * corrected clock of the machine moves it. Off by at most half the round trip of the quickest of three questions.
 */
export function createStoreClock({ readStoreMs, now, log, steadyMs }: StoreClockDeps): StoreClock {
  let anchor: { storeMs: number; steadyMs: number } | null = null;
  return {
    now: () => (anchor === null ? now() : new Date(Math.floor(anchor.storeMs + steadyMs() - anchor.steadyMs))),
    async measure() {
      let best = Number.POSITIVE_INFINITY;
      let found = anchor;
      try {
        for (let i = 0; i < SAMPLES; i += 1) {
          const askedMs = steadyMs();
          const storeMs = await readStoreMs();
          const answeredMs = steadyMs();
          if (answeredMs - askedMs >= best) continue;
          best = answeredMs - askedMs;
          found = { storeMs, steadyMs: (askedMs + answeredMs) / 2 };
        }
        anchor = found;
      } catch (error) {
        log.warn({ err: error }, 'the clock could not be compared with the database');
      }
    },
  };
}
