import { connect } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../../test/clock.ts';
import { keyText, plantKey } from '../../../test/keys.ts';
import { startConsole, type RunningConsole } from '../../../test/running-console.ts';
import { apiKeys, auditEvents, platforms } from '../../db/schema/index.ts';

let running: RunningConsole;
let asker: string;
const plant = (row: Parameters<typeof plantKey>[1] = {}, text?: string) => {
  const stores = { db: running.container.database.db, clock: createClock() };
  const { peppers } = running.services.apiKeys;
  return plantKey(stores, row, text === undefined ? { peppers } : { peppers, text });
};
beforeAll(async () => {
  running = await startConsole();
  const createdAt = new Date();
  const rows = ['hashinsight', 'web3-audit'].map((id) => ({ id, name: id, createdAt }));
  await running.container.database.db.insert(platforms).values(rows).onConflictDoNothing();
  asker = (await plant({ scopes: ['keys:verify'], name: 'HashInsight gateway' })).text;
});
afterAll(() => running.stop());

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}
async function post(body: string, headers: Record<string, string>, path = '/api/v1/keys/verify'): Promise<Answer> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  const response = await fetch(running.at(path), init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: JSON.parse(text) as Record<string, unknown>,
  };
}
const ask = (body: object, headers: Record<string, string> = { authorization: `Bearer ${asker}` }) =>
  post(JSON.stringify(body), headers);

describe('a platform that asks about a key it was shown', () => {
  it('is told what the key may do and how long', async () => {
    const { id, text } = await plant({ rateLimitPerMin: 600, endsAt: new Date(Date.now() + 60_000) });
    const { status, json, headers } = await ask({ key: text, permission: 'miners:read', environment: 'prod' });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      valid: true,
      keyId: id,
      platform: 'hashinsight',
      environment: 'prod',
      permissions: ['miners:read', 'slo:read'],
      expiresAt: expect.any(Number) as number,
      endsAt: expect.any(Number) as number,
      rateLimit: { limitPerMin: 600, remaining: 599, resetsAt: expect.any(Number) as number },
    });
  });

  it('gets one answer, to the letter, for whatever makes a key invalid', async () => {
    const past = new Date(Date.now() - 1_000);
    const texts = [
      keyText(),
      (await plant({ expiresAt: past })).text,
      (await plant({ endsAt: past })).text,
      (await plant({ revokedAt: past })).text,
      (await plant({ quarantinedAt: past })).text,
      (await plant({ platform: 'web3-audit' })).text,
      (await plant({ ipAllow: ['192.0.2.0/24'] })).text,
      'hsi_prod_key_a1b2c3d4e5f6g7h8',
      'ｈｓｉ＿ｐｒｏｄ＿ｋｅｙ',
      `${asker}\0`,
      'x',
    ];
    const answers = await Promise.all(texts.map((key) => ask({ key })));
    answers.push(await ask({ key: asker, environment: 'dev' }));
    expect(new Set(answers.map((a) => `${a.status} ${a.headers.get('content-type') ?? ''} ${a.text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, json: { valid: false, code: 'AUTH_001' } });
    expect(answers[0]?.headers.get('www-authenticate')).toBeNull();
  });

  it('is told of a missing scope as such', async () => {
    const { text } = await plant();
    const refused = await ask({ key: text, permission: 'miners:delete' });
    expect(refused).toMatchObject({ status: 403, json: { valid: false, code: 'AUTH_002' } });
  });

  it('is told when to come back', async () => {
    const { text } = await plant({ rateLimitPerMin: 1 });
    let limited = await ask({ key: text });
    // The minute may turn between two calls, not between three.
    for (let i = 0; i < 2 && limited.status !== 429; i += 1) limited = await ask({ key: text });
    expect(limited).toMatchObject({ status: 429, json: { valid: false, code: 'API_001' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('may name where the key was presented', async () => {
    const { text } = await plant({ ipAllow: ['192.0.2.0/24'] });
    const from = (address: string) => ask({ key: text, client: { address, agent: 'miner/3' } });
    expect((await from('192.0.2.9')).status).toBe(200);
    expect((await from('192.0.3.9')).status).toBe(401);
    expect((await from('nowhere')).status).toBe(422);
  });

  it('is itself refused without a valid key, in other words', async () => {
    const cases: Record<string, string>[] = [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer ${keyText()}` },
      { authorization: `Bearer ${asker}`, 'x-api-key': keyText() },
    ];
    for (const headers of cases) {
      const answer = await ask({ key: asker }, headers);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="Quarterdeck"']);
      expect(answer.json).not.toHaveProperty('valid');
    }
    const { text } = await plant();
    expect(await ask({ key: asker }, { 'x-api-key': text })).toMatchObject({ status: 403 });
    expect(await ask({ key: asker, platform: 'web3-audit' })).toMatchObject({ status: 404 });
    expect(await ask({ key: asker, platform: 'hashinsight' })).toMatchObject({ status: 200 });
  });

  it('is told by field what does not fit, however large', async () => {
    const bodies: [string, string][] = [
      [JSON.stringify({ key: 'x'.repeat(1_000_000) }), 'too large'],
      [JSON.stringify({ key: 'x'.repeat(3_000) }), 'at most 200'],
      [JSON.stringify({ key: '' }), 'give the key'],
      [JSON.stringify({ keys: [] }), 'body does not fit'],
      [JSON.stringify({ key: asker, admin: true }), 'body does not fit'],
      [JSON.stringify({ key: [asker] }), 'body does not fit'],
      [JSON.stringify({ key: asker, [asker]: 1 }), 'body does not fit'],
      ['{"key":', 'not valid JSON'],
      ['[]', 'body does not fit'],
    ];
    for (const [body, words] of bodies) {
      const answer = await post(body, { authorization: `Bearer ${asker}` });
      expect([answer.status, answer.text.includes(words) ? words : answer.text]).toEqual([422, words]);
      expect(answer.text).not.toContain(asker);
    }
  });
});

describe('a key', () => {
  it.each(['key', 'api_key', 'X-API-Key', 'apikey', 'access_token'])(
    'in the address as %s is refused and flagged, whatever its format',
    async (name) => {
      const { db } = running.container.database;
      const elsewhere = Buffer.from(name.padEnd(20, '.')).toString('hex');
      const exposed = await plant({ scopes: ['keys:verify'] }, elsewhere);
      const headers = { authorization: `Bearer ${asker}` };
      const answer = await post('{}', headers, `/api/v1/keys/verify?${name}=${elsewhere}`);
      expect(answer.status).toBe(401);
      await running.services.keys.flushUsage();
      const flagged = await db.select().from(auditEvents).where(eq(auditEvents.targetId, exposed.id));
      expect(flagged).toMatchObject([{ action: 'api-keys.exposed', level: 'critical' }]);
      expect(JSON.stringify(flagged)).not.toContain(elsewhere);
    },
  );

  it('made elsewhere is flagged where it stands in a path', async () => {
    const elsewhere = Buffer.from('made elsewhere 1').toString('hex');
    const exposed = await plant({}, elsewhere);
    const reader = (await plant({ scopes: ['slo:read'] })).text;
    const answer = await fetch(running.at(`/api/v1/slos/${elsewhere}`), { headers: { 'x-api-key': reader } });
    expect([answer.status, (await answer.text()).includes(elsewhere)]).toEqual([404, false]);
    await running.services.keys.flushUsage();
    const { db } = running.container.database;
    const flagged = await db.select().from(auditEvents).where(eq(auditEvents.targetId, exposed.id));
    expect(flagged).toMatchObject([{ action: 'api-keys.exposed', level: 'critical' }]);
  });

  it('is bound to its addresses and limited on the console’s own doors as well', async () => {
    const bound = await plant({ scopes: ['keys:verify'], ipAllow: ['192.0.2.0/24'] });
    expect((await ask({ key: asker }, { 'x-api-key': bound.text })).status).toBe(401);
    const { text } = await plant({ scopes: ['keys:verify'], rateLimitPerMin: 1 });
    let limited = await ask({ key: asker }, { 'x-api-key': text });
    for (let i = 0; i < 2 && limited.status !== 429; i += 1) limited = await ask({ key: asker }, { 'x-api-key': text });
    expect(limited).toMatchObject({ status: 429, json: { code: 'API_001' } });
    expect(limited.json).not.toHaveProperty('valid');
    expect(limited.headers.get('retry-after')).not.toBeNull();
  });

  it('that is revoked is refused by the next call', async () => {
    const { id, text } = await plant();
    expect((await ask({ key: text })).status).toBe(200);
    await running.container.database.db.update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, id));
    running.container.hub.publish('api-keys');
    expect((await ask({ key: text })).status).toBe(401);
  });
});

describe('headers no client of HTTP would send', () => {
  /** The status a request with these header lines gets, byte by byte as they are; NaN when it is cut off. */
  async function statusOf(lines: readonly string[]): Promise<number> {
    const socket = connect(running.port, '127.0.0.1');
    // A console that cuts an endless header off may do so while it still comes.
    socket.on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    const closed = new Promise((done) => {
      socket.once('close', done);
    });
    const head = ['POST /api/v1/keys/verify HTTP/1.1', 'Host: localhost', 'Connection: close', ...lines];
    const body = JSON.stringify({ key: asker });
    const rest = ['Content-Type: application/json', `Content-Length: ${body.length}`, '', body];
    socket.write(Buffer.from([...head, ...rest].join('\r\n'), 'latin1'));
    await closed;
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  }
  const wide = (text: string) =>
    Buffer.from([...text].map((c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)).join('')).toString(
      'latin1',
    );

  it('let nobody in, and leave the console as it was', async () => {
    const { text: other } = await plant({ scopes: ['keys:verify'] });
    const cases: [number, string[]][] = [
      [200, [`Authorization: Bearer ${asker}`]],
      [200, [`X-API-Key: \t${asker} `]],
      [401, [`Authorization: Bearer ${asker}`, `Authorization: Bearer ${other}`]],
      [401, [`Authorization: Bearer ${asker}`, `Authorization: Bearer ${asker}`]],
      [401, [`X-API-Key: ${asker}`, `X-API-Key: ${other}`]],
      [401, [`X-API-Key: ${asker}`, `Authorization: Bearer ${other}`]],
      [401, [`X-API-Key: ${wide(asker)}`]],
      [401, [`Authorization: Bearer ${wide(asker)}`]],
      [401, [`Authorization: Bearer ${asker}\u00a0`]],
      [401, [`X-API-Key: ${'x'.repeat(4_000)}`]],
      [400, [`X-API-Key: ${asker}\0`]],
    ];
    for (const [status, lines] of cases) expect([await statusOf(lines), lines]).toEqual([status, lines]);
    // Whoever is cut off while still sending may never read the answer.
    expect([431, Number.NaN]).toContain(await statusOf([`X-API-Key: ${'x'.repeat(1_000_000)}`]));
    expect((await ask({ key: other })).status).toBe(200);
  });
});

describe('verifications', () => {
  it('are counted by outcome and by where the answer came from', async () => {
    const { text } = await plant({ firstUsedAt: new Date() });
    for (let i = 0; i < 3; i += 1) await ask({ key: text });
    const metrics = await running.container.telemetry.registry.metrics();
    expect(metrics).toMatch(/quarterdeck_key_verifications_total\{outcome="ok"\} [1-9]/);
    expect(metrics).toMatch(/quarterdeck_key_verifications_total\{outcome="revoked"\} [1-9]/);
    expect(metrics).toMatch(/quarterdeck_key_lookups_total\{source="memory"\} [1-9]/);
  });
});
