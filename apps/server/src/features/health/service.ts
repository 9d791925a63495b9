import { statfs } from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Ctx } from '../../platform/context.ts';
import { readSources } from './queries.ts';

/** Doors the health checks knock on. Both pings give milliseconds and reject when there is no answer in time. */
export interface HealthDeps {
  version: string;
  startedAt: Date;
  dataDir: string;
  database: { kind: 'postgres' | 'embedded'; ping(): Promise<number> };
  cache: { kind: 'redis' | 'memory'; ping(): Promise<number>; since(): Date | null };
  ledger(): LedgerHealth;
}

/** How the ledger of revoked keys fares in this replica. Instants are epoch ms. */
export interface LedgerHealth {
  place: string;
  /** It lies in the folder of the database, where one restore takes back both. */
  isBesideDatabase: boolean;
  /** Keys known to have ended, and those of them it does not say yet. */
  ended: number;
  unwritten: number;
  failure: { message: string; since: number } | null;
  /** Keys it lacked though they had ended long before, and keys a restored database had brought back. */
  lacked: { keys: number; at: number } | null;
  revived: { keys: number; at: number } | null;
  comparedAt: number | null;
}

export interface ComponentHealth {
  status: 'healthy' | 'warning' | 'unhealthy';
  latency_ms: number | null;
  error: string | null;
}

const PING_TIMEOUT_MS = 2_000;
const SLOW_MS = 250;
const loopDelay = monitorEventLoopDelay({ resolution: 20 });
loopDelay.enable();

async function check(ping: () => Promise<number>): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${PING_TIMEOUT_MS} ms`)), PING_TIMEOUT_MS);
  });
  try {
    const ms = await Promise.race([ping(), timeout]);
    return { status: ms > SLOW_MS ? 'warning' : 'healthy', latency_ms: Math.round(ms * 100) / 100, error: null };
  } catch (error) {
    return { status: 'unhealthy', latency_ms: null, error: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The body of `/health`; names and words as in the HashInsight manual. */
export interface BriefHealth {
  status: ComponentHealth['status'];
  timestamp: string;
  uptime_s: number;
  version: string;
  database: 'connected' | 'disconnected';
  cache: 'available' | 'unavailable';
}

/**
 * The short health answer: words as in the HashInsight manual. Redis down is a warning, as is a ledger of revoked keys that
 * fails; the database down is unhealthy.
 */
export async function briefHealth(deps: HealthDeps, now: Date): Promise<{ httpStatus: number; body: BriefHealth }> {
  const [database, cache] = await Promise.all([check(deps.database.ping), check(deps.cache.ping)]);
  const status =
    database.status === 'unhealthy'
      ? 'unhealthy'
      : worst([database.status, cache.status === 'unhealthy' ? 'warning' : cache.status, ledgerStatus(deps.ledger())]);
  return {
    httpStatus: status === 'unhealthy' ? 503 : 200,
    body: {
      status,
      timestamp: now.toISOString(),
      uptime_s: Math.floor((now.getTime() - deps.startedAt.getTime()) / 1_000),
      version: deps.version,
      database: database.status === 'unhealthy' ? 'disconnected' : 'connected',
      cache: cache.status === 'unhealthy' ? 'unavailable' : 'available',
    },
  };
}

function worst(statuses: ComponentHealth['status'][]): ComponentHealth['status'] {
  if (statuses.includes('unhealthy')) return 'unhealthy';
  return statuses.includes('warning') ? 'warning' : 'healthy';
}

/** Everything known about the process and what it depends on; memory and disk in bytes, lag in ms. */
export async function detailedHealth(deps: HealthDeps, ctx: Ctx): Promise<Record<string, unknown>> {
  const now = ctx.now();
  const [brief, database, cache, disk] = await Promise.all([
    briefHealth(deps, now),
    check(deps.database.ping),
    check(deps.cache.ping),
    statfs(deps.dataDir).then(
      (s) => ({ free_bytes: s.bavail * s.bsize, total_bytes: s.blocks * s.bsize }),
      () => null,
    ),
  ]);
  const sources = database.status === 'unhealthy' ? [] : await readSources(ctx.db, '*');
  const memory = process.memoryUsage();
  return {
    ...brief.body,
    as_of: now.toISOString(),
    components: {
      database: { kind: deps.database.kind, ...database },
      // Without a bus, replicas on one database do not hear of each other's changes.
      cache: { kind: deps.cache.kind, bus: ctx.hub.bus(), ...cache },
      revoked_keys_ledger: ledgerDetails(deps.ledger()),
      ...Object.fromEntries(
        sources.map((s) => [
          `source:${s.id}`,
          {
            kind: s.kind,
            status: s.lastError === null ? 'healthy' : 'unhealthy',
            latency_ms: s.latencyMs,
            error: s.lastError,
            last_ok_at: s.lastOkAt?.toISOString() ?? null,
          },
        ]),
      ),
    },
    cpu: { cores: cpus().length, load_1m: loadavg()[0] ?? 0 },
    memory: {
      rss_bytes: memory.rss,
      heap_used_bytes: memory.heapUsed,
      system_free_bytes: freemem(),
      system_total_bytes: totalmem(),
    },
    disk,
    event_loop: { mean_ms: round(loopDelay.mean), p99_ms: round(loopDelay.percentile(99)) },
  };
}

function ledgerStatus({ failure }: LedgerHealth): ComponentHealth['status'] {
  return failure === null ? 'healthy' : 'warning';
}

function ledgerDetails(ledger: LedgerHealth): Record<string, unknown> {
  const { place, isBesideDatabase, ended, unwritten, failure, lacked, revived, comparedAt } = ledger;
  const instant = (ms: number | null | undefined): string | null => (ms == null ? null : new Date(ms).toISOString());
  return {
    status: ledgerStatus(ledger),
    place,
    beside_database: isBesideDatabase,
    ended_keys: ended,
    unwritten_keys: unwritten,
    error: failure?.message ?? null,
    failing_since: instant(failure?.since),
    lacked_keys: lacked?.keys ?? 0,
    lacked_at: instant(lacked?.at),
    revived_keys: revived?.keys ?? 0,
    revived_at: instant(revived?.at),
    compared_at: instant(comparedAt),
  };
}

function round(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? Math.round(nanoseconds / 10_000) / 100 : 0;
}

/** One light of the rail: a store or a source of measurements. */
export interface SourceLight {
  key: string;
  name: string;
  kind: 'postgres' | 'redis' | 'source';
  state: 'ok' | 'slow' | 'down' | 'absent';
  latencyMs: number | null;
  lastOkAt: number | null;
  error: string | null;
  since: number | null;
}

/** Lights of the stores and of every source on platforms the caller may see. */
export async function sourceLights(deps: HealthDeps, ctx: Ctx, platforms: '*' | string[]): Promise<SourceLight[]> {
  const [database, cache, sources] = await Promise.all([
    check(deps.database.ping),
    check(deps.cache.ping),
    readSources(ctx.db, platforms),
  ]);
  const at = ctx.now().getTime();
  const light = (store: Pick<SourceLight, 'key' | 'name' | 'kind' | 'since'>, c: ComponentHealth): SourceLight => ({
    ...store,
    state: c.status === 'unhealthy' ? 'down' : c.status === 'warning' ? 'slow' : 'ok',
    latencyMs: c.latency_ms,
    lastOkAt: c.status === 'unhealthy' ? null : at,
    error: c.error,
  });
  const redis =
    deps.cache.kind === 'memory'
      ? []
      : [light({ key: 'redis', name: 'Redis', kind: 'redis', since: deps.cache.since()?.getTime() ?? null }, cache)];
  return [
    ...sources.map((s): SourceLight => ({
      key: s.id,
      name: s.name,
      kind: 'source',
      state: s.lastError !== null ? 'down' : (s.latencyMs ?? 0) > 2_000 ? 'slow' : 'ok',
      latencyMs: s.latencyMs,
      lastOkAt: s.lastOkAt?.getTime() ?? null,
      error: s.lastError,
      since: s.lastError === null ? null : (s.lastOkAt?.getTime() ?? null),
    })),
    light(
      {
        key: 'postgres',
        name: deps.database.kind === 'postgres' ? 'Postgres' : 'Embedded Postgres',
        kind: 'postgres',
        since: null,
      },
      database,
    ),
    ...redis,
  ];
}
