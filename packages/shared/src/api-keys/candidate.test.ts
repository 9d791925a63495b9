import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32ByBits as crc32 } from './crc32-by-bits.ts';
import { candidateOf, formatKey, formatShortKey, keyLike, parseKey } from './index.ts';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 37 + 11) % 248);
const long = formatKey({ prefix: 'hsi', environment: 'prod' }, bytes, crc32);
const short = formatShortKey({ prefix: 'hsi', environment: 'dev' }, bytes);
const elsewhere = 'a3f1'.repeat(16);

describe('what a text can be', () => {
  it('tells the three formats apart', () => {
    expect(candidateOf(long.text, crc32)).toEqual({
      format: 'v2',
      text: long.text,
      prefix: 'hsi',
      environment: 'prod',
      kid: long.kid,
    });
    expect(candidateOf(short.text, crc32)).toEqual({ format: 'seed16', ...short });
    expect(candidateOf(elsewhere, crc32)).toEqual({ format: 'opaque', text: elsewhere });
  });

  it.each([
    ['nothing', ''],
    ['too short', 'a'.repeat(15)],
    ['too long', 'a'.repeat(129)],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['a megabyte that begins well', `hsi_prod_key_${'a'.repeat(1_000_000)}`],
    ['a blank inside', `${elsewhere.slice(0, 20)} ${elsewhere.slice(20)}`],
    ['NUL', `${elsewhere}\0`],
    ['line break at the end', `${short.text}\n`],
    ['full-width letters', 'ｈｓｉ＿ｐｒｏｄ＿ｋｅｙ＿ａ１ｂ２ｃ３ｄ４ｅ５ｆ６'],
    ['a key of ours, one character short', long.text.slice(0, -1)],
    ['a key of ours, one too many', `${long.text}x`],
    ['a key of ours for another environment', long.text.replace('prod', 'dev')],
    ['a key of ours in capitals', long.text.toUpperCase()],
    ['a short key, one character short', short.text.slice(0, -1)],
  ])('takes %s for no key', (_name, text) => {
    expect(candidateOf(text, crc32)).toBeNull();
  });

  it('takes any 16 to 128 printable characters for a key made elsewhere, unless they are of our family', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{16,128}$/), (text) => {
        fc.pre(!/_key_/i.test(text));
        expect(candidateOf(text, crc32)).toEqual({ format: 'opaque', text });
      }),
    );
  });
});

describe('the short form', () => {
  it('has the shape of the manual and is found where it must not be', () => {
    expect(short.text).toMatch(/^hsi_dev_key_[0-9A-Za-z]{16}$/);
    expect(keyLike.test(`GET /x?key=${short.text}`)).toBe(true);
    expect(parseKey(short.text, crc32)).toEqual({ ok: true, key: { format: 'seed16', ...short } });
  });

  it('names the look-alike a manual brought in', () => {
    const parsed = parseKey('hsı_dev_key_a1b2c3d4e5f6g7h8', crc32);
    expect(parsed).toMatchObject({ ok: false, fault: { kind: 'look_alike', position: 3 } });
  });

  it('is measured by its own length where that is nearer', () => {
    const parsed = parseKey(`${short.text}xy`, crc32);
    expect(parsed).toMatchObject({ fault: { message: expect.stringContaining('short form has 16') as string } });
    expect(parseKey(`${long.text}x`, crc32)).toMatchObject({
      fault: { message: expect.stringContaining('a key has 46') as string },
    });
  });

  it('refuses a prefix that would not survive a round trip', () => {
    expect(() => formatShortKey({ prefix: 'A1', environment: 'dev' }, bytes)).toThrow(RangeError);
  });
});
