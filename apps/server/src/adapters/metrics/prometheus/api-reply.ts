import { DomainError } from '@qd/shared/errors';
import type { TextReply } from '../http/fetch-text.ts';

/** One series of an answer. */
export interface ApiSeries {
  labels: Readonly<Record<string, string>>;
  /** Instant (s) and value, ascending. */
  samples: [seconds: number, value: number][];
}

/** What to write instead of a query whose result is no counter. */
export const COUNTER_REMEDY =
  'give the counter itself, such as http_requests_total{job="api"}: the increase is taken here.';

/** What to write instead of a query whose result cannot be judged. */
const NUMBER_REMEDY = 'give a query with one value at each instant, such as max(queue_depth).';

const MAX_WORDS = 300;

/** What the values of an answer are: `counts` leaves out what is no finite number of events, `numbers` keeps all, NaN too. */
export type ValueKind = 'counts' | 'numbers';

/**
 * The series of a query's answer. Throws `invalid` with Prometheus' own words when the query is at fault, `upstream`
 * when the server failed or the body is not an answer of the query API.
 */
export function readSeries(reply: TextReply, origin: string, kind: ValueKind = 'counts'): ApiSeries[] {
  const remedy = kind === 'counts' ? COUNTER_REMEDY : NUMBER_REMEDY;
  const data = readData(reply, origin, remedy);
  if (!isRecord(data) || !Array.isArray(data['result'])) throw rubbish(origin);
  const isMatrix = data['resultType'] === 'matrix';
  if (!isMatrix && data['resultType'] !== 'vector') {
    throw new DomainError('invalid', `The query gives a ${String(data['resultType'])}, not series; ${remedy}`);
  }
  return data['result'].map((one: unknown) => {
    if (!isRecord(one) || !isRecord(one['metric'])) throw rubbish(origin);
    if ('histogram' in one || 'histograms' in one) {
      throw new DomainError(
        'invalid',
        'The query selects native histograms; select a counter, such as a _count series.',
      );
    }
    const values: unknown = isMatrix ? one['values'] : [one['value']];
    if (!Array.isArray(values)) throw rubbish(origin);
    const samples = values.flatMap((pair: unknown) => sampleOf(pair, origin, kind));
    return { labels: one['metric'] as Record<string, string>, samples };
  });
}

/** The data of a successful answer. Throws like `readSeries`; `forRange` is what to write instead of a range of a result. */
export function readData(reply: TextReply, origin: string, forRange = COUNTER_REMEDY): unknown {
  const body = parseBody(reply.text);
  if (!isRecord(body)) throw failure(reply.status, origin);
  if (body['status'] === 'success' && reply.status < 300) return body['data'];
  if (typeof body['error'] !== 'string') throw failure(reply.status, origin);
  const words = body['error'].slice(0, MAX_WORDS);
  if (body['errorType'] !== 'bad_data' && body['errorType'] !== 'execution') {
    throw new DomainError('upstream', `${origin} could not answer: ${words}`);
  }
  // What people write into dashboards; it is the commonest mistake, and the server's words do not tell what to do.
  const remedy = words.includes('ranges only allowed for') ? `; ${forRange}` : '';
  const fields = [{ field: 'indicator', message: `${words}${remedy}` }];
  throw new DomainError('invalid', `Prometheus refuses the query: ${words}${remedy}`, { fields });
}

function failure(status: number, origin: string): DomainError {
  const upstream = (words: string): DomainError => new DomainError('upstream', `${origin} ${words}`);
  if (status === 401 || status === 403) return upstream(`refuses to be read without signing in (status ${status}).`);
  if (status === 404) return upstream('has no Prometheus API at this address (status 404).');
  return status >= 400 ? upstream(`failed with status ${status}.`) : rubbish(origin);
}

function rubbish(origin: string): DomainError {
  return new DomainError('upstream', `${origin} answers something that is no Prometheus API; check the address.`);
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** How Prometheus writes a sample. */
const numberText = /^(?:NaN|[+-]?Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

function sampleOf(pair: unknown, origin: string, kind: ValueKind): [number, number][] {
  if (!Array.isArray(pair) || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') throw rubbish(origin);
  if (!numberText.test(pair[1])) throw rubbish(origin);
  const value = numberOf(pair[1]);
  const isCount = Number.isFinite(value) && value >= 0;
  return isCount || kind === 'numbers' ? [[pair[0], value]] : [];
}

function numberOf(text: string): number {
  if (!/inf/i.test(text)) return Number(text);
  return text.startsWith('-') ? -Infinity : Infinity;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
