import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auditListInput,
  canonicalJson,
  canonicalRow,
  logText,
  toJson,
  toJsonObject,
  utf8Length,
  type AuditFacts,
  type Json,
} from './index.ts';

const facts: AuditFacts = {
  seq: 1,
  event_id: 'a1b2c3d4e5f6a7b8',
  timestamp: '2026-03-01T12:00:00.000Z',
  level: 'info',
  category: 'authentication',
  action: 'users.signed_in',
  status: 'success',
  actor_kind: 'user',
  user_id: 'usr_1',
  user_email: 'ada@example.com',
  user_role: 'owner',
  ip_address: '127.0.0.1',
  request_id: 'req_1',
  platform: null,
  target: { kind: 'user', id: 'usr_1' },
  details: { b: 1, a: 'ü' },
  before: null,
  after: null,
};

const json = fc.jsonValue().map((v) => toJson(v));
/** Key order of objects turned around, at every depth. */
const reversed = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((v: Json) => reversed(v));
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([k, v]) => [k, reversed(v as Json)]),
  );
};

describe('canonical form', () => {
  it('is the text that was agreed on, byte for byte', () => {
    const text = canonicalRow(facts);
    expect(text).toBe(
      'quarterdeck-audit-1:410:{"action":"users.signed_in","actor_kind":"user","after":null,"before":null,"category":"authentication","details":{"a":"ü","b":1},"event_id":"a1b2c3d4e5f6a7b8","ip_address":"127.0.0.1","level":"info","platform":null,"request_id":"req_1","seq":1,"status":"success","target":{"id":"usr_1","kind":"user"},"timestamp":"2026-03-01T12:00:00.000Z","user_email":"ada@example.com","user_id":"usr_1","user_role":"owner"}',
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('differs whenever a fact differs', () => {
    for (const key of Object.keys(facts)) {
      expect(canonicalRow({ ...facts, [key]: key === 'seq' ? 2 : 'other' })).not.toBe(canonicalRow(facts));
    }
  });

  it('names who acted in somebody’s name, and leaves rows without one as they were', () => {
    const text = canonicalRow({ ...facts, impersonator_id: 'usr_2' });
    expect(text).toContain('"impersonator_id":"usr_2"');
    expect(canonicalRow(facts)).not.toContain('impersonator');
  });

  it('counts bytes of UTF-8', () => {
    expect(['', 'a', 'ü', '€', '🔑'].map(utf8Length)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('values of a row', () => {
  it('come back from storage as they went in', () => {
    fc.assert(
      fc.property(
        fc.object({ withDate: true, withBigInt: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          const stored = toJsonObject(value);
          expect(toJsonObject(JSON.parse(JSON.stringify(stored)) as object)).toEqual(stored);
          expect(JSON.stringify(stored)).not.toMatch(/\\u0000|\\ud[89a-f]/);
        },
      ),
    );
  });

  it('are bounded, and the cut is visible', () => {
    expect(toJson('x'.repeat(100_000))).toHaveLength(4_000);
    expect(toJson(Array.from({ length: 1_000 }, (_, i) => i))).toHaveLength(201);
    let deep: unknown = 1;
    for (let i = 0; i < 1_000; i += 1) deep = { deep };
    expect(JSON.stringify(toJson(deep))).toContain('…');
  });

  it('cannot forge a line of a log', () => {
    expect(logText('a\r\n{"forged":1}\u0000\u202e\u2028b')).toBe('a  {"forged":1}   b');
  });
});

describe('filters', () => {
  it('have a bounded page and know their fields', () => {
    expect(auditListInput.parse({})).toEqual({ limit: 50 });
    expect(auditListInput.safeParse({ limit: 100_000 }).success).toBe(false);
    expect(auditListInput.safeParse({ orderBy: 'hash' }).success).toBe(false);
    expect(auditListInput.safeParse({ from: Number.NaN }).success).toBe(false);
    expect(auditListInput.safeParse({ to: Date.UTC(10_000, 0) }).success).toBe(false);
    expect(auditListInput.safeParse({ status: 'any' }).success).toBe(false);
  });
});
