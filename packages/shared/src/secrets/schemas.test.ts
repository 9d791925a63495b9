import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretInput, looksLikeValue, manualSchedules, recordRotationInput, updateSecretInput } from './index.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('telling a value from words', () => {
  it.each([
    'POSTGRES_PASSWORD',
    'S3_BACKUP_ACCESS_KEY_2',
    'StellarEscrowAdministratorPassword',
    'Datenbankzugangspasswort',
    'Rotated on 2026-11-21T14:00:05Z by Jun, ticket OPS-20261121',
    'https://git.example/ops/commit/3f786850e387550fdab836ed7e6dc881de23001b',
    'https://wiki.example/pages/550e8400-e29b-41d4-a716-446655440000/redis',
    'Add the new key to .env, then restart: docker compose restart api',
    '',
  ])('lets words pass: %s', (text) => {
    expect(looksLikeValue(text)).toBe(false);
  });

  it.each([
    ['a key of the manual', 'the key is hsi_prod_key_a1b2c3d4e5f6g7h8 now'],
    ['32 bytes in hex', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['20 bytes in hex outside a link', '3f786850e387550fdab836ed7e6dc881de23001b'],
    ['an assignment', 'REDIS_PASSWORD=q7Zp0Lw2Xv9Rk3Tn'],
    ['a token in a link', 'https://store.example/file?token=q7Zp0Lw2Xv9Rk3TnB5'],
    ['a block of a private key', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'],
    ['a number nobody writes', '12345678901234567890'],
  ])('finds %s', (_name, text) => {
    expect(looksLikeValue(text)).toBe(true);
  });

  it('finds random texts of 24 letters and digits, wherever they stand', () => {
    const random = fc
      .array(fc.constantFrom(...base62), { minLength: 24, maxLength: 64 })
      .map((letters) => letters.join(''))
      .filter((text) => /\d/.test(text));
    fc.assert(
      fc.property(random, fc.constantFrom('', 'set to ', 'PASSWORD='), (text, before) => {
        expect(looksLikeValue(`${before}${text}`)).toBe(true);
      }),
    );
  });
});

const secret = { platform: 'stellarescrow', name: 'POSTGRES_PASSWORD', cadence: 'yearly' };
const value = 'q7Zp0Lw2Xv9Rk3TnB5';

describe('an entry of the register', () => {
  it('fills in what is left out', () => {
    expect(createSecretInput.parse(secret)).toEqual({
      ...secret,
      description: '',
      ownerId: null,
      ownerName: '',
      procedure: '',
      procedureUrl: null,
      everyDays: null,
      lastRotatedAt: null,
    });
  });

  it.each(['name', 'description', 'ownerName', 'procedure'])(
    'refuses a value in %s and repeats nothing of it',
    (field) => {
      const { error } = createSecretInput.safeParse({ ...secret, [field]: value });
      expect(error?.issues.map((issue) => issue.path[0])).toContain(field);
      expect(JSON.stringify(error?.issues)).not.toContain(value);
      expect(error?.issues.some((issue) => issue.message.includes('never its value'))).toBe(true);
    },
  );

  it.each([
    ['a cadence of days without days', { cadence: 'days' }, 'everyDays'],
    ['days with another cadence', { everyDays: 3 }, 'everyDays'],
    ['half a day', { cadence: 'days', everyDays: 0.5 }, 'everyDays'],
    ['two owners', { ownerId: 'usr_1', ownerName: 'Somebody' }, 'ownerName'],
    ['a link without https', { procedureUrl: 'http://wiki.example' }, 'procedureUrl'],
    ['a script as a link', { procedureUrl: 'javascript:alert(1)' }, 'procedureUrl'],
    ['a link with a password', { procedureUrl: 'https://me:secret@wiki.example' }, 'procedureUrl'],
    ['a link with a token', { procedureUrl: `https://wiki.example/?t=${value}` }, 'procedureUrl'],
    ['a hidden character', { description: 'a\u202eb' }, 'description'],
    ['a NUL', { name: 'A\0B' }, 'name'],
    ['an unknown field', { value: 'x' }, undefined],
  ])('refuses %s', (_name, change, field) => {
    const { success, error } = createSecretInput.safeParse({ ...secret, ...change });
    expect(success).toBe(false);
    expect(error?.issues[0]?.path[0]).toBe(field);
  });

  it('cannot change its platform', () => {
    const change = { ...secret, id: 'sec_1', seenAt: 1 };
    expect(updateSecretInput.safeParse(change).success).toBe(false);
    expect(updateSecretInput.safeParse({ ...change, platform: undefined }).success).toBe(false);
  });

  it('wants evidence of a rotation, and no value in it', () => {
    const rotation = { id: 'sec_1', rotatedAt: 1, evidence: 'Ticket OPS-12' };
    expect(recordRotationInput.parse(rotation)).toEqual({ ...rotation, evidenceUrl: null });
    expect(recordRotationInput.safeParse({ ...rotation, evidence: '  ' }).success).toBe(false);
    expect(recordRotationInput.safeParse({ ...rotation, evidence: `now ${value}` }).success).toBe(false);
  });
});

it('the schedules of manuals are entries the register takes', () => {
  for (const [platform, entries] of Object.entries(manualSchedules)) {
    for (const entry of entries) expect(createSecretInput.safeParse({ ...entry, platform }).error).toBeUndefined();
    expect(new Set(entries.map((entry) => entry.name)).size).toBe(entries.length);
  }
});
