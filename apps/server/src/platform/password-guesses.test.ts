import { newPassword } from '@qd/shared/users';
import { describe, expect, it } from 'vitest';
import { assertHardToGuess, weaknessOf } from './password-guesses.ts';

const ada = { name: 'Ada Lovelace', email: 'ada.lovelace@engines.example' };

describe('a password that would be guessed soon', () => {
  it.each([
    ['on the list', 'passwordpassword'],
    ['on the list, in capitals', 'QWERTY123456789'],
    ['on the list, backwards', '987654321ytrewq'],
    ['two of the list', 'Password12345678'],
    ['one of the list in leet', 'P@ssw0rd12345678'],
    ['a row of keys', 'qwertyuiopasdfgh'],
    ['a run of letters', 'abcdefghijklmnop'],
    ['a season and a year, twice', 'Summer2026Summer2026'],
    ['a long repeat', 'password'.repeat(32)],
  ])('is refused: %s', async (_name, password) => {
    expect(newPassword.safeParse(password).success).toBe(true);
    expect(await weaknessOf(password, ada)).toBe('common');
  });

  it.each([
    ['the console', 'quarterdeck2026'],
    ['the console, twice', 'Quarterdeck quarterdeck'],
    ['the console in leet', 'qu4rt3rd3ck12345'],
    ['the person', 'ada lovelace 1815'],
    ['the person backwards', 'ecalevol ada 1815'],
    ['the address', 'ada.lovelace@engines.example'],
    ['the address with a tail', 'ada.lovelace@engines.example!1'],
    ['the domain', 'Engines.Example2026'],
  ])('is refused when built on %s', async (_name, password) => {
    expect(await weaknessOf(password, ada)).toBe('known');
  });

  it.each([
    ['four words', 'otter lantern gravel tuesday'],
    ['four words and the console', 'quarterdeck otter lantern gravel'],
    ['four words and the person', 'ada otter lantern gravel'],
    ['drawn letters', 'Zk3_9sdfKJ2lkj3lkDsk'],
    ['another script', 'правильная лошадь батарея'],
    ['a long sentence that begins with a repeat', `${'la'.repeat(40)} is how the otter sang on tuesday`],
    ['a long sentence that ends with a repeat', `is how the otter sang on tuesday ${'la'.repeat(40)}`],
    ['the longest', 'The quick otter jumps 7 lazy lanterns! '.repeat(7).slice(0, 256)],
  ])('is not: %s', async (_name, password) => {
    expect(await weaknessOf(password, ada)).toBeNull();
  });

  it('knows nothing of who has no name', async () => {
    expect(await weaknessOf('ada lovelace 1815 gravel', { name: '', email: '' })).toBeNull();
  });

  it('is refused with the field and the remedy, without a word of the password', async () => {
    const refusal = assertHardToGuess('quarterdeck2026', ada, 'newPassword');
    await expect(refusal).rejects.toMatchObject({
      code: 'invalid',
      message:
        'The password is built on the name of the person or of this console, or on their address; use e.g. four words that do not belong together.',
      fields: [{ field: 'newPassword', message: expect.stringContaining('four words') as string }],
    });
    await expect(assertHardToGuess('passwordpassword', ada, 'password')).rejects.toMatchObject({
      message: 'The password is among the first that attackers try; use e.g. four words that do not belong together.',
      fields: [{ field: 'password' }],
    });
  });
});
