/**
 * The plain way to answer a hot read: Express and tRPC over an object in memory, no session, no log, no database.
 * Arguments: port, and a file with the object. The peer of the buffers.
 */
import { readFileSync } from 'node:fs';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';

const [, , port = '0', file = ''] = process.argv;
const payload = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const t = initTRPC.create({ isDev: false });
const router = t.router({ series: t.procedure.query(() => payload) });
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use('/trpc', createExpressMiddleware({ router }));
app.get('/health/live', (_req, res) => res.end('ok'));
app.listen(Number(port), '127.0.0.1');
