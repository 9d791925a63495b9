import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import type { ImportView } from '@qd/shared/users';
import { desc, eq } from 'drizzle-orm';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, userImports, users } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { sendProblem } from '../../platform/problem.ts';
import { createUserFilesHttp } from './import-http.ts';
import { createImportsDeps } from './service/imports/deps.ts';

let stores: TestStores;
let server: Server;
let port: number;

const people: Record<string, Actor> = { owner: actorWith('owner'), support: actorWith('support') };

beforeAll(async () => {
  stores = await openTestStores();
  const door = {
    async authenticate(req: express.Request) {
      const actor = people[req.header('x-person') ?? ''];
      if (actor === undefined) throw new DomainError('unauthenticated', 'Sign in.');
      return actor;
    },
    ctx: (_req: express.Request, actor: Actor) => testCtx(stores, { actor }),
  };
  const app = express();
  app.set('query parser', 'simple');
  app.use(createUserFilesHttp({ upload: door, download: door }, createImportsDeps()));
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  const createdAt = stores.clock.now();
  await stores.db.insert(users).values([
    // Whoever acts must be there: what they may give is read from the tables.
    {
      id: 'user_owner',
      email: 'owner@example.test',
      emailKey: 'owner@example.test',
      name: '=Owner',
      state: 'active',
      createdAt,
      passwordHash: 'x',
    },
  ]);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

const url = (path: string) => `http://127.0.0.1:${port}${path}`;
const upload = (body: string, headers: Record<string, string> = {}, name = 'users.csv') =>
  fetch(url(`/users/import?name=${encodeURIComponent(name)}`), {
    method: 'POST',
    body,
    headers: { 'x-person': 'owner', 'content-type': 'text/csv', ...headers },
  });

describe('POST /users/import', () => {
  it('reads the file and answers with what was found', async () => {
    const response = await upload('email,name\na@example.test,A\nb,B\n', {}, 'people of März.csv');
    expect(response.status).toBe(201);
    const view = (await response.json()) as ImportView;
    expect(view).toMatchObject({ state: 'checked', rowCount: 2, fileName: 'people of März.csv' });
    const report = await fetch(url(`/users/import/${view.id}/report?only=faulty`), {
      headers: { 'x-person': 'owner' },
    });
    const text = await report.text();
    expect(text).toContain('line,email,name,role,platform,platform_role,verdict,problem');
    expect(text).toMatch(/^\d+,b,B,,,,error,.*name@example\.com/m);
  });

  it('is refused to strangers and to those without the permission, before a row is read', async () => {
    expect((await upload('email,name\n', { 'x-person': '' })).status).toBe(401);
    expect((await upload('email,name\n', { 'x-person': 'support' })).status).toBe(403);
    expect((await fetch(url('/users/import/imp_none/report'), { headers: { 'x-person': 'owner' } })).status).toBe(404);
  });

  it('names the fault of a file that cannot be read', async () => {
    const response = await upload('email,planet\n');
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'header[1]' }, { field: 'header' }] });
    expect((await upload('x', { 'content-encoding': 'gzip' })).status).toBe(422);
  });

  it('that breaks off leaves an import that failed', async () => {
    const call = request(url('/users/import?name=broken.csv'), {
      method: 'POST',
      headers: { 'x-person': 'owner', 'content-type': 'text/csv' },
    });
    call.on('error', () => undefined);
    call.write('email,name\n');
    const stateOf = async () =>
      (await stores.db.select().from(userImports).where(eq(userImports.fileName, 'broken.csv'))).map((i) => i.state);
    await vi.waitFor(async () => expect(await stateOf()).toEqual(['reading']), { timeout: 20_000 });
    call.destroy();
    await vi.waitFor(async () => expect(await stateOf()).toEqual(['failed']), { timeout: 20_000 });
  });
});

describe('GET /users/export', () => {
  const get = (query: string, person = 'owner') =>
    fetch(url(`/users/export${query}`), { headers: { 'x-person': person } });

  it('asks people to prove themselves first', async () => {
    const response = await get('');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'AUTH_003', stepUp: { methods: ['password'] } });
    expect((await get('', 'support')).status).toBe(403);
    expect((await get('?format=xml')).status).toBe(422);
  });
});

describe('an export', () => {
  it('holds people with their roles, defuses formulas, and records itself with the number of people', async () => {
    const { exportUsers } = await import('./service/export.ts');
    const ctx = testCtx(stores, { actor: people['owner'] ?? actorWith('owner') });
    const textOf = async (format: 'csv' | 'jsonl') => {
      let text = '';
      for await (const part of (await exportUsers(ctx, { format, filters: {} })).text) text += part;
      return text;
    };
    expect(await textOf('csv')).toContain("owner@example.test,'=Owner,active,");
    expect(JSON.parse((await textOf('jsonl')).split('\n')[0] ?? '')).toMatchObject({
      email: 'owner@example.test',
      name: '=Owner',
      grants: [],
    });
    const [row] = await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
    expect(row).toMatchObject({ action: 'users.exported', details: { format: 'jsonl', people: 1, isCut: false } });
  });

  it('of one platform holds nobody else', async () => {
    const { exportUsers } = await import('./service/export.ts');
    const ctx = testCtx(stores, { actor: actorWith('admin', 'hashinsight') });
    const file = await exportUsers(ctx, { format: 'jsonl', filters: {} });
    let text = '';
    for await (const part of file.text) text += part;
    expect(text).toBe('');
  });
});
