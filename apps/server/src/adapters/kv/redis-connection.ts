import { DomainError } from '@qd/shared/errors';
import type { Logger } from 'pino';
import { createClient } from 'redis';

const CONNECT_TIMEOUT_MS = 2_000;
const HEARTBEAT_MS = 5_000;
const HEARTBEAT_TIMEOUT_MS = 2_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

export type RedisClient = ReturnType<typeof dial>;

/** Why and since when a connection is down. */
export interface Outage {
  since: Date;
  error: string;
}

/** One connection that is dialled again whenever it breaks or falls silent. */
export interface RedisConnection {
  /** `host:port`, for messages. */
  readonly place: string;
  /** The live client, or null while there is none. */
  client(): RedisClient | null;
  down(): Outage | null;
  /** How many times a live connection was lost. */
  outages(): number;
  close(): void;
}

export interface RedisConnectionOptions {
  url: string;
  log: Logger;
  now(): Date;
  /** Shown by Redis in CLIENT LIST. */
  purpose: string;
  /** Runs on each new client; until it is done the connection still counts as down. */
  prepare?(client: RedisClient): Promise<void>;
}

/** What changes while a connection lives. */
interface Link {
  /** The client in use or being dialled; null between attempts. */
  current: RedisClient | null;
  live: RedisClient | null;
  outage: Outage | null;
  outages: number;
  /** Attempts in a row that failed. */
  failures: number;
  closed: boolean;
  retry: NodeJS.Timeout | undefined;
}

/** Dials, and returns when the first attempt has succeeded or failed. Throws DomainError `invalid` for a URL that is none. */
export async function connectRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const place = placeOf(options.url);
  const link: Link = {
    current: null,
    live: null,
    outage: { since: options.now(), error: 'connecting' },
    outages: 0,
    failures: 0,
    closed: false,
    retry: undefined,
  };
  const heartbeat = setInterval(() => {
    const client = link.live;
    if (client) withinMs(client.ping(), HEARTBEAT_TIMEOUT_MS).catch((error: unknown) => lose(client, error));
  }, HEARTBEAT_MS);
  heartbeat.unref();

  const lose = (client: RedisClient, error: unknown): void => {
    if (client !== link.current || link.closed) return;
    drop(client);
    markLost(link, error, { ...options, place });
    const retryInMs = Math.min(FIRST_RETRY_MS * 2 ** (link.failures - 1), LAST_RETRY_MS);
    link.retry = setTimeout(() => void attempt(), retryInMs);
    link.retry.unref();
  };
  const attempt = async (): Promise<void> => {
    const client = dial(options);
    link.current = client;
    client.on('error', (error) => lose(client, error));
    try {
      await client.connect();
      if (client !== link.current || link.closed) return;
      link.live = client;
      await options.prepare?.(client);
    } catch (error) {
      lose(client, error);
      return;
    }
    if (client === link.live) markReady(link, { ...options, place });
  };

  await attempt();
  return {
    place,
    client: () => link.live,
    down: () => link.outage,
    outages: () => link.outages,
    close: () => {
      link.closed = true;
      clearTimeout(link.retry);
      clearInterval(heartbeat);
      link.live = null;
      link.outage ??= { since: options.now(), error: 'closed' };
      if (link.current) drop(link.current);
    },
  };
}

type Told = RedisConnectionOptions & { place: string };

function markLost(link: Link, error: unknown, { log, now, place, purpose }: Told): void {
  const reason = reasonOf(error);
  if (link.live !== null || link.failures === 0) {
    log.warn({ place, purpose, reason }, 'Redis is not reachable; trying again in the background');
  }
  if (link.live !== null) link.outages += 1;
  link.outage = { since: link.outage?.since ?? now(), error: reason };
  link.live = null;
  link.current = null;
  link.failures += 1;
}

function markReady(link: Link, { log, place, purpose }: Told): void {
  if (link.failures > 0) log.info({ place, purpose }, 'Redis is reachable again');
  link.outage = null;
  link.failures = 0;
}

function dial({ url, purpose }: RedisConnectionOptions) {
  return createClient({
    url,
    name: `quarterdeck-${purpose}`,
    // Reconnecting is ours: it also replaces a connection that is open but silent, which the library does not notice.
    socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
  });
}

function drop(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}

/** Rejects after `ms`; the library's own command timeout ends once the command is written. */
async function withinMs<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function placeOf(url: string): string {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new DomainError('invalid', 'REDIS_URL is no Redis URL; write redis://user:password@host:6379.');
  }
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '6379'}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return error.message || code || error.name;
}
