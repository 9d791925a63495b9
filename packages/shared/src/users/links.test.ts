import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyResetLinkInput,
  inviteInput,
  issuerUrl,
  oidcRefusals,
  oidcRefusalWords,
  returnPath,
  roleName,
  saveOidcProviderInput,
} from './index.ts';

const ada = { name: 'Ada', email: 'ada@example.com', role: 'support', platform: '*', reason: 'asked for' };

describe('invitation', () => {
  it('lasts three days and is mailed unless said otherwise', () => {
    expect(inviteInput.parse(ada)).toEqual({ ...ada, lifeMs: 259_200_000, grantExpiresAt: null, sendMail: true });
  });

  it.each([
    ['59 minutes', { lifeMs: 3_540_000 }],
    ['15 days', { lifeMs: 15 * 86_400_000 }],
    ['an unknown role', { role: 'Owner' }],
    ['a prototype name', { role: 'constructor' }],
    ['a field of somebody else', { state: 'active' }],
    ['no reason', { reason: ' ' }],
    ['an end no database could read back', { grantExpiresAt: Date.UTC(10_000, 0) }],
  ])('refuses %s', (_name, change) => {
    expect(inviteInput.safeParse({ ...ada, ...change }).success).toBe(false);
  });

  it('knows built-in roles by name and others by id', () => {
    expect(roleName.safeParse('owner').success).toBe(true);
    expect(roleName.safeParse('role_aB3-_x').success).toBe(true);
    expect(roleName.safeParse('role_../owner').success).toBe(false);
  });
});

describe('issuer', () => {
  it.each([
    'https://id.example.com',
    'https://id.example.com/realms/one/',
    'http://localhost:8080',
    'http://[::1]:80/x',
  ])('takes %s', (text) => expect(issuerUrl.safeParse(text).success).toBe(true));

  it.each([
    'http://id.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'ftp://localhost',
    'https://user:secret@id.example.com',
    'https://id.example.com/?a=1',
    'https://id.example.com/#x',
    'javascript:alert(1)',
    'id.example.com',
  ])('refuses %s', (text) => expect(issuerUrl.safeParse(text).success).toBe(false));

  it('takes no client secret that breaks a header', () => {
    const provider = {
      id: null,
      version: 0,
      name: 'ID',
      issuer: 'https://id.example.com',
      clientId: 'qd',
      isEnabled: true,
    };
    expect(saveOidcProviderInput.safeParse({ ...provider, clientSecret: 'plain' }).success).toBe(true);
    expect(saveOidcProviderInput.safeParse({ ...provider, clientSecret: 'a\r\nb' }).success).toBe(false);
  });
});

describe('way back', () => {
  it.each([
    ['/slos/slo_1?range=7d#chart', '/slos/slo_1?range=7d#chart'],
    ['/', '/'],
    [undefined, '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/a/..//evil.example', '/'],
    ['/./\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    [`/${'a'.repeat(600)}`, '/'],
  ])('%s leads to %s', (text, path) => expect(returnPath(text)).toBe(path));

  it('never leads off the console', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      'evil.example',
      'http',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        expect(returnPath(parts.join(''))).toMatch(/^\/(?!.*\\)(?!\/)\S*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('refusals of a provider', () => {
  it('each tell what to do, and nothing else is put into words', () => {
    for (const refusal of oidcRefusals) expect(oidcRefusalWords(refusal)).toMatch(/^\p{Lu}.{20,}\.$/u);
    expect(oidcRefusalWords('<script>')).toBeNull();
    expect(oidcRefusalWords('toString')).toBeNull();
  });
});

it('a link back in takes a new password only by the rules', () => {
  const token = 'a'.repeat(43);
  expect(applyResetLinkInput.safeParse({ token }).success).toBe(true);
  expect(applyResetLinkInput.safeParse({ token, password: 'short' }).success).toBe(false);
  expect(applyResetLinkInput.safeParse({ token, userId: 'usr_1' }).success).toBe(false);
});
