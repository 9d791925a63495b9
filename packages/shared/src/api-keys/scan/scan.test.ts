import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShortKey } from '../candidate.ts';
import { crc32ByBits as crc32 } from '../crc32-by-bits.ts';
import { formatKey } from '../format.ts';
import { scannerPatterns } from './patterns.ts';
import { indexPrefixes } from './prefixes.ts';
import { MAX_SCAN_CANDIDATES, MAX_SCAN_LENGTH, scanForKeys, scanInSlices } from './scan.ts';
import { inOneGo, SCAN_SLICE_LENGTH } from './slices.ts';

const options = { crc32, prefixes: ['hsi', 'w3a'], opaque: false };
const bytesFrom = (seed: number) => {
  let state = seed >>> 0 || 1;
  return (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
};
const longKey = (seed: number) => formatKey({ prefix: 'hsi', environment: 'prod' }, bytesFrom(seed), crc32).text;
const shortKey = (seed: number) => formatShortKey({ prefix: 'w3a', environment: 'staging' }, bytesFrom(seed)).text;
const anyKey = fc.tuple(fc.boolean(), fc.integer()).map(([isLong, seed]) => (isLong ? longKey(seed) : shortKey(seed)));
const found = (text: string) => scanForKeys(text, options).map((c) => c.text);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Base64 of a text of ASCII by its bits, apart from what the scanner does. */
const base64 = (text: string) => {
  const bits = [...text].map((c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,6}/g) ?? [];
  const letters = groups.map((six) => alphabet.charAt(parseInt(six.padEnd(6, '0'), 2))).join('');
  return letters.padEnd(Math.ceil(letters.length / 4) * 4, '=');
};

/** Prose without anything a key could be glued to. */
const prose = fc
  .array(fc.constantFrom(' ', '\n', 'log: ', '"', ' = ', '×', '🔑', '/', '('))
  .map((parts) => parts.join(''));

describe('finding keys in a text', () => {
  it('finds every key wherever it stands, and its line', () => {
    fc.assert(
      fc.property(anyKey, prose, prose, (key, before, behind) => {
        const [hit] = scanForKeys(`${before}${key} ${behind}`, options);
        expect(hit).toMatchObject({ text: key, form: 'plain', isCertain: true, line: before.split('\n').length });
      }),
    );
  });

  it.each<[string, (key: string) => string]>([
    ['percent escapes', (key) => key.replaceAll('_', '%5f')],
    ['percent escapes, twice', (key) => encodeURIComponent(key.replaceAll('_', '%5F'))],
    ['escapes of JSON', (key) => JSON.stringify({ key }).replaceAll('_', '\\u005f')],
    ['escapes of C', (key) => key.replaceAll('h', '\\x68')],
    ['entities of HTML', (key) => key.replaceAll('_', '&#95;').replaceAll('k', '&#x6b;')],
    ['the dotless i of the manual', (key) => key.replace('hsi', 'hsı')],
    ['a Cyrillic letter', (key) => key.replace('hsi', 'hѕi')],
    ['full-width letters', (key) => key.replace('prod', 'ｐｒｏｄ')],
    ['invisible characters', (key) => [...key].join('\u200b')],
    ['dashes for underscores', (key) => key.replaceAll('_', '-')],
    ['a one for an i', (key) => key.replace('hsi', 'hs1')],
    ['a line end inside', (key) => `${key.slice(0, 30)}\n   ${key.slice(30)}`],
    ['a written line end inside', (key) => `${key.slice(0, 20)}\\n${key.slice(20)}`],
    ['two strings put together', (key) => `"${key.slice(0, 8)}" +\n  "${key.slice(8)}"`],
    ['something glued in front', (key) => `token4${key}`],
    ['base64', (key) => base64(key)],
    ['base64 of a header', (key) => base64(`Authorization: Bearer ${key}\r\nAccept: */*`)],
    ['base64, one byte on', (key) => base64(`x${key}`)],
    ['base64, two bytes on', (key) => base64(`xy${key}`)],
    ['base64 in lines of 64', (key) => base64(`user name:${key}, and more`).replaceAll(/.{64}/g, '$&\n')],
    ['base64url', (key) => base64(`??>>${key}`).replaceAll('+', '-').replaceAll('/', '_')],
    ['base64 in an address', (key) => encodeURIComponent(base64(`{"k":"${key}"}`))],
  ])('finds one with %s', (_name, spoil) => {
    for (const seed of [1, 2, 3, 4]) expect(found(`note: ${spoil(longKey(seed))} end`)).toContain(longKey(seed));
  });

  it('finds short keys in the same disguises', () => {
    for (const seed of [1, 2, 3]) {
      const key = shortKey(seed);
      for (const text of [base64(`a ${key} b`), key.replaceAll('_', '%5f'), `${key.slice(0, 17)}\n${key.slice(17)}`]) {
        expect(found(`see ${text} .`)).toContain(key);
      }
    }
  });

  it('is sure of nothing whose form does not tell', () => {
    const [hit] = scanForKeys('write hsi_prod_key_ and then the sixteen characters', options);
    expect(hit?.isCertain).toBe(false);
    expect(found(longKey(5).slice(0, -1))).not.toContain(longKey(5));
    expect(found('hsi_live_key_0123456789abcdef')).toEqual([]);
  });

  it('takes tokens for keys only where there are keys made elsewhere', () => {
    const token = 'c0ffee00c0ffee00c0ffee00c0ffee00';
    expect(found(`key=${token}`)).toEqual([]);
    expect(scanForKeys(`key=${token}`, { ...options, opaque: true }).map((c) => c.text)).toContain(token);
  });

  it('names each key once', () => {
    const key = longKey(9);
    expect(found(`${key}\n${key} ${base64(key)}`)).toEqual([key]);
  });

  it('never fails on a text within its bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(Array.isArray(scanForKeys(text, { ...options, opaque: true }))).toBe(true);
      }),
    );
  });
});

describe('bounds of a search', () => {
  it('refuses a longer text, and more candidates than are looked up', () => {
    expect(() => found('a'.repeat(MAX_SCAN_LENGTH + 1))).toThrow('split it');
    const many = Array.from({ length: MAX_SCAN_CANDIDATES + 1 }, (_, i) => `token${String(i).padStart(12, '0')}`);
    expect(() => scanForKeys(many.join(' '), { ...options, opaque: true })).toThrow('split the text');
  });

  /** Steps are counted by what is asked of the checksum: how often a text is tried as a key. */
  const tries = (text: string): number => {
    let count = 0;
    scanForKeys(text, { ...options, crc32: (t) => (count++, crc32(t)) });
    return count;
  };

  it.each(['a', 'hsi_prod_key_', '_key_', 'X2tleV8', '%5f', '\\u005f', 'ı', 'hsi_prod_key_0123456789abcdef'])(
    'takes no more than its length in tries: 5 MB of %s',
    (piece) => {
      const text = piece.repeat(Math.floor(MAX_SCAN_LENGTH / piece.length));
      let count = 0;
      try {
        count = tries(text);
      } catch (error) {
        expect(String(error)).toContain('split the text');
      }
      expect(count).toBeLessThan(text.length);
    },
  );

  it('tries twice as often in twice the text', () => {
    const text = (copies: number) => `${longKey(1).slice(0, -1)}0 `.repeat(copies);
    expect(tries(text(2_000))).toBeLessThanOrEqual(2 * tries(text(1_000)) + 100);
  });
});

describe('a search in slices', () => {
  const disguises: ((key: string) => string)[] = [
    (key) => key,
    (key) => `token4${key}`,
    (key) => key.replaceAll('_', '%255f'),
    (key) => JSON.stringify({ key }).replaceAll('_', '\\u005f'),
    (key) => key.replace('prod', 'ｐｒｏｄ').replace('hsi', 'hs1'),
    (key) => `${key.slice(0, 9)}\\n 🔑 \n${key.slice(9)}`,
    (key) => base64(`é ${key}`).replaceAll(/.{20}/g, '$&\n'),
    (key) => `${key.slice(5)} c0ffee00c0ffee00c0ffee00`,
  ];
  const piece = fc.tuple(anyKey, fc.constantFrom(...disguises)).map(([key, disguise]) => disguise(key));
  const text = fc.array(fc.oneof(piece, prose, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 8 });

  it('finds the same wherever the slices end', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 16, max: 90 }), (parts, sliceLength) => {
        const all = { ...options, opaque: true };
        const whole = scanForKeys(parts.join(' '), all);
        const sliced = inOneGo(scanInSlices(parts.join(' '), all, sliceLength));
        const byText = (a: { text: string }, b: { text: string }) => (a.text < b.text ? -1 : 1);
        expect(sliced.toSorted(byText)).toEqual(whole.toSorted(byText));
      }),
    );
  });

  it.each(['a', 'word and ', 'hsi_prod_key_', `X2tleV8${' and words'.repeat(6)}`, '%5f', '각', 'a1b2c3d4e5f6g7h8 \n'])(
    'lets others go first after each slice: 1 MB of %s',
    (repeated) => {
      const length = 1_000_000;
      const all = { ...options, opaque: true };
      let stops = 0;
      for (const _ of scanInSlices(repeated.repeat(length / repeated.length), all)) stops += 1;
      // Several views of the text are made and searched.
      expect(stops).toBeGreaterThan(4 * Math.floor(length / SCAN_SLICE_LENGTH));
    },
  );
});

describe('prefixes in use', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => `aaaaa${i.toString(36).padStart(3, '0')}`);
  const twins = ['o', '0'].flatMap((a) => ['i', '1', 'l'].flatMap((b) => ['s', '5'].map((c) => `q${a}${b}${c}`)));

  it('cost no more tries, however many there are and however alike', () => {
    const lines = `${longKey(1).replace('hsi', 'aaaaaaaa').slice(0, -1)}0 ${longKey(2).replace('hsi', 'qois')} `.repeat(
      500,
    );
    const triesWith = (prefixes: readonly string[]): number => {
      let count = 0;
      scanForKeys(lines, { crc32: (t) => (count++, crc32(t)), prefixes, opaque: false });
      return count;
    };
    expect(triesWith([...many, ...twins])).toBeLessThanOrEqual(triesWith(many.slice(0, 1)) + 2 * 4 * 1_000);
  });

  it('are found when glued to something and when written in look-alikes', () => {
    const index = indexPrefixes([...many, 'hsi', 'si', 'w3a']);
    expect(index.endingIn('xxhsi').toSorted()).toEqual(['hsi', 'si']);
    expect(index.meantBy('hs1')).toEqual(['hsi']);
    expect(index.meantBy('hsi')).toEqual([]);
    expect(indexPrefixes(twins).meantBy('qo1s')).toHaveLength(4);
    expect(indexPrefixes([]).endingIn('hsi')).toEqual([]);
  });
});

describe('patterns for other scanners', () => {
  it('match our keys and nothing shorter', () => {
    const { expression, gitleaks } = scannerPatterns(['w3a', 'hsi']);
    const whole = new RegExp(`^${expression}$`);
    for (const key of [longKey(1), shortKey(1)]) expect(key).toMatch(whole);
    expect('hsi_prod_key_0123').not.toMatch(whole);
    expect('abc_prod_key_0123456789abcdef').not.toMatch(whole);
    expect('abc_prod_key_0123456789abcdef').toMatch(new RegExp(`^${scannerPatterns([]).expression}$`));
    expect(gitleaks).toContain(expression);
  });
});
