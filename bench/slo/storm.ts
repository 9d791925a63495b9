import { consolePages, firstViewOf } from '../console/pages.ts';
import type { ConsoleRig } from '../console/rig.ts';
import { createClient } from '../http/client.ts';
import type { CpuClock } from '../measure/cpu.ts';
import { percentile } from '../measure/spread.ts';
import { promPages, promShapes, type PromShape } from '../prometheus/pages.ts';
import type { PagesMeasured } from './pages.ts';
import { view } from './views.ts';

/** Milliseconds until the last of the viewers had everything, and CPU (ms) of the servers for all of them. */
export interface Storm {
  viewers: number;
  lastMs: number;
  cpuMs: number;
}

/** Everyone opens the same page at the same instant, each with connections of their own. */
async function storm(viewers: number, origin: Origin, paths: () => readonly string[]): Promise<Storm> {
  const clients = Array.from({ length: viewers }, () => createClient(origin.url, origin.headers));
  const startCpuMs = await origin.cpu();
  const startMs = performance.now();
  await Promise.all(clients.map((client) => view(client, paths())));
  const lastMs = performance.now() - startMs;
  const cpuMs = (await origin.cpu()) - startCpuMs;
  for (const client of clients) client.close();
  return { viewers, lastMs, cpuMs };
}

interface Origin {
  url: string;
  headers: Record<string, string>;
  cpu: CpuClock;
}

/** The storm of the middle of several, by time. */
function median(storms: readonly Storm[]): Storm {
  const lastMs = percentile(
    storms.map((one) => one.lastMs),
    0.5,
  );
  return storms.find((one) => one.lastMs === lastMs) ?? { viewers: 0, lastMs: Number.NaN, cpuMs: Number.NaN };
}

const promRepeats: Record<PromShape, number> = { prom_raw: 1, prom_rules: 1, prom_all_rules: 3 };

/** A storm on Prometheus' detail page, in every shape. */
export async function promStorms(measured: PagesMeasured, viewers: number): Promise<Record<PromShape, Storm>> {
  const { history, atS } = measured;
  const names = history.services.map((service) => service.name);
  const origin: Origin = { url: history.prometheus.url, headers: {}, cpu: history.prometheus.cpu };
  const found: [PromShape, Storm][] = [];
  for (const shape of promShapes) {
    const { status, budget, graphs } = promPages(shape, names[0] ?? '', names, atS);
    const detail = [...status, ...budget, ...graphs];
    const runs: Storm[] = [];
    for (let i = 0; i < promRepeats[shape]; i++) {
      runs.push(await storm(viewers, origin, () => detail));
    }
    found.push([shape, median(runs)]);
  }
  return Object.fromEntries(found) as Record<PromShape, Storm>;
}

/**
 * Storms on a console's detail page. With buffers each one opens an objective nobody has read before, so that the
 * answer has to be made while everyone waits for it.
 */
export async function consoleStorms(
  rig: ConsoleRig,
  viewers: number,
  unread: readonly string[],
): Promise<{ buffered: Storm; uncached: Storm }> {
  const origin: Origin = { url: rig.console.url, headers: { cookie: rig.cookie }, cpu: rig.console.cpu };
  const buffered: Storm[] = [];
  const uncached: Storm[] = [];
  for (const id of unread) buffered.push(await storm(viewers, origin, () => consolePages(id).detail));
  for (const id of unread.slice(0, 3)) uncached.push(await storm(viewers, origin, () => firstViewOf(id).detail));
  return { buffered: median(buffered), uncached: median(uncached) };
}
