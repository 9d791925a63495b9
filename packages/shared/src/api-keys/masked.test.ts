import { describe, expect, it } from 'vitest';
import { toJsonObject } from '../audit/index.ts';
import { prose } from '../slo/plain-text.ts';
import { actReason, personName } from '../users/index.ts';
import { holdsKey, maskedKeys } from './masked.ts';

const secret = 'Zz9'.repeat(13).slice(0, 38);
const long = `hsi_prod_key_a1B2c3D4${secret}`;
const short = 'hsi_prod_key_0123456789abcdef';

describe('a key somebody typed where it does not belong', () => {
  it.each([
    [`it is ${long}, sorry`, 'it is hsi_prod_key_a1B2c3D4…, sorry'],
    [`${short} and ${long}`, 'hsi_prod_key_… and hsi_prod_key_a1B2c3D4…'],
    [`token4${long}`, 'token4hsi_prod_key_a1B2c3D4…'],
    ['hsi_prod_key_a1B2c3D4…', 'hsi_prod_key_a1B2c3D4…'],
    ['the key of miners', 'the key of miners'],
  ])('%s', (text, masked) => {
    expect(maskedKeys(text)).toBe(masked);
    expect(maskedKeys(masked)).toBe(masked);
  });

  it('is known in full-width letters as well', () => {
    const wide = [...long].map((c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)).join('');
    expect([long, wide, `x${short}`, 'hsi_prod_key_a1B2c3D4…', 'Miner ingest'].map(holdsKey)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['a reason', actReason],
    ['a name', personName],
    ['a text of some lines', prose(500)],
  ])('is refused in %s, in words that repeat nothing of it', (_name, schema) => {
    const refused = schema.safeParse(`leaked: ${long}`);
    const [issue] = refused.error?.issues ?? [];
    expect(issue?.message).toMatch(/^contains an API key; take it out/);
    expect(JSON.stringify(refused.error?.issues)).not.toContain(secret.slice(0, 12));
    expect(schema.safeParse('The key hsi_prod_key_a1B2c3D4… is no longer used').success).toBe(true);
  });

  it('stands in no value of the audit log', () => {
    const kept = toJsonObject({ reason: long, inner: [{ [long]: `x ${short}` }] });
    expect(kept).toEqual({
      reason: 'hsi_prod_key_a1B2c3D4…',
      inner: [{ 'hsi_prod_key_a1B2c3D4…': 'x hsi_prod_key_…' }],
    });
  });
});
