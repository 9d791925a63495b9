import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeSamples } from '../data/openmetrics.ts';
import type { Extent, Span } from '../data/span.ts';
import { createServices, type ServiceCounts } from '../data/world.ts';
import { runChild } from '../process/children.ts';

/** promtool's own range of blocks: 2 h, 6 h, 18 h, 54 h. It reads a file once for each block in it, so a file is one block. */
const BLOCK_MINUTES = 54 * 60;
const IMPORTS_AT_ONCE = 2;

/** What is in a data folder. */
export interface Imported {
  samples: number;
  series: number;
  services: ServiceCounts[];
}

/** Generates the data and imports them into a Prometheus data folder, one block at a time while the next is generated. */
export async function importHistory(
  folder: string,
  scratch: string,
  { extent, span }: { extent: Extent; span: Span },
  say: (words: string) => void,
): Promise<Imported> {
  const services = createServices(extent, span);
  const series = services.reduce((sum, service) => sum + service.counters.prefixes.length, 0);
  const running = new Set<Promise<void>>();
  let samples = 0;
  for (let fromM = span.firstM; fromM <= span.lastM;) {
    const toM = Math.min((Math.floor(fromM / BLOCK_MINUTES) + 1) * BLOCK_MINUTES, span.lastM + 1);
    const file = join(scratch, `samples-${fromM}.om`);
    samples += writeSamples(file, services, span, { fromM, toM });
    const done = importBlock(file, folder).finally(() => running.delete(done));
    running.add(done);
    say(`${samples.toLocaleString('en-US')} samples generated`);
    // Lets the processes' output be read between two files, and keeps at most two of them running.
    if (running.size >= IMPORTS_AT_ONCE) await Promise.race(running);
    fromM = toM;
  }
  await Promise.all(running);
  return { samples, series, services: services.map((service) => service.counts) };
}

async function importBlock(file: string, folder: string): Promise<void> {
  const range = `--max-block-duration=${BLOCK_MINUTES / 60}h`;
  await runChild('promtool', ['tsdb', 'create-blocks-from', '--quiet', range, 'openmetrics', file, folder]);
  rmSync(file);
}
