import { refreshSummaries } from '../../apps/server/src/features/slo/service/refresh-summaries.ts';
import { createSparkRows } from '../../apps/server/src/features/slo/service/spark-rows.ts';
import { createClient, type Client } from '../http/client.ts';
import type { History, Stage } from '../stage.ts';
import { benchCtx } from './context.ts';
import { ingestHistory } from './history.ts';
import { storeObjectives, type BenchObjective } from './objectives.ts';
import { signedInCookie } from './people.ts';
import { startConsole, type RunningConsole } from './process.ts';
import type { Store } from './stores.ts';

/** A console that knows the same history as Prometheus does, and someone signed in. */
export interface ConsoleRig {
  store: Store;
  console: RunningConsole;
  cookie: string;
  client: Client;
  objectives: BenchObjective[];
  /** The objective of the largest service, which detail pages are about. */
  first: BenchObjective;
  /** Milliseconds it took to put the history into the read model. */
  ingestMs: number;
}

/**
 * Fills a store with the history, also that of the next minutes, and starts the built server over it: its jobs keep list
 * rows fresh but find nothing to ask the source for.
 */
export async function consoleRig(stage: Stage, history: History, store: Store): Promise<ConsoleRig> {
  stage.onEnd(() => store.drop());
  const handle = await store.open();
  const now = new Date();
  const cookie = await signedInCookie(handle.db, now);
  const toM = history.span.lastM + 1;
  const objectives = await storeObjectives(handle.db, {
    services: history.services.map((service) => service.name),
    sourceUrl: history.prometheus.url,
    now,
    firstM: history.span.firstM,
    readUntilM: toM,
  });
  const startedMs = performance.now();
  for (const [i, { sliId }] of objectives.entries()) {
    const counts = history.services[i];
    if (counts) await ingestHistory(handle.db, sliId, counts, { span: history.span, toM, nowMs: now.getTime() });
  }
  const ingestMs = performance.now() - startedMs;
  await refreshSummaries(await benchCtx(handle.db), { spark: createSparkRows() });
  await handle.close();
  await store.analyze();
  const running = await startConsole(store, stage.scratch);
  stage.onEnd(() => running.stop());
  const client = createClient(running.url, { cookie });
  const [first] = objectives;
  if (first === undefined) throw new Error('there are no objectives to look at');
  return { store, console: running, cookie, client, objectives, first, ingestMs };
}
