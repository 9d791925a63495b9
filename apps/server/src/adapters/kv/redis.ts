import { DomainError } from '@qd/shared/errors';
import { ConsecutiveBreaker, TimeoutStrategy, circuitBreaker, handleAll, timeout, wrap } from 'cockatiel';
import type { Logger } from 'pino';
import type { Kv } from './port.ts';
import { connectRedisBus } from './redis-bus.ts';
import { connectRedis, type RedisClient, type RedisConnection } from './redis-connection.ts';

const COMMAND_TIMEOUT_MS = 1_000;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 5_000;

/** INCR, and the lifetime only with the first, as one step: a crash between the two would leave an eternal counter. */
const INCREMENT =
  "local sum = redis.call('INCR', KEYS[1]) if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return sum";

export interface RedisKvOptions {
  /** Put before every key and channel, so that several installations can share a Redis. */
  prefix?: string;
  now?: () => Date;
}

/**
 * Shared memory in Redis or Valkey. Returns after the first attempt to connect, connected or not, and keeps trying in
 * the background; commands meanwhile fail at once with DomainError `upstream`. No command is repeated: callers treat a
 * failure as "not known". Throws DomainError `invalid` when the URL is none.
 */
export async function createRedisKv(url: string, log: Logger, options: RedisKvOptions = {}): Promise<Kv> {
  const prefix = options.prefix ?? 'quarterdeck:';
  const now = options.now ?? ((): Date => new Date());
  const [commands, bus] = await Promise.all([
    connectRedis({ url, log, now, purpose: 'commands' }),
    connectRedisBus({ url, log, now, purpose: 'bus' }),
  ]);
  const run = createRunner(commands);

  return {
    kind: 'redis',
    get: (key) => run((client) => client.get(prefix + key)),
    set: (key, value, ttlMs) =>
      run(async (client) => void (await client.set(prefix + key, value, { expiration: { type: 'PX', value: ttlMs } }))),
    delete: (key) => run(async (client) => void (await client.del(prefix + key))),
    increment: (key, ttlMs) =>
      run(async (client) => Number(await client.eval(INCREMENT, { keys: [prefix + key], arguments: [String(ttlMs)] }))),
    publish: (channel, message) => run(async (client) => void (await client.publish(prefix + channel, message))),
    subscribe: (channel, onMessage) => bus.subscribe(prefix + channel, onMessage),
    state: () => {
      const outages = commands.outages() + bus.connection.outages();
      const down = commands.down() ?? bus.connection.down();
      return down === null ? { connected: true, outages } : { connected: false, outages, ...down };
    },
    ping: async () => {
      const startedMs = performance.now();
      await run((client) => client.ping());
      return performance.now() - startedMs;
    },
    close: async () => {
      commands.close();
      bus.connection.close();
    },
  };
}

type Run = <T>(command: (client: RedisClient) => Promise<T>) => Promise<T>;

function createRunner(connection: RedisConnection): Run {
  const policy = wrap(
    circuitBreaker(handleAll, { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) }),
    timeout(COMMAND_TIMEOUT_MS, TimeoutStrategy.Aggressive),
  );
  return async (command) => {
    const client = connection.client();
    if (client === null) throw notAnswering(connection.place, connection.down()?.error);
    try {
      return await policy.execute(() => command(client));
    } catch (error) {
      throw notAnswering(connection.place, error);
    }
  };
}

function notAnswering(place: string, cause: unknown): DomainError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DomainError(
    'upstream',
    `Redis at ${place} does not answer (${reason}); start it again, or unset REDIS_URL to run without it.`,
    { cause },
  );
}
