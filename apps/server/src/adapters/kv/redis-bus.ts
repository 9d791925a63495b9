import type { Logger } from 'pino';
import {
  connectRedis,
  type RedisClient,
  type RedisConnection,
  type RedisConnectionOptions,
} from './redis-connection.ts';

/** Subscriptions that outlive the connection: each new one subscribes again before it counts as live. */
export interface RedisBus {
  connection: RedisConnection;
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => Promise<void>>;
}

export async function connectRedisBus(options: RedisConnectionOptions): Promise<RedisBus> {
  const listeners = new Map<string, Set<{ onMessage: (message: string) => void }>>();
  const { log } = options;

  const deliver = (message: string, channel: string): void => {
    for (const { onMessage } of listeners.get(channel) ?? []) callSafely(onMessage, message, log);
  };
  const prepare = async (client: RedisClient): Promise<void> => {
    for (const channel of listeners.keys()) await client.subscribe(channel, deliver);
  };
  const connection = await connectRedis({ ...options, prepare });

  return {
    connection,
    subscribe: async (channel, onMessage) => {
      const listener = { onMessage };
      const known = listeners.get(channel);
      const all = known ?? new Set();
      listeners.set(channel, all.add(listener));
      if (!known) await connection.client()?.subscribe(channel, deliver);
      return async () => {
        all.delete(listener);
        if (all.size > 0 || listeners.get(channel) !== all) return;
        listeners.delete(channel);
        await connection.client()?.unsubscribe(channel, deliver);
      };
    },
  };
}

/** A listener's mistake must not break the connection it is called from. */
function callSafely(onMessage: (message: string) => void, message: string, log: Logger): void {
  try {
    onMessage(message);
  } catch (error) {
    log.error({ err: error }, 'a listener on the Redis bus failed');
  }
}
