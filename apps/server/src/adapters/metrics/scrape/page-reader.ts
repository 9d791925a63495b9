import type { Indicator } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import type { MinuteCount } from '../port.ts';
import { between, sampled } from './between.ts';
import type { MetricsPage } from './exposition.ts';
import { namesOf, type PageAt, see, type Watch, type Watched, watchOf } from './watch.ts';

/** Readings this close together share one page. */
const SHARE_MS = 2_000;
/** An objective that appears this long after the process started does not inherit what was counted before it. */
const START_CREDIT_MS = 5 * MINUTE_MS;

export interface PageReaderOptions {
  /** Reads the page; samples of other names need not be kept. */
  fetchPage(isWanted: (name: string) => boolean): Promise<MetricsPage>;
  clock(): number;
  /** Longest stretch (ms) between two readings whose minutes all count as measured. */
  maxGapMs: number;
  /** When (ms) every counter of the page was zero; null when unknown. */
  startedAtMs: number | null;
}

/** Remembers the counters of each indicator and gives what was added since; of a gauge the samples of each reading. */
export interface PageReader {
  read(indicator: Indicator): Promise<MinuteCount[]>;
}

/** A reader that has seen nothing yet. */
export function createPageReader(options: PageReaderOptions): PageReader {
  const watches = new Map<string, Watch>();
  const seen = new Map<string, Watched>();
  const sampledAtMs = new Map<string, number>();
  let shared: { atMs: number; names: ReadonlySet<string>; page: Promise<PageAt> } | null = null;

  /** The page, read now or within the last moment; it must hold every metric that is watched by now. */
  const pageFor = (watch: Watch): Promise<PageAt> => {
    const atMs = options.clock();
    const recent = shared !== null && Math.abs(atMs - shared.atMs) < SHARE_MS ? shared : null;
    if (recent !== null && namesOf(watch).every((name) => recent.names.has(name))) return recent.page;
    const names = new Set([...watches.values()].flatMap(namesOf));
    const page = options.fetchPage((name) => names.has(name)).then((read) => ({ atMs: options.clock(), page: read }));
    const mine = { atMs, names, page };
    shared = mine;
    page.catch(() => {
      if (shared === mine) shared = null;
    });
    return page;
  };

  const startedWith = (atMs: number): Watched | null => {
    const { startedAtMs } = options;
    if (startedAtMs === null || atMs - startedAtMs > START_CREDIT_MS) return null;
    return { atMs: startedAtMs, total: new Map(), part: new Map() };
  };

  return {
    async read(indicator) {
      const key = JSON.stringify(indicator);
      const watch = watches.get(key) ?? watchOf(indicator);
      watches.set(key, watch);
      const at = await pageFor(watch);
      if (watch.kind === 'gauge') {
        const beforeMs = sampledAtMs.get(key) ?? null;
        if (beforeMs !== null && at.atMs <= beforeMs) return [];
        const counts = sampled(watch.selector, at, { beforeMs, maxGapMs: options.maxGapMs });
        sampledAtMs.set(key, at.atMs);
        return counts;
      }
      const after = see(watch, at);
      const before = seen.get(key) ?? startedWith(after.atMs);
      if (before !== null && after.atMs <= before.atMs) return [];
      const counts = before === null ? [] : between(watch.partIs, before, after, options.maxGapMs);
      seen.set(key, after);
      return counts;
    },
  };
}
