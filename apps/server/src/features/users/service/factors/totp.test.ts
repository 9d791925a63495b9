import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpStep, totpUri } from './totp.ts';

// RFC 6238 appendix B, SHA-1: the last six of its eight digits.
const vectors = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;
const secret = Secret.fromLatin1('12345678901234567890').base32;
const at = (seconds: number) => new Date(seconds * 1_000);

describe('codes of an authenticator app', () => {
  it.each(vectors)('at %d s as in RFC 6238', (seconds, code) => {
    expect(totpStep(secret, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('pass one step early or late, and no further', () => {
    const [seconds, code] = vectors[3];
    const step = Math.floor(seconds / 30);
    const start = step * 30;
    for (const ok of [start - 30, start - 1, start, start + 29, start + 59]) {
      expect(totpStep(secret, code, at(ok)), `${ok - start} s`).toBe(step);
    }
    for (const off of [start - 31, start + 60, start + 300]) {
      expect(totpStep(secret, code, at(off)), `${off - start} s`).toBeNull();
    }
  });

  it('are refused when they are none', () => {
    for (const bad of ['000000', '', '28708', '2870821', 'abcdef']) {
      expect(totpStep(secret, bad, at(59)), bad).toBeNull();
    }
  });

  it('come of secrets of 160 bits that apps can read', () => {
    const fresh = newTotpSecret();
    expect(fresh).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(fresh);
    const uri = new URL(totpUri(fresh, 'ada+1@example.com'));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toContain('ada+1@example.com');
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      issuer: 'Quarterdeck',
      secret: fresh,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
