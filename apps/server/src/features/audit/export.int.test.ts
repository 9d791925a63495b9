import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AuditFacts, canonicalRow } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import { desc } from 'drizzle-orm';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, users } from '../../db/schema/index.ts';
import { genesisHash, rowHash } from '../../platform/audit-chain.ts';
import type { Actor } from '../../platform/context.ts';
import { sendProblem } from '../../platform/problem.ts';
import { actingSession, issueProof } from '../../platform/step-up.ts';
import { write } from '../../platform/write.ts';
import { exportAudit } from './export.ts';
import { createAuditHttp } from './http.ts';

let stores: TestStores;
let server: Server;
let url: string;

const people: Record<string, Actor> = {
  auditor: actorWith('auditor'),
  local: actorWith('auditor', 'hashinsight'),
  support: actorWith('support'),
};

beforeAll(async () => {
  stores = await openTestStores();
  await write(testCtx(stores), async (_tx, record) => {
    for (let i = 1; i <= 1_100; i += 1) {
      const platform = i % 2 === 0 ? 'hashinsight' : null;
      record({ action: 'slo.created', category: 'slo', platform, target: { kind: 'slo', id: `=slo_${i}` } });
    }
    record({ action: 'users.signed_in', category: 'authentication', details: { note: 'a "word", and\nanother' } });
  });
  const { id = null, email } = people['auditor'] ?? {};
  const stored = { id: id ?? '', email: email ?? '', emailKey: email ?? '', name: 'Auditor', passwordHash: 'x' };
  await stores.db.insert(users).values({ ...stored, state: 'active', createdAt: stores.clock.now() });
  const app = express();
  app.set('query parser', 'simple');
  app.use(
    createAuditHttp({
      async authenticate(req) {
        const actor = people[req.header('x-person') ?? ''];
        if (actor === undefined) throw new DomainError('unauthenticated', 'Sign in.');
        return actor;
      },
      ctx: (_req, actor) => testCtx(stores, { actor }),
    }),
  );
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit/export`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

const ask = (query: string, person: string | null = 'auditor', headers: Record<string, string> = {}) =>
  fetch(`${url}${query}`, { headers: { ...(person === null ? {} : { 'x-person': person }), ...headers } });
/** Asks, and again with a proof where one is asked for. */
async function get(query: string, person: string | null = 'auditor') {
  const answer = await ask(query, person);
  const { stepUp } = answer.status === 401 ? ((await answer.clone().json()) as { stepUp?: { act: string } }) : {};
  const actor = people[person ?? ''];
  if (stepUp === undefined || actor === undefined) return answer;
  const proved = { act: stepUp.act, method: 'password' as const, now: stores.clock.now() };
  const token = await stores.db.transaction((tx) => issueProof(tx, actingSession(actor), proved));
  return ask(query, person, { 'x-qd-step-up': token });
}
const jsonl = async (query: string, person?: string) =>
  (await (await get(`?format=jsonl${query}`, person)).text())
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditFacts & { prev_hash: string; hash: string });
const newestRow = async () => {
  const [row] = await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
  return row;
};

describe('GET /audit/export', () => {
  it('asks people to prove themselves first, for this very file', async () => {
    const answer = await ask('?format=jsonl');
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'AUTH_003', stepUp: { methods: ['password'] } });
    expect(await newestRow()).not.toMatchObject({ action: 'audit.exported' });
  });

  it('holds every row in the order of the chain, so that the chain can be verified from the file alone', async () => {
    const rows = await jsonl('');
    expect(rows.length).toBeGreaterThan(1_100);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
    let hash: Uint8Array = genesisHash;
    for (const { prev_hash: prevHash, hash: ownHash, ...facts } of rows) {
      expect(prevHash).toBe(Buffer.from(hash).toString('hex'));
      expect(canonicalRow(facts)).toContain(facts.event_id);
      hash = rowHash(hash, facts);
      expect(ownHash).toBe(Buffer.from(hash).toString('hex'));
    }
  });

  it('is a table with heads, in which nothing runs as a formula', async () => {
    const response = await get('?action=users');
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    // The mark is part of the file; `text()` takes it away.
    expect([...new Uint8Array(await response.arrayBuffer()).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = await (await get('?action=users')).text();
    expect(text).toMatch(/^seq,timestamp \(UTC\),level,/);
    expect(text).toMatch(/^1101,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,/m);
    const created = await (await get('?text=slo_7&action=slo.created')).text();
    expect(created).toContain(",slo,'=slo_7,");
    expect(created).not.toContain(',=slo');
  });

  it('records itself, with the filter and the number of rows, before a row leaves', async () => {
    const rows = await jsonl('&action=users&from=0');
    expect(await newestRow()).toMatchObject({
      action: 'audit.exported',
      userEmail: people['auditor']?.email,
      details: {
        format: 'jsonl',
        filters: { action: 'users', from: '1970-01-01T00:00:00.000Z' },
        rows: rows.length,
        isCut: false,
      },
    });
  });

  it('keeps the newest rows where there are too many, and says so', async () => {
    const ctx = testCtx(stores, { actor: people['auditor'] ?? actorWith('auditor') });
    const file = await exportAudit(ctx, { format: 'jsonl', filters: { action: 'slo.created' } }, 600);
    expect(file.isCut).toBe(true);
    let text = '';
    for await (const part of file.text) text += part;
    const seqs = text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(Array.from({ length: 600 }, (_, i) => 501 + i));
    expect(await newestRow()).toMatchObject({ details: { rows: 600, isCut: true } });
  });

  it('holds the rows of the platforms that may be read, and no other', async () => {
    const own = await jsonl('', 'local');
    expect(new Set(own.map(({ platform }) => platform))).toEqual(new Set(['hashinsight']));
    expect(own).toHaveLength(550);
    expect(await jsonl('&platform=web3-audit', 'local')).toEqual([]);
  });

  it('is refused to strangers, to those without the permission, and for filters that are none', async () => {
    expect((await get('', null)).status).toBe(401);
    expect((await get('', 'support')).status).toBe(403);
    for (const [query, field] of [
      ['?format=xlsx', 'format'],
      ['?from=yesterday', 'from'],
      ['?nobody=1', 'nobody'],
      ['?status=maybe', 'status'],
    ] as const) {
      const answer = await get(query);
      expect([query, answer.status, await answer.json()]).toMatchObject([query, 422, { errors: [{ field }] }]);
    }
    expect(await newestRow()).not.toMatchObject({ userEmail: people['support']?.email });
  });
});
