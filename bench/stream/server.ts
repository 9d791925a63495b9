/**
 * Both ways to tell many screens that something changed: the product's hub and event stream, and a tRPC subscription.
 * Started with a channel; `publish` makes one change and answers when (ns) it was made.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { initTRPC, tracked } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import { pino } from 'pino';
import { createMemoryKv } from '../../apps/server/src/adapters/kv/memory.ts';
import { createHub } from '../../apps/server/src/platform/hub-memory.ts';
import type { HubEvent } from '../../apps/server/src/platform/hub.ts';
import { createSse } from '../../apps/server/src/platform/sse.ts';
import { createTelemetry } from '../../apps/server/src/platform/telemetry.ts';

const hub = await createHub(
  createMemoryKv(() => new Date()),
  pino({ level: 'silent' }),
);
const grants = [{ platform: '*', permissions: ['slo:read' as const] }];
const sse = createSse({
  hub,
  telemetry: createTelemetry(),
  // Everyone is somebody else: one person may hold only so many streams.
  authenticate: () => Promise.resolve({ id: randomBytes(8).toString('hex'), grants }),
});

const t = initTRPC.create({ isDev: false, sse: { ping: { enabled: true, intervalMs: 15_000 } } });
const router = t.router({
  changes: t.procedure.subscription(async function* ({ signal }) {
    const waiting: HubEvent[] = [];
    let wake = Promise.withResolvers<void>();
    const unsubscribe = hub.subscribe((event) => {
      waiting.push(event);
      wake.resolve();
    });
    signal?.addEventListener('abort', () => wake.resolve());
    try {
      for (;;) {
        for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
          yield tracked(event.id, { topic: event.topic, version: event.version });
        }
        if (signal?.aborted === true) return;
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    } finally {
      unsubscribe();
    }
  }),
});

const app = express();
app.set('query parser', 'simple');
app.get('/events', (req, res) => void sse.handle(req, res));
app.use('/trpc', createExpressMiddleware({ router }));
const server = createServer(app);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', () => {
  const atNs = process.hrtime.bigint();
  hub.publish('slo');
  process.send?.({ atNs: String(atNs) });
});
process.on('disconnect', () => process.exit(0));
