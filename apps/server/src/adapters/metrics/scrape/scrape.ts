import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS } from '@qd/shared/time';
import { sourceUrl } from '../http/address.ts';
import { createTextClient } from '../http/fetch-text.ts';
import { createResilience, defaultResilience, type ResilienceOptions } from '../http/resilience.ts';
import type { MetricsSource } from '../port.ts';
import { type MetricsPage, parseExposition } from './exposition.ts';
import { createPageReader } from './page-reader.ts';

const MAX_BYTES = 16 * 1_048_576;
/** Plain text first: OpenMetrics renames counters, and people copy names from what their browser shows. */
const ACCEPT = 'text/plain;version=0.0.4;q=0.9, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1';

export interface ScrapeOptions {
  url: string;
  intervalMs: number;
  /** Present time in ms. */
  clock(): number;
  resilience?: Partial<ResilienceOptions>;
}

/**
 * A metrics page read directly. Only the present can be read: counts are what was added since the page was read before.
 * One reading serves all indicators that ask at about the same time. Throws `invalid` for an address that may not be read.
 */
export function createScrapeSource(options: ScrapeOptions): MetricsSource {
  const url = sourceUrl(options.url);
  const client = createTextClient({ maxBytes: MAX_BYTES });
  const resilience = createResilience(url.origin, { ...defaultResilience, ...options.resilience });

  const fetchPage = (isWanted: (name: string) => boolean): Promise<MetricsPage> =>
    resilience.run(async (signal) => {
      const reply = await client.fetch({ url, accept: ACCEPT, signal });
      if (reply.status !== 200) throw new DomainError('upstream', `${url.origin} answers with status ${reply.status}.`);
      return parseExposition(reply.text, isWanted, reply.contentType.includes('openmetrics'));
    });

  const reader = createPageReader({
    fetchPage,
    clock: options.clock,
    maxGapMs: Math.max(2.5 * options.intervalMs, 2 * MINUTE_MS),
    startedAtMs: null,
  });
  return {
    kind: 'scrape',
    historyMinutes: null,
    settleMs: 0,
    read: ({ indicator }) => reader.read(indicator),
    async probe() {
      const startedMs = performance.now();
      await fetchPage(() => false);
      return { version: null, latencyMs: performance.now() - startedMs };
    },
    async close() {
      client.close();
    },
  };
}
