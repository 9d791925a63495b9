import { describe, expect, it } from 'vitest';
import { createSealing } from './sealing.ts';

const password = 'an encryption password of some length';
const sealing = createSealing(password);
const place = 'totp_factors:totp_1';

describe('sealing', () => {
  it('gives back what was sealed, also after a restart', () => {
    const sealed = sealing.seal('JBSWY3DPEHPK3PXP \u{1f511}', place);
    expect(sealing.open(sealed, place)).toBe('JBSWY3DPEHPK3PXP \u{1f511}');
    expect(createSealing(password).open(sealed, place)).toBe('JBSWY3DPEHPK3PXP \u{1f511}');
    expect(sealing.open(sealing.seal('', place), place)).toBe('');
  });

  it('never gives the same bytes twice, and never the text', () => {
    const first = Buffer.from(sealing.seal('secret text', place));
    expect(first.equals(Buffer.from(sealing.seal('secret text', place)))).toBe(false);
    expect(first.includes('secret')).toBe(false);
  });

  it('refuses a change of any byte, and a shorter one', () => {
    const sealed = sealing.seal('secret text', place);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => sealing.open(changed, place), `byte ${i}`).toThrow('cannot be opened');
    }
    for (const length of [0, 1, 28, sealed.length - 1]) {
      expect(() => sealing.open(sealed.subarray(0, length), place), `${length} bytes`).toThrow('cannot be opened');
    }
  });

  it('refuses a value moved to another row or table', () => {
    const sealed = sealing.seal('secret text', place);
    expect(() => sealing.open(sealed, 'totp_factors:totp_2')).toThrow('cannot be opened');
    expect(() => sealing.open(sealed, 'oidc_providers:totp_1')).toThrow('cannot be opened');
  });

  it('refuses another password', () => {
    const sealed = sealing.seal('secret text', place);
    expect(() => createSealing(`${password}!`).open(sealed, place)).toThrow('ENCRYPTION_PASSWORD');
  });
});
