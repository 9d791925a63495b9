import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds in seconds; 0.1, 0.25 and 0.5 are the limits of the HashInsight manual's latency objectives. */
const latencyBucketsSeconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the console measures of itself. Names follow the HashInsight manual with the prefix `quarterdeck_`. */
export interface Telemetry {
  registry: Registry;
  /** Counts one answered request. `endpoint` is a route or procedure name, never a raw path. */
  request(method: string, endpoint: string, status: number, seconds: number): void;
  hotRead(outcome: 'hit' | 'not_modified' | 'miss'): void;
  streams: Gauge;
  databaseUp: Gauge;
  cacheUp: Gauge;
  jobSeconds: Histogram<'job' | 'outcome'>;
  budgetLeft: Gauge<'slo' | 'platform'>;
  notifications: Counter<'channel' | 'outcome'>;
  sloAlerts: Gauge<'state'>;
  keyVerifications: Counter<'outcome'>;
  keyLookups: Counter<'source'>;
  keyRevocation: Histogram;
  ledgerKeys: Gauge<'state'>;
}

/** A registry of its own, so that tests and several consoles in one process do not share counters. */
export function createTelemetry(): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'quarterdeck_' });
  const requests = new Counter({
    name: 'quarterdeck_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'endpoint', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'quarterdeck_request_latency_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'endpoint'],
    buckets: latencyBucketsSeconds,
    registers,
  });
  const hotReads = new Counter({
    name: 'quarterdeck_hot_reads_total',
    help: 'Hot reads by outcome',
    labelNames: ['outcome'],
    registers,
  });
  return {
    registry,
    request(method, endpoint, status, seconds) {
      requests.inc({ method, endpoint, status: String(status) });
      latency.observe({ method, endpoint }, seconds);
    },
    hotRead: (outcome) => hotReads.inc({ outcome }),
    streams: new Gauge({ name: 'quarterdeck_live_streams', help: 'Open live streams', registers }),
    databaseUp: new Gauge({ name: 'quarterdeck_db_connection_status', help: '1 when the database answers', registers }),
    cacheUp: new Gauge({
      name: 'quarterdeck_cache_connection_status',
      help: '1 when the shared memory answers',
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'quarterdeck_job_duration_seconds',
      help: 'Time a job took',
      labelNames: ['job', 'outcome'],
      buckets: [0.05, 0.25, 1, 5, 30],
      registers,
    }),
    ...sloFigures(registers),
    ...keyFigures(registers),
  };
}

/** Figures about API keys. */
function keyFigures(
  registers: Registry[],
): Pick<Telemetry, 'keyVerifications' | 'keyLookups' | 'keyRevocation' | 'ledgerKeys'> {
  return {
    ledgerKeys: new Gauge({
      name: 'quarterdeck_ledger_keys',
      help: 'Keys known to have ended, and those of them the ledger does not say yet',
      labelNames: ['state'],
      registers,
    }),
    keyVerifications: new Counter({
      name: 'quarterdeck_key_verifications_total',
      help: 'API keys that were presented, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    keyLookups: new Counter({
      name: 'quarterdeck_key_lookups_total',
      help: 'Lookups of API keys, by where the answer came from',
      labelNames: ['source'],
      registers,
    }),
    keyRevocation: new Histogram({
      name: 'quarterdeck_key_revocation_seconds',
      help: 'Time from the end of an API key to its refusal by this replica',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
  };
}

/** Figures about objectives and the messages about them. */
function sloFigures(registers: Registry[]): Pick<Telemetry, 'budgetLeft' | 'notifications' | 'sloAlerts'> {
  return {
    notifications: new Counter({
      name: 'quarterdeck_notifications_total',
      help: 'Attempts to send a message, by channel and outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    }),
    sloAlerts: new Gauge({
      name: 'quarterdeck_slo_alerts',
      help: 'Alerts that fire or are frozen',
      labelNames: ['state'],
      registers,
    }),
    budgetLeft: new Gauge({
      name: 'quarterdeck_slo_error_budget_remaining',
      help: 'Share of the error budget left',
      labelNames: ['slo', 'platform'],
      registers,
    }),
  };
}
