import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR_MS } from '@qd/shared/time';
import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { endingDeps, keysOver, plantKey } from '../../../test/keys.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { keyLeakReports, users } from '../../db/schema/index.ts';
import { sendProblem } from '../../platform/problem.ts';
import { createLeaksHttp } from './leaks-http.ts';
import type { Keys } from './service/verifier.ts';

let stores: TestStores;
let server: Server;
let keys: Keys;
/** How far the clock of the replica is off. */
let aheadMs = 0;
const addresses: string[] = [];

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
  const person = {
    id: 'user_operator',
    email: 'o@e.test',
    emailKey: 'o@e.test',
    name: 'Jun',
    state: 'active' as const,
  };
  await stores.db.insert(users).values({ ...person, createdAt: stores.clock.now() });
  keys = keysOver(stores, testCtx(stores));
  const actor = actorWith('operator');
  const now = () => new Date(stores.clock.now().getTime() + aheadMs);
  const door = { authenticate: () => Promise.resolve(actor), ctx: () => ({ ...testCtx(stores, { actor }), now }) };
  const app = express();
  app.use((req, _res, next) => {
    addresses.push(req.originalUrl);
    next();
  });
  app.use(createLeaksHttp(door, { ...endingDeps(), keys }));
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

async function send(body: string | Uint8Array): Promise<{ status: number; body: Record<string, unknown> }> {
  stores.clock.advance(HOUR_MS);
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await fetch(`http://127.0.0.1:${port}/keys/leaks/file`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : Buffer.from(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const from = { address: '198.51.100.7', requestId: 'req_key' };

it('takes the place in the body and masks a key in it', async () => {
  const { id, text } = await plantKey(stores);
  const facts = JSON.stringify({ place: `https://paste.example/?q=${text}`, leakedAt: null });
  const { status, body } = await send(`${facts}\nfirst\nKEY=${text}\n`);
  expect(status).toBe(201);
  expect(body).toMatchObject({ place: 'https://paste.example/?q=(a key)', hits: [{ keyId: id }] });
  expect(addresses.join('\n')).not.toContain('key_');
  expect(await keys.verify(text, from)).toBeNull();
});

it('reads a file in UTF-16 behind the first line', async () => {
  const { id, text } = await plantKey(stores);
  const file = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`k=${text}`, 'utf16le')]);
  const { body } = await send(Buffer.concat([Buffer.from('{"place":"a registry export"}\n'), file]));
  expect(body).toMatchObject({ hits: [{ keyId: id }] });
});

it.each([
  ['without a line that says where', 'KEY=x', 'place'],
  ['with a first line that is no JSON', 'KEY=x\nKEY=y', 'place'],
  ['with a place too short', '{"place":"x"}\nKEY=x', 'place'],
  ['with a time that is none', '{"place":"a ticket","leakedAt":"now"}\nKEY=x', 'leakedAt'],
  ['with nothing behind it', '{"place":"a ticket"}\n', 'file'],
  ['that is too long', `{"place":"a ticket"}\n${'a'.repeat(5_000_001)}`, 'file'],
  ['with a first line that never ends', `{"place":"${'a'.repeat(100_000)}`, 'place'],
])('refuses a body %s', async (_name, body, field) => {
  const before = await stores.db.select().from(keyLeakReports);
  const answer = await send(body);
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain(`"${field}"`);
  expect(await stores.db.select().from(keyLeakReports)).toHaveLength(before.length);
});

it('judges a key by the clock keys end by, however far ahead the replica is', async () => {
  const { id, text } = await plantKey(stores, { endsAt: new Date(stores.clock.now().getTime() + 24 * HOUR_MS) });
  aheadMs = 48 * HOUR_MS;
  const { body } = await send(`{"place":"a ticket"}\n${text}`);
  aheadMs = 0;
  expect(body).toMatchObject({ hits: [{ keyId: id, action: 'quarantined' }] });
  expect(await keys.verify(text, from)).toBeNull();
});
