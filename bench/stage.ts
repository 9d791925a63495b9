import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extents, spanFor, type Extent, type Span } from './data/span.ts';
import type { Options } from './options.ts';
import { stopAll } from './process/children.ts';
import { programOnPath } from './process/ports.ts';
import { importHistory, type Imported } from './prometheus/import.ts';
import { startPrometheus, type Prometheus } from './prometheus/process.ts';

/** A Prometheus that has seen the whole history, and the same counts for the read model. */
export interface History extends Imported {
  extent: Extent;
  span: Span;
  prometheus: Prometheus;
  /** What was generated, in words. */
  words: string;
}

/** What benches share: options, a folder, and the data that take long to make. */
export interface Stage {
  options: Options;
  /** A folder that is removed at the end. */
  scratch: string;
  say(words: string): void;
  /** Made on first use, then shared. */
  history(): Promise<History>;
  /** Runs when all benches are done, last come first served. */
  onEnd(close: () => Promise<void>): void;
  end(): Promise<void>;
}

export function createStage(options: Options, say: (words: string) => void): Stage {
  const scratch = mkdtempSync(join(tmpdir(), 'quarterdeck-bench-'));
  const closers: (() => Promise<void>)[] = [];
  let history: Promise<History> | null = null;
  return {
    options,
    scratch,
    say,
    history: () => (history ??= makeHistory({ options, scratch, say })),
    onEnd: (close) => void closers.push(close),
    async end() {
      for (const close of closers.splice(0).reverse()) await close().catch((error: unknown) => say(String(error)));
      await stopAll();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

async function makeHistory({ options, scratch, say }: Pick<Stage, 'options' | 'scratch' | 'say'>): Promise<History> {
  for (const program of ['prometheus', 'promtool']) {
    if (programOnPath(program) === null)
      throw new Error(`${program} is not on PATH; install Prometheus and run it again`);
  }
  const extent = extents[options.size];
  const span = spanFor(extent.days, Date.now());
  const folder = join(scratch, 'prometheus', 'data');
  mkdirSync(folder, { recursive: true });
  const startedMs = Date.now();
  const imported = await importHistory(folder, scratch, { extent, span }, say);
  const prometheus = await startPrometheus(folder);
  const tookS = Math.round((Date.now() - startedMs) / 1_000);
  const millions = (imported.samples / 1e6).toFixed(1);
  const words =
    `Prometheus ${prometheus.version}: ${extent.services} services, ${imported.series.toLocaleString('en-US')} series ` +
    `(40 of requests each, 110 of latency for ${extent.withLatency}), ${millions} M samples with recorded ones, ` +
    `${extent.days} days at 60 s; generated and imported in ${tookS} s.`;
  say(words);
  return { ...imported, extent, span, prometheus, words };
}
