import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'vitest';
import { createClock } from '../../../test/clock.ts';
import { testRedisUrl } from '../../../test/redis-url.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { kvContract } from './contract.ts';
import { createMemoryKv } from './memory.ts';
import { createRedisKv } from './redis.ts';

kvContract('memory', async () => {
  const clock = createClock();
  const kv = createMemoryKv(clock.now);
  return { kv, pass: async (ms) => clock.advance(ms), close: () => kv.close() };
});

const url = testRedisUrl();
if (url === null) {
  test('kv contract: Redis was NOT RUN, because neither QD_TEST_STORES=real nor TEST_REDIS_URL asks for it', () => {
    process.stderr.write('The kv contract was not run on Redis; set TEST_REDIS_URL.\n');
  });
} else {
  kvContract(`Redis at ${new URL(url).host}`, async () => {
    const kv = await createRedisKv(url, silentLog, { prefix: `qd-test-${randomBytes(6).toString('hex')}:` });
    // Redis keeps its own time; nothing but waiting lets it pass.
    return { kv, pass: (ms) => delay(ms), close: () => kv.close() };
  });
}
