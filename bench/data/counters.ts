import type { MinuteTraffic } from './traffic.ts';

/** Upper bounds (seconds) of the latency buckets of the watched platform. */
const bucketBounds = ['0.01', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '+Inf'] as const;
const quietShares = [0.35, 0.7, 0.85, 0.95, 0.985, 0.996, 0.999, 0.999_9, 1] as const;

const endpoints = [
  ['GET', '/api/v1/hash'],
  ['POST', '/api/v1/hash'],
  ['GET', '/api/v1/results'],
  ['POST', '/api/v1/results'],
  ['GET', '/api/v1/jobs'],
  ['POST', '/api/v1/jobs'],
  ['GET', '/api/v1/stats'],
  ['GET', '/api/v1/users'],
  ['DELETE', '/api/v1/jobs'],
  ['GET', '/health'],
] as const;
const endpointShares = shares(endpoints.map((_, i) => 1 / (i + 1)));

/** Share of a minute's requests with this status; failures split 60 to 40. */
const statuses: readonly { code: string; isBad: boolean; of: (t: MinuteTraffic) => number }[] = [
  { code: '200', isBad: false, of: (t) => (t.requests - t.errors) * 0.99 },
  { code: '404', isBad: false, of: (t) => (t.requests - t.errors) * 0.01 },
  { code: '500', isBad: true, of: (t) => t.errors * 0.6 },
  { code: '503', isBad: true, of: (t) => t.errors * 0.4 },
];

/** All counters of one service, as a server would expose them: whole, cumulative, one per series. */
export interface ServiceCounters {
  name: string;
  /** `name{labels} ` of each series. */
  prefixes: readonly string[];
  /** Counter values after the last minute counted, one per series; whole numbers. */
  values: Float64Array;
  count(traffic: MinuteTraffic): void;
  /** Sums over the request series: what an objective counts. */
  total(): number;
  bad(): number;
}

/** Counters of a service from zero; `withLatency` adds its histograms. */
export function createCounters(service: number, withLatency: boolean): ServiceCounters {
  const name = `svc-${String(service + 1).padStart(2, '0')}`;
  const requests = requestSeries(name);
  const latency = withLatency ? latencySeries(name) : [];
  const exact = new Float64Array(requests.length + latency.length);
  const values = new Float64Array(exact.length);
  const sumWhere = (isWanted: (isBad: boolean) => boolean): number =>
    requests.reduce((sum, series, i) => (isWanted(series.isBad) ? sum + (values[i] ?? 0) : sum), 0);
  return {
    name,
    prefixes: [...requests, ...latency].map((series) => series.prefix),
    values,
    count(traffic) {
      requests.forEach((series, i) => add(i, series.of(traffic)));
      latency.forEach((series, i) => add(requests.length + i, series.of(traffic)));
    },
    total: () => sumWhere(() => true),
    bad: () => sumWhere((isBad) => isBad),
  };

  function add(i: number, amount: number): void {
    exact[i] = (exact[i] ?? 0) + amount;
    values[i] = Math.floor(exact[i] ?? 0);
  }
}

interface Series {
  prefix: string;
  isBad: boolean;
  of(traffic: MinuteTraffic): number;
}

function requestSeries(service: string): Series[] {
  return endpoints.flatMap(([method, endpoint], e) =>
    statuses.map((status) => ({
      prefix: `hashinsight_requests_total{service="${service}",method="${method}",endpoint="${endpoint}",status="${status.code}"} `,
      isBad: status.isBad,
      of: (traffic: MinuteTraffic) => status.of(traffic) * (endpointShares[e] ?? 0),
    })),
  );
}

function latencySeries(service: string): Series[] {
  const name = 'hashinsight_request_latency_seconds';
  return endpoints.flatMap(([method, endpoint], e) => {
    const labels = `service="${service}",method="${method}",endpoint="${endpoint}"`;
    const share = endpointShares[e] ?? 0;
    const series = (suffix: string, of: (traffic: MinuteTraffic) => number): Series => ({
      prefix: `${name}_${suffix} `,
      isBad: false,
      of,
    });
    const buckets = bucketBounds.map((le, b) =>
      series(`bucket{${labels},le="${le}"}`, (t) => t.requests * share * (quietShares[b] ?? 1) ** (1 + 4 * t.slowness)),
    );
    const sum = series(`sum{${labels}}`, (t) => t.requests * share * (0.05 + 0.4 * t.slowness));
    return [...buckets, sum, series(`count{${labels}}`, (t) => t.requests * share)];
  });
}

function shares(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
