/** What the console needs of a shared memory: short-lived values, counters and a bus. Redis or one process. */
export interface Kv {
  readonly kind: 'redis' | 'memory';
  get(key: string): Promise<string | null>;
  /** Stores a value for `ttlMs`; every value expires. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Adds one and returns the sum; the first call starts the `ttlMs` of the counter, later ones do not move it. */
  increment(key: string, ttlMs: number): Promise<number>;
  publish(channel: string, message: string): Promise<void>;
  /** Calls back for each message until the returned function is called. Messages sent while disconnected are lost. */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => Promise<void>>;
  state(): KvState;
  /** Round trip in ms; throws DomainError `upstream` when it does not answer in time. */
  ping(): Promise<number>;
  close(): Promise<void>;
}

/**
 * `connected`, or since when and why not. `outages` counts the times the connection was lost: whatever was cached
 * under a smaller number may have missed a message, even when it is connected again by now.
 */
export type KvState =
  | { connected: true; outages: number }
  | { connected: false; outages: number; since: Date; error: string };
