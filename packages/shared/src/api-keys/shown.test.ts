import { describe, expect, it } from 'vitest';
import { idInKey, shownKey, withoutSecrets } from './shown.ts';

const key = { id: 'a1B2c3D4', prefix: 'hsi', environment: 'prod' as const };
const secret = 'Zz9'.repeat(13).slice(0, 38);

describe('what is shown of a key', () => {
  it.each([
    ['v2', 'hsi_prod_key_a1B2c3D4…'],
    ['seed16', 'hsi_prod_key_…, id a1B2c3D4'],
    ['opaque', 'made elsewhere, id a1B2c3D4'],
  ] as const)('names the id of a %s key', (format, words) => {
    expect(shownKey({ ...key, format })).toBe(words);
  });

  it('leaves no secret in what is searched for', () => {
    const whole = `hsi_prod_key_a1B2c3D4${secret}`;
    expect(withoutSecrets(`x ${whole} y`)).toBe('x hsi_prod_key_a1B2c3D4 y');
    expect(withoutSecrets('hsi_prod_key_0123456789abcdef')).toBe('hsi_prod_key_');
    expect(withoutSecrets('hsi_prod_key_a1B2c3D4…')).toBe('hsi_prod_key_a1B2c3D4…');
    expect(withoutSecrets('Miner ingest')).toBe('Miner ingest');
  });

  it('finds the id in what is shown', () => {
    expect(idInKey('hsi_prod_key_a1B2c3D4…')).toBe('a1B2c3D4');
    expect(idInKey('Miner ingest')).toBeNull();
  });
});
