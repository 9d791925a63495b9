import type { Db } from './client.ts';

/** An open database and what the roof needs to look after it. */
export interface DatabaseHandle {
  readonly kind: 'postgres' | 'embedded';
  readonly db: Db;
  /** Runs `fn` on one connection nobody else uses, without a statement limit. For migrations and session locks. */
  dedicated<T>(fn: (db: Db) => Promise<T>): Promise<T>;
  /** Round trip in ms; throws when the database does not answer within 5 s. */
  ping(): Promise<number>;
  /**
   * Frees the space of changed and deleted rows and counts rows for the planner. The embedded database has nobody else
   * who does it: run it daily and after bulk changes. Postgres does it by itself, there it does nothing.
   */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

/** How long `ping` waits. */
export const PING_TIMEOUT_MS = 5_000;
