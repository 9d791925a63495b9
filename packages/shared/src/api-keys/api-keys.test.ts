import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peopleOnly } from '../permissions/index.ts';
import { base62, base62Alphabet, toBase62 } from './base62.ts';
import { crc32ByBits as crc32 } from './crc32-by-bits.ts';
import { createKeyInput, defaultKeyPrefix, formatKey, keyScopes, parseKey, readKey, type KeyFault } from './index.ts';

const bytesFrom = (seed: number) => {
  let state = seed >>> 0 || 1;
  return (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
};

const anyKey = fc
  .tuple(fc.stringMatching(/^[a-z0-9]{2,8}$/), fc.constantFrom('prod', 'staging', 'dev', 'test'), fc.integer())
  .map(([prefix, environment, seed]) => formatKey({ prefix, environment }, bytesFrom(seed), crc32));

const faultOf = (text: string): KeyFault => {
  const parsed = parseKey(text, crc32);
  if (parsed.ok) throw new Error('expected a fault');
  return parsed.fault;
};

const sample = formatKey({ prefix: 'hsi', environment: 'prod' }, bytesFrom(7), crc32);

describe('key format', () => {
  it('uses the CRC-32 everyone uses', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });

  it('keeps the shape of the manual and its own lengths', () => {
    expect(sample.text).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
    expect(sample.text).toHaveLength(59);
    expect(sample.text.slice(13, 21)).toBe(sample.kid);
  });

  it('reads back every key it made', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(readKey(key.text, crc32)).toEqual(key);
      }),
    );
  });

  it('accepts no key with one character changed', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(), fc.constantFrom(...base62Alphabet, '_'), (key, at, character) => {
        const index = at % key.text.length;
        fc.pre(key.text.charAt(index) !== character);
        const changed = key.text.slice(0, index) + character + key.text.slice(index + 1);
        expect(readKey(changed, crc32)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a prefix that would not survive a round trip', () => {
    for (const prefix of ['', 'a', 'A1', 'a_b', 'toolongname', 'hsı']) {
      expect(() => formatKey({ prefix, environment: 'prod' }, bytesFrom(1), crc32)).toThrow(RangeError);
    }
  });

  it('makes a usable prefix from any platform id', () => {
    expect(['hashinsight', 'web3-audit', 'a-'].map(defaultKeyPrefix)).toEqual(['hashinsi', 'web3audi', 'qd']);
  });
});

describe('base 62', () => {
  it('throws away the bytes that would favour some letters', () => {
    expect(base62(3, () => Uint8Array.of(255, 248, 247, 61, 0, 62))).toBe('zz0');
  });

  it('gives every letter the same number of byte values', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = base62(248, () => all);
    const counts = new Map([...text].map((c) => [c, [...text].filter((d) => d === c).length]));
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  it('writes every CRC in six characters', () => {
    expect(toBase62(0, 6)).toBe('000000');
    expect(toBase62(0xffffffff, 6)).toBe('4gfFC3');
    expect(() => toBase62(62 ** 6, 6)).toThrow(RangeError);
  });
});

describe('diagnosis of a pasted key', () => {
  const replaceAt = (index: number, character: string) =>
    sample.text.slice(0, index) + character + sample.text.slice(index + 1);

  it.each([
    ['dotless i of the manual', replaceAt(2, 'ı'), 3, '"i"'],
    ['Cyrillic es', replaceAt(1, 'ѕ'), 2, '"s"'],
    ['full-width letter', replaceAt(0, 'ｈ'), 1, '"h"'],
    ['accent', replaceAt(2, 'í'), 3, '"i"'],
    ['dash for underscore', replaceAt(3, '–'), 4, '"_"'],
    ['digit one for i', replaceAt(2, '1'), 3, '"i"'],
    ['capital in front', replaceAt(0, 'H'), 1, 'small letter'],
  ])('names the look-alike: %s', (_name, text, position, words) => {
    expect(faultOf(text)).toMatchObject({ kind: 'look_alike', position });
    expect(faultOf(text).message).toContain(words);
  });

  it.each([
    ['nothing', '', 'empty', null],
    ['blank in front', ` ${sample.text}`, 'blank', 1],
    ['line break inside', `${sample.text.slice(0, 20)}\n${sample.text.slice(20)}`, 'blank', 21],
    ['right-to-left mark', `${sample.text}\u200f`, 'blank', 60],
    ['punctuation', replaceAt(5, '*'), 'character', 6],
    ['emoji', replaceAt(5, '🔑'), 'character', 6],
    ['a megabyte', 'a'.repeat(1_000_000), 'too_long', null],
    ['another kind of token', 'ghp0123456789abcdef', 'shape', null],
    ['unknown environment', sample.text.replace('_prod_', '_live_'), 'environment', 5],
    ['other word', sample.text.replace('_key_', '_tok_'), 'shape', 10],
    ['one character missing', sample.text.slice(0, -1), 'length', null],
    ['one character doubled', `${sample.text}x`, 'length', null],
    ['short form with one missing', 'hsi_prod_key_a1b2c3d4e5f6g7h', 'length', null],
    ['short form with one too many', 'hsi_prod_key_a1b2c3d4e5f6g7h8i', 'length', null],
    ['a key made elsewhere', 'a3f1'.repeat(16), 'shape', null],
    ['NUL', `${sample.text.slice(0, 20)}\0${sample.text.slice(21)}`, 'blank', 21],
    ['several wrong', `${sample.text.slice(0, -6)}000000`, 'checksum', null],
  ])('names the fault: %s', (_name, text, kind, position) => {
    expect(faultOf(text)).toMatchObject({ kind, position });
  });

  it('finds the place of one mistyped character', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(45), fc.constantFrom(...base62Alphabet), (key, at, character) => {
        const index = key.text.length - 46 + at;
        fc.pre(key.text.charAt(index) !== character);
        const fault = faultOf(key.text.slice(0, index) + character + key.text.slice(index + 1));
        expect(['typo', 'look_alike']).toContain(fault.kind);
        expect(fault.position).toBe(index + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('finds two neighbours that changed places', () => {
    const index = 30;
    const swapped = [...sample.text];
    [swapped[index], swapped[index + 1]] = [swapped[index + 1] ?? '', swapped[index] ?? ''];
    expect(faultOf(swapped.join(''))).toMatchObject({ kind: 'typo', position: index + 1 });
  });

  it('says nothing of a key beyond one character', () => {
    fc.assert(
      fc.property(anyKey, fc.nat(58), (key, index) => {
        const fault = faultOf(`${key.text.slice(0, index)}*${key.text.slice(index + 1)}`);
        expect(fault.message).not.toContain(key.secret.slice(0, 4));
      }),
    );
  });
});

describe('input for a new key', () => {
  const input = {
    name: 'Miner ingest',
    platform: 'hashinsight',
    environment: 'prod',
    scopes: ['sli:write', 'sli:write'],
  };

  it('fills in what most keys are and makes scopes a set', () => {
    expect(createKeyInput.parse(input)).toMatchObject({
      ownerId: null,
      scopes: ['sli:write'],
      ipAllow: [],
      rateLimitPerMin: null,
      delivery: { kind: 'show' },
    });
  });

  it.each([
    ['what is no scope', { scopes: ['SLO read'] }],
    ['scope only people may hold', { scopes: ['users:write'] }],
    ['no scope', { scopes: [] }],
    ['endless life', { lifeDays: 10_000 }],
    ['fraction of a day', { lifeDays: 1.5 }],
    ['odd prefix', { prefix: 'H S' }],
    ['unknown field', { isAdmin: true }],
  ])('refuses %s', (_name, change) => {
    expect(createKeyInput.safeParse({ ...input, ...change }).success).toBe(false);
  });

  it('offers scopes of the catalog only, without the acts of people', () => {
    expect(keyScopes).toEqual([
      'slo:read',
      'slo:write',
      'slo:exclude',
      'platforms:read',
      'changes:read',
      'changes:write',
      'oncall:read',
      'health:read',
      'metrics:read',
      'audit:read',
      'api-keys:read',
      'keys:verify',
      'secrets:read',
      'users:read',
      'users:authorize',
      'roles:read',
      'approvals:read',
      'sli:write',
    ]);
  });

  it.each(peopleOnly)('refuses %s and says why', (scope) => {
    const { error } = createKeyInput.safeParse({ ...input, scopes: ['slo:read', scope] });
    expect(error?.issues).toMatchObject([{ path: ['scopes', 1] }]);
    expect(error?.issues[0]?.message).toContain(
      `${scope} is for people only; use scopes of the platform or of slo:read`,
    );
  });
});
