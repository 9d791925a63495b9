import { describe, expect, it } from 'vitest';
import { deviceWords } from './device-words.ts';
import { passkeyAssertion, recoveryCode, secondFactorInput, stepUpInput, totpCode } from './factors.ts';

const ticket = 'A'.repeat(43);

describe('codes', () => {
  it('of an app are six digits, blanks left out', () => {
    expect(totpCode.parse(' 123 456 ')).toBe('123456');
    for (const bad of ['12345', '1234567', '12345a', '', '１２３４５６']) {
      expect(totpCode.safeParse(bad).success, bad).toBe(false);
    }
  });

  it('for recovery are read as they look, however they are typed', () => {
    expect(recoveryCode.parse('ABCD-efgh-0123-4567')).toBe('abcdefgh01234567');
    expect(recoveryCode.parse('ilo0 1234 5678 9abc')).toBe('1100123456789abc');
    for (const bad of ['abcd', 'u'.repeat(16), 'a'.repeat(17), 'ä'.repeat(16)]) {
      expect(recoveryCode.safeParse(bad).success, bad).toBe(false);
    }
  });

  it('come one kind at a time, and nothing beside them', () => {
    expect(secondFactorInput.safeParse({ ticket, code: '123456' }).success).toBe(true);
    expect(secondFactorInput.safeParse({ ticket, recoveryCode: 'abcd-efgh-0123-4567' }).success).toBe(true);
    const both = { ticket, code: '123456', recoveryCode: 'abcd-efgh-0123-4567' };
    for (const bad of [
      both,
      { ticket },
      { ticket: 'x', code: '123456' },
      { ticket, code: '123456', userId: 'usr_1' },
    ]) {
      expect(secondFactorInput.safeParse(bad).success).toBe(false);
    }
  });
});

describe('proofs', () => {
  it('name their method and an act', () => {
    const act = 'a'.repeat(64);
    expect(stepUpInput.safeParse({ act, proof: { method: 'totp', code: '123456' } }).success).toBe(true);
    expect(stepUpInput.safeParse({ act, proof: { method: 'trust me' } }).success).toBe(false);
    expect(stepUpInput.safeParse({ act: 'A', proof: { method: 'totp', code: '123456' } }).success).toBe(false);
  });

  it('of a passkey are bounded, and what extensions say is dropped', () => {
    const response = { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA', userHandle: null };
    const answer = { id: 'AA', rawId: 'AA', type: 'public-key', clientExtensionResults: { largeBlob: 'x' }, response };
    expect(passkeyAssertion.parse(answer)).toMatchObject({ clientExtensionResults: {} });
    expect(passkeyAssertion.safeParse({ ...answer, id: 'A'.repeat(2_000) }).success).toBe(false);
    expect(passkeyAssertion.safeParse({ ...answer, id: '../etc' }).success).toBe(false);
  });
});

describe('devices', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['curl/8.1', 'curl'],
    ['', 'Unknown device'],
    ['<script>', 'Unknown device'],
  ])('%s', (userAgent, words) => {
    expect(deviceWords(userAgent)).toBe(words);
  });
});
