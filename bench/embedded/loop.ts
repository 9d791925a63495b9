import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sql } from 'drizzle-orm';
import type { DatabaseHandle } from '../../apps/server/src/db/handle.ts';
import { embeddedStore } from '../console/stores.ts';

const ROWS = 100_000;
/** Rows a statement; larger ones hold the loop while they are handed to the worker. */
const BATCH = 2_000;
const RESOLUTION_MS = 1;

export interface LoopDelay {
  rows: number;
  tookMs: number;
  p99Ms: number;
  maxMs: number;
}

/** How late timers of the server's own thread are while people are imported into the embedded database. */
export async function loopDelayDuringImport(scratch: string): Promise<LoopDelay> {
  const store = await embeddedStore(scratch);
  const handle = await store.open();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const startedMs = performance.now();
  delay.enable();
  for (let from = 0; from < ROWS; from += BATCH) await importPeople(handle, from);
  delay.disable();
  const tookMs = performance.now() - startedMs;
  await handle.close();
  await store.drop();
  // The monitor counts its own pause between two looks as delay.
  const late = (ns: number): number => ns / 1e6 - RESOLUTION_MS;
  return { rows: ROWS, tookMs, p99Ms: late(delay.percentile(99)), maxMs: late(delay.max) };
}

async function importPeople({ db }: DatabaseHandle, from: number): Promise<void> {
  const people = Array.from({ length: BATCH }, (_, i) => `person-${from + i}@example.com`);
  const column = (read: (email: string) => string) => sql`${sql.param(people.map(read))}::text[]`;
  await db.transaction((tx) =>
    tx.execute(sql`
      insert into users (id, email, email_key, name, state, created_at)
      select id, email, lower(email), name, 'active', now()
      from unnest(${column((email) => `usr_${email}`)}, ${column((email) => email)}, ${column((email) => email.slice(0, 12))})
        as people(id, email, name)`),
  );
}
