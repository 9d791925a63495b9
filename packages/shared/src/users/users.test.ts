import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOwnerInput, emailAddress, emailKey, newPassword, personName, presentedPassword } from './index.ts';

const messagesOf = (result: { error?: { issues: { message: string }[] } | undefined }): string =>
  (result.error?.issues ?? []).map((i) => i.message).join('; ');

describe('e-mail address', () => {
  it('drops blanks around it and compares without case', () => {
    expect(emailAddress.parse('  Ada.Lovelace@Example.com ')).toBe('Ada.Lovelace@Example.com');
    expect(emailKey('Ada@Example.COM')).toBe(emailKey('ada@example.com'));
  });

  it.each([
    ['right-to-left override', 'ada\u202e@example.com', 'hidden character at position 4'],
    ['zero-width space', 'a\u200bda@example.com', 'hidden character at position 2'],
    ['NUL', 'ada@exa\u0000mple.com', 'hidden character at position 8'],
    ['Cyrillic a', 'аda@example.com', 'plain letters'],
    ['no domain', 'ada', 'name@example.com'],
    ['two addresses', 'a@example.com,b@example.com', 'name@example.com'],
    ['too long', `${'a'.repeat(250)}@example.com`, 'too long'],
    ['huge', `${'a'.repeat(2_000_000)}@example.com`, 'too long'],
  ])('refuses %s and says why', (_name, text, words) => {
    const result = emailAddress.safeParse(text);
    expect(result.success).toBe(false);
    expect(messagesOf(result)).toContain(words);
  });

  it('never gives anything but one line of printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = emailAddress.safeParse(`${text}@example.com`);
        if (result.success) expect(result.data).toMatch(/^[\u0021-\u007e]+$/);
      }),
    );
  });
});

describe('name', () => {
  it.each([
    ['  Ada \t  Lovelace ', 'Ada Lovelace'],
    ['Zoe\u0308', 'Zoë'],
    ['می‌خواهم', 'می‌خواهم'],
    ['<img onerror=alert(1)>', '<img onerror=alert(1)>'],
  ])('takes %j as %j', (text, name) => {
    const cleaned = text.replace('\t', ' ');
    expect(personName.parse(cleaned)).toBe(name);
  });

  it.each([
    ['nothing', '   '],
    ['line break', 'Ada\nLovelace'],
    ['right-to-left override', 'Ada\u202eecalevoL'],
    ['isolate', 'Ada\u2066'],
    ['byte order mark', '\ufeffAda'],
    ['lone surrogate', 'Ada\ud800'],
    ['a letter that is drawn as nothing', 'Ada\u3164'],
    ['an empty pattern of dots', 'Ada\u2800'],
    ['nothing but a joiner', '\u200d'],
    ['nothing but an accent', '\u0301'],
    ['101 characters', 'a'.repeat(101)],
    ['200 kB', 'a'.repeat(200_000)],
  ])('refuses %s', (_name, text) => {
    expect(personName.safeParse(text).success).toBe(false);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(personName.safeParse('🜂'.repeat(100)).success).toBe(true);
    expect(personName.safeParse('🜂'.repeat(101)).success).toBe(false);
  });
});

describe('password', () => {
  it('takes long phrases of any characters, composed one way', () => {
    expect(newPassword.parse('cafe\u0301 au lait bien chaud')).toBe('café au lait bien chaud');
    expect(presentedPassword.parse('cafe\u0301')).toBe('café');
    expect(newPassword.safeParse('correct horse').success).toBe(false);
    expect(newPassword.safeParse('correct horse battery').success).toBe(true);
  });

  it.each([
    ['14 characters', 'abcdefghijklmn'],
    ['14 characters that NFC makes from 15', 'abcdefghijklme\u0301'],
    ['one character over and over', 'a'.repeat(40)],
    ['257 characters', 'abcde'.repeat(52).slice(0, 257)],
    ['a megabyte', 'abcdefghij'.repeat(100_000)],
    ['a broken character', `correct horse battery ${'\ud800'}`],
  ])('refuses %s', (_name, text) => {
    expect(newPassword.safeParse(text).success).toBe(false);
  });

  it('says what to do', () => {
    expect(messagesOf(newPassword.safeParse('short'))).toBe('use at least 15 characters, e.g. four words');
  });
});

describe('first owner', () => {
  it('takes no field it does not know', () => {
    const input = { token: 'a'.repeat(43), name: 'Ada', email: 'a@example.com', password: 'correct horse battery' };
    expect(createOwnerInput.safeParse(input).success).toBe(true);
    expect(createOwnerInput.safeParse({ ...input, role: 'owner' }).success).toBe(false);
    expect(createOwnerInput.safeParse({ ...input, token: 'short' }).success).toBe(false);
  });
});
