import type { MetricsSource } from '../../../../adapters/metrics/port.ts';
import type { SourceRow } from '../../queries/objectives.ts';

/** What is needed to open a source. */
export type SourceSpec = Pick<SourceRow, 'id' | 'kind' | 'url' | 'intervalMs'>;

/** Keeps one open connection per stored source, and opens another when the source was changed. */
export interface SourcePool {
  /** The source, open; null for a kind that is not read. Throws `invalid` for an address that may not be read. */
  of(spec: SourceSpec): MetricsSource | null;
  /** True if the source was not probed within `everyMs`; it is then taken to be probed now. */
  shouldProbe(spec: SourceSpec, nowMs: number, everyMs: number): boolean;
  close(): Promise<void>;
}

interface Opened {
  fingerprint: string;
  source: MetricsSource | null;
  probedAtMs: number;
}

/** A pool over the given way to open sources. */
export function createSourcePool(open: (spec: SourceSpec) => MetricsSource | null): SourcePool {
  const opened = new Map<string, Opened>();
  const closing = new Set<Promise<void>>();
  const entryOf = (spec: SourceSpec): Opened => {
    const fingerprint = JSON.stringify([spec.kind, spec.url, spec.intervalMs]);
    const known = opened.get(spec.id);
    if (known?.fingerprint === fingerprint) return known;
    if (known?.source) {
      const done = known.source.close().finally(() => closing.delete(done));
      closing.add(done);
    }
    opened.delete(spec.id);
    const entry = { fingerprint, source: open(spec), probedAtMs: -Infinity };
    opened.set(spec.id, entry);
    return entry;
  };
  return {
    of: (spec) => entryOf(spec).source,
    shouldProbe(spec, nowMs, everyMs) {
      const entry = entryOf(spec);
      if (nowMs >= entry.probedAtMs && nowMs - entry.probedAtMs < everyMs) return false;
      entry.probedAtMs = nowMs;
      return true;
    },
    async close() {
      const sources = [...opened.values()].flatMap(({ source }) => (source === null ? [] : [source.close()]));
      opened.clear();
      await Promise.all([...sources, ...closing]);
    },
  };
}
