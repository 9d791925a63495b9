import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32ByBits as crc32 } from './crc32-by-bits.ts';
import { formatKey, importKeyInput, readForeignKey } from './index.ts';

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 37 + 11) % 248);
const own = formatKey({ prefix: 'hsi', environment: 'prod' }, bytes, crc32).text;
const elsewhere = 'made-elsewhere-0123456789';

describe('a text that is to be taken in', () => {
  it('is of the short form, which says where it is for, or of none of ours', () => {
    const short = readForeignKey('hsi_dev_key_k3m9r7w2c5x8v1n4', crc32);
    expect(short).toEqual({ ok: true, form: { format: 'seed16', prefix: 'hsi', environment: 'dev' } });
    const other = readForeignKey(elsewhere, crc32);
    expect(other).toEqual({ ok: true, form: { format: 'opaque', prefix: '', environment: null } });
  });

  it.each([
    ['empty', '', /at least 16 characters/],
    ['too short', 'fifteen-letters', /at least 16 characters/],
    ['too long', `${elsewhere}${'x'.repeat(110)}`, /at most 128 characters/],
    ['a megabyte', 'a'.repeat(1_000_000), /at most 128 characters/],
    ['too simple', 'abab'.repeat(8), /too simple/],
    ['too simple, in the short form', `aa_dev_key_${'a'.repeat(16)}`, /too simple/],
    ['ours', own, /made here; create a key instead/],
    ['ours and cut off', own.slice(0, -3), /here are 43 \(3 missing\)/],
    ['ours with a look-alike', own.replace('prod', 'prοd'), /Look-alike character at position 7: U\+03BF/],
    ['in full-width letters', `ｈ${elsewhere}`, /Look-alike character at position 1: U\+FF48 stands where "h"/],
    ['with a blank', elsewhere.replace('5', ' '), /blank or an invisible character at position 21/],
    ['with a NUL', `${elsewhere}\u0000`, /invisible character at position \d+/],
    ['with a letter no key has', `${elsewhere}漢`, /cannot stand in a key/],
  ])('is refused when it is %s', (_, text, message) => {
    expect(readForeignKey(text, crc32)).toEqual({ ok: false, message: expect.stringMatching(message) as string });
  });

  it('is taken only if the server takes it, and every refusal is a sentence', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 140 }), fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
        const read = readForeignKey(text, crc32);
        if (read.ok) expect(importKeyInput.shape.text.safeParse(text).success).toBe(true);
        else expect(read.message).toMatch(/^\P{Ll}.*[.!?]$/su);
      }),
    );
  });
});
