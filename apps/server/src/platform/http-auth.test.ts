import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { formatKey } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { describe, expect, it } from 'vitest';
import { actorWith } from '../../test/ctx.ts';
import { authenticateKey, carriesKey, refuseKeysInAddress, requireScope } from './http-auth.ts';

const key = formatKey({ prefix: 'hsi', environment: 'prod' }, randomBytes, crc32).text;
const other = formatKey({ prefix: 'hsi', environment: 'prod' }, randomBytes, crc32).text;
const machine = { ...actorWith('operator', 'hashinsight'), kind: 'key' as const };

function present(headers: Record<string, string>, url = '/api/v1/sli', again: Record<string, string[]> = {}) {
  const verified: string[] = [];
  const exposed: string[] = [];
  const deps = {
    keys: {
      verify: (text: string) => Promise.resolve(verified.push(text) > 0 && text === key ? machine : null),
      reportExposed: (text: string) => Promise.resolve(void exposed.push(text)),
    },
    trustProxy: [],
    requestIdOf: () => 'req_1',
  };
  const distinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const headersDistinct = { ...distinct, ...again };
  const req = { headers, headersDistinct, url, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage;
  const outcome = authenticateKey(deps, req).then(
    (actor) => actor.kind,
    (e: unknown) => (e instanceof DomainError ? `${e.code}: ${e.message}` : e),
  );
  const session = () => refuseKeysInAddress(deps, req);
  return { outcome, verified, exposed, session };
}

describe('a request with a session', () => {
  it('is refused too when a key stands in its address, and the key is noted', async () => {
    const { session, exposed } = present({}, `/audit/export.csv?note=${key}`);
    await expect(session()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(exposed).toContain(key);
  });

  it('passes without one', async () => {
    const { session, exposed } = present({}, '/audit/export.csv?from=1');
    await session();
    expect(exposed).toEqual([]);
  });
});

describe('a key', () => {
  it.each([
    ['bearer', { authorization: `Bearer ${key}` }],
    ['bearer in any case', { authorization: `bearer   ${key} ` }],
    ['header of its own', { 'x-api-key': key }],
    ['both, the same', { authorization: `Bearer ${key}`, 'x-api-key': key }],
  ])('is taken from %s', async (_name, headers) => {
    expect(await present(headers as Record<string, string>).outcome).toBe('key');
  });

  it('is refused with one message, whatever is wrong', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { authorization: '' },
      { authorization: `Basic ${key}` },
      { authorization: `Bearer ${other}` },
      { authorization: `Bearer ${key}`, 'x-api-key': other },
      { 'x-api-key': `${key}, ${key}` },
      { 'x-api-key': 'x'.repeat(1_000_000) },
      { 'x-api-key': '' },
      { authorization: `Bearer ${'x'.repeat(100_000)}` },
      { 'x-api-key': `${key}\u0000` },
    ];
    const outcomes = await Promise.all(wrong.map((headers) => present(headers).outcome));
    expect(new Set(outcomes).size).toBe(1);
    expect(outcomes[0]).toMatch(/^unauthenticated: /);
  });

  it('is refused beside another in a header of the same name', async () => {
    const again = { authorization: [`Bearer ${key}`, `Bearer ${other}`] };
    const { outcome, verified } = present({ authorization: `Bearer ${key}` }, '/api/v1/sli', again);
    expect(await outcome).toMatch(/^unauthenticated: /);
    expect(verified).toEqual([]);
  });

  it('that is far too long is not even looked up', async () => {
    const { outcome, verified } = present({ 'x-api-key': 'x'.repeat(201) });
    await outcome;
    expect(verified).toEqual([]);
  });

  it.each([
    ['query', `/api/v1/sli?key=${key}`],
    ['query, escaped', `/api/v1/sli?key=${encodeURIComponent(key).replaceAll('_', '%5F')}`],
    ['path', `/api/v1/${key}/sli`],
    ['query with a broken escape', `/api/v1/sli?a=%zz&key=${key}`],
  ])('in the %s is refused and reported, even with a right one in the header', async (_name, url) => {
    const { outcome, verified, exposed } = present({ 'x-api-key': key }, url);
    expect(await outcome).toMatch(/^unauthenticated: /);
    expect(exposed).toEqual([key]);
    expect(verified).toEqual([]);
  });

  it('made elsewhere is looked up where it may stand in a path, and an id in its place keeps nobody out', async () => {
    const suspect = 'xK9mQ2vT7pL4wR8nZ3cB';
    const { outcome, exposed } = present({ 'x-api-key': key }, `/api/v1/slos/${suspect}/gate?x=${'y'.repeat(9)}`);
    expect(await outcome).toBe('key');
    expect(exposed).toEqual([suspect]);
    const plain = present({ 'x-api-key': key }, '/api/v1/slos/slo_Xy7Qk2Lm9Pw3/gate');
    expect(await plain.outcome).toBe('key');
    expect(plain.exposed).toEqual([]);
  });

  it('is noticed before a session is looked for', () => {
    const req = (headers: object) => ({ headers }) as unknown as IncomingMessage;
    expect(carriesKey(req({ 'x-api-key': 'x' }))).toBe(true);
    expect(carriesKey(req({ authorization: 'Bearer x' }))).toBe(true);
    expect(carriesKey(req({ authorization: 'Basic x', cookie: 'qd=1' }))).toBe(false);
  });
});

describe('a scope', () => {
  it('is needed on the platform', () => {
    expect(() => requireScope(machine, 'slo:read', 'hashinsight')).not.toThrow();
    expect(() => requireScope(machine, 'slo:read', 'web3-audit')).toThrow('scope slo:read on web3-audit');
    expect(() => requireScope(machine, 'slo:write', 'hashinsight')).toThrow(DomainError);
    expect(() => requireScope(machine, 'slo:read', null)).toThrow(DomainError);
  });
});
