import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { createSecretInput } from '@qd/shared/secrets';
import { DAY_MS } from '@qd/shared/time';
import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import type { Actor } from '../../platform/context.ts';
import { sendProblem } from '../../platform/problem.ts';
import { createSecretsHttp } from './http.ts';
import { archiveSecret, createSecret } from './service/change.ts';

/** More than one page of the file. */
const SECRETS = 520;

let stores: TestStores;
let server: Server;
let url: string;
const now = new Date('2026-05-20T12:30:00Z');
const people: Record<string, Actor> = {
  owner: actorWith('owner'),
  banker: actorWith('operator', 'bank'),
  pusher: { ...actorWith('owner'), kind: 'key', grants: [{ platform: '*', permissions: ['sli:write'] }] },
};

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['shop', 'bank']);
  const ctx = testCtx(stores, { actor: actorWith('owner'), now });
  const wanted = { platform: 'shop', cadence: 'days', everyDays: 30 } as const;
  for (let i = 0; i < SECRETS; i += 1) {
    await createSecret(ctx, createSecretInput.parse({ ...wanted, name: `S_${String(i).padStart(4, '0')}` }));
  }
  const old = await createSecret(ctx, createSecretInput.parse({ ...wanted, name: 'OLD' }));
  await archiveSecret(ctx, { id: old.id, seenAt: old.updatedAt });
  const rotated = { lastRotatedAt: now.getTime() - DAY_MS, description: '=HYPERLINK("vault", opened)' };
  await createSecret(ctx, createSecretInput.parse({ ...wanted, ...rotated, platform: 'bank', name: 'VAULT_TOKEN' }));
  const app = express();
  app.set('query parser', 'simple');
  app.use(
    createSecretsHttp({
      async authenticate(req) {
        const actor = people[req.header('x-person') ?? ''];
        if (actor === undefined) throw new DomainError('unauthenticated', 'Sign in.');
        return actor;
      },
      ctx: (_req, actor) => testCtx(stores, { actor, now }),
    }),
  );
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys/secrets/export`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

async function get(query = '', person = 'owner') {
  const response = await fetch(`${url}${query}`, { headers: { 'x-person': person } });
  const lines = (await response.text()).split('\r\n').slice(0, -1);
  return { status: response.status, name: response.headers.get('content-disposition'), lines };
}

it('holds every secret of the filter, however many pages that are', async () => {
  const shop = await get('?platform=shop');
  expect(shop.name).toBe('attachment; filename="secrets-shop-2026-05-20.csv"');
  expect(new Set(shop.lines.slice(1)).size).toBe(SECRETS);
  expect(shop.lines[1]).toMatch(/^sec_[\w-]+,shop,S_0000,never,,days,30,,,/);
  const archived = await get('?show=archived');
  expect(archived.lines).toHaveLength(1 + SECRETS + 2);
  expect(archived.lines.find((line) => line.includes(',OLD,'))).toMatch(/,OLD,archived,.*,2026-05-20T12:30:00\.000Z$/);
  expect((await get('?show=due')).lines).toHaveLength(1 + SECRETS);
});

it('writes units into its heads and nothing a spreadsheet would run', async () => {
  const { lines } = await get('?platform=bank');
  expect(lines[0]).toContain('Cadence,Every (d),Rotated (UTC),Next due (UTC)');
  expect(lines[1]).toContain(
    `,bank,VAULT_TOKEN,ok,,days,30,2026-05-19T12:30:00.000Z,2026-06-18T12:30:00.000Z,"'=HYPERLINK(""vault"", opened)",`,
  );
});

it('shows what the caller may see, and refuses who may see nothing', async () => {
  expect((await get('', 'banker')).lines).toHaveLength(2);
  expect((await get('?platform=shop', 'banker')).lines).toHaveLength(1);
  expect((await get('', 'pusher')).status).toBe(403);
  expect((await get('', 'nobody')).status).toBe(401);
  expect((await get('?show=some')).status).toBe(422);
  expect((await get('?limit=1')).status).toBe(422);
});
