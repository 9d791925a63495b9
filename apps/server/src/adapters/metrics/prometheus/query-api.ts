import { SECOND_MS } from '@qd/shared/time';
import { sourceUrl } from '../http/address.ts';
import { createTextClient, type TextReply } from '../http/fetch-text.ts';
import { createResilience, defaultResilience, type ResilienceOptions } from '../http/resilience.ts';
import { type ApiSeries, readData, readSeries } from './api-reply.ts';

const SECONDS_PER_MINUTE = 60;
const MAX_BYTES = 24 * 1_048_576;
/** How far back the last value of a counter is looked for when it comes back after a silence. */
const LOOK_BACK = '1d';

export interface PrometheusOptions {
  url: string;
  /** How often Prometheus scrapes; a series without a sample for two of these is absent. */
  intervalMs: number;
  resilience?: Partial<ResilienceOptions>;
  /** Longest answer that is read. */
  maxBytes?: number;
}

/** Epoch minutes `[fromMinute, toMinute)`. */
export interface Span {
  fromMinute: number;
  toMinute: number;
}

/** Epoch minutes at the beginning of which a query is asked for. */
export interface Steps {
  first: number;
  last: number;
  step: number;
}

/** The part of Prometheus' HTTP API that measurements need. Throws what `readData` and the text client throw. */
export interface QueryApi {
  /** Values at every minute boundary of the span, both ends included. */
  range(query: string, span: Span, signal?: AbortSignal): Promise<ApiSeries[]>;
  /** Values of any query at every full `stepMinutes` from minute `first` to `last`, both included; NaN is kept. */
  values(query: string, at: Steps, signal?: AbortSignal): Promise<ApiSeries[]>;
  /** Result of a query at the beginning of `minute`, or at the server's present. */
  instant(query: string, minute: number | 'now', signal?: AbortSignal): Promise<ApiSeries[]>;
  /** The last value of each series in the day before `minute`, also where it was absent just then. */
  lastBefore(query: string, minute: number, signal?: AbortSignal): Promise<ApiSeries[]>;
  /** Version of the server; null when it does not tell. */
  version(): Promise<string | null>;
  close(): void;
}

/** Opens the API of one server. Throws `invalid` for an address that may not be read. */
export function openQueryApi(options: PrometheusOptions): QueryApi {
  const base = sourceUrl(options.url);
  const client = createTextClient({ maxBytes: options.maxBytes ?? MAX_BYTES });
  const resilience = createResilience(base.origin, { ...defaultResilience, ...options.resilience });
  // A plain selector would show a series that ended as alive, and without growth, for another five minutes. The
  // parameter that shortens this is younger than the servers in use; the function has the same effect on all of them.
  const lookback = `${Math.max(2, Math.ceil((2 * options.intervalMs) / SECOND_MS))}s`;
  const lastWithin = (query: string, length: string): string => `last_over_time(${query}[${length}])`;

  const ask = (path: string, params: Record<string, string> | null, signal?: AbortSignal): Promise<TextReply> =>
    resilience.run(async (attempt) => {
      const url = new URL(`${base.pathname.replace(/\/+$/, '')}/api/v1/${path}`, base);
      url.search = base.search;
      const form = params === null ? {} : { form: new URLSearchParams(params) };
      const reply = await client.fetch({ url, ...form, accept: 'application/json', signal: attempt });
      if (reply.status >= 500) readData(reply, base.origin);
      return reply;
    }, signal);

  return {
    async range(query, { fromMinute, toMinute }, signal) {
      const times = {
        start: String(fromMinute * SECONDS_PER_MINUTE),
        end: String(toMinute * SECONDS_PER_MINUTE),
        step: String(SECONDS_PER_MINUTE),
      };
      const asked = { query: lastWithin(query, lookback), ...times };
      return readSeries(await ask('query_range', asked, signal), base.origin);
    },
    async values(query, { first, last, step }, signal) {
      const times = {
        start: String(first * SECONDS_PER_MINUTE),
        end: String(last * SECONDS_PER_MINUTE),
        step: String(step * SECONDS_PER_MINUTE),
      };
      return readSeries(await ask('query_range', { query, ...times }, signal), base.origin, 'numbers');
    },
    async instant(query, minute, signal) {
      const time = minute === 'now' ? {} : { time: String(minute * SECONDS_PER_MINUTE) };
      return readSeries(await ask('query', { query, ...time }, signal), base.origin, 'numbers');
    },
    async lastBefore(query, minute, signal) {
      const asked = { query: lastWithin(query, LOOK_BACK), time: String(minute * SECONDS_PER_MINUTE) };
      return readSeries(await ask('query', asked, signal), base.origin);
    },
    async version() {
      const reply = await ask('status/buildinfo', null);
      if (reply.status !== 404) return versionOf(readData(reply, base.origin));
      readSeries(await ask('query', { query: 'vector(1)' }), base.origin);
      return null;
    },
    close: () => client.close(),
  };
}

function versionOf(data: unknown): string | null {
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : null;
  return typeof version === 'string' && version !== '' ? version.slice(0, 40) : null;
}
