import { DomainError } from '@qd/shared/errors';
import { describe, expect, it } from 'vitest';
import { formatPhc, parsePhc } from './password-phc.ts';
import { createPasswords, currentParams, nativeArgon2id, wasmArgon2id, type Argon2id } from './password.ts';

const phrase = 'correct horse battery staple';

describe('argon2id', () => {
  // Made with the reference implementation: argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
  const input = {
    password: 'password',
    salt: Buffer.from('somesalt'),
    params: { memoryKib: 65_536, passes: 2, lanes: 1 },
    length: 32,
  };
  const expected = '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7';

  it('gives the bytes of the reference implementation', async () => {
    expect(Buffer.from(await wasmArgon2id(input)).toString('hex')).toBe(expected);
    expect(nativeArgon2id).toBeDefined();
    if (nativeArgon2id) expect(Buffer.from(await nativeArgon2id(input)).toString('hex')).toBe(expected);
  });

  it('reads hashes of the one implementation with the other', async () => {
    const native = createPasswords(nativeArgon2id);
    const wasm = createPasswords(wasmArgon2id);
    expect(await wasm.verify(await native.hash(phrase), phrase)).toBe(true);
    expect(await native.verify(await wasm.hash(phrase), phrase)).toBe(true);
    expect(await native.verify(await wasm.hash(phrase), `${phrase}.`)).toBe(false);
  });
});

describe('stored form', () => {
  it('is a PHC string with today’s cost and a salt of its own', async () => {
    const passwords = createPasswords();
    const [a, b] = await Promise.all([passwords.hash(phrase), passwords.hash(phrase)]);
    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(a).not.toBe(b);
    expect(passwords.isOutdated(a)).toBe(false);
    expect(passwords.isOutdated(a.replace('m=19456', 'm=12288'))).toBe(true);
  });

  it.each([
    ['another algorithm', '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApg8'],
    ['two gigabytes', '$argon2id$v=19$m=2097152,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApg8'],
    ['a plain text', phrase],
  ])('refuses %s', (_name, text) => {
    expect(() => parsePhc(text)).toThrow(Error);
  });

  it('survives a round trip', () => {
    const phc = { params: currentParams, salt: Buffer.alloc(16, 1), hash: Buffer.alloc(32, 2) };
    expect(parsePhc(formatPhc(phc))).toEqual(phc);
  });
});

describe('load', () => {
  /** Counts how many run at once; finishes when told. */
  const slow = () => {
    const running: (() => void)[] = [];
    const seen = { most: 0, calls: 0 };
    const compute: Argon2id = ({ length }) =>
      new Promise((done) => {
        running.push(() => done(new Uint8Array(length)));
        seen.calls += 1;
        seen.most = Math.max(seen.most, running.length);
      });
    const settle = async (until: () => boolean): Promise<void> => {
      while (!until()) {
        running.shift()?.();
        await Promise.resolve();
      }
    };
    return { compute, seen, settle };
  };

  it('runs at most four, lets 64 wait and refuses the rest', async () => {
    const { compute, seen, settle } = slow();
    const passwords = createPasswords(compute);
    let settled = 0;
    const all = Array.from({ length: 80 }, () =>
      passwords
        .hash(phrase)
        .catch((error: unknown) => error)
        .finally(() => void (settled += 1)),
    );
    await settle(() => settled === 80);
    const results = await Promise.all(all);
    const refused = results.filter((r) => r instanceof DomainError);
    expect(seen.most).toBeLessThanOrEqual(4);
    expect(seen.calls).toBe(80 - refused.length);
    expect(refused.length).toBeGreaterThanOrEqual(80 - 68);
    expect(refused[0]).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 2 });
  });

  it('works as hard for an unknown account as for a known one', async () => {
    const inputs: unknown[] = [];
    const passwords = createPasswords((input) => {
      inputs.push(input.params);
      return Promise.resolve(new Uint8Array(input.length));
    });
    const known = formatPhc({ params: currentParams, salt: Buffer.alloc(16), hash: Buffer.alloc(32) });
    expect(await passwords.verify(known, phrase)).toBe(true);
    expect(await passwords.verify(null, phrase)).toBe(false);
    expect(inputs).toEqual([currentParams, currentParams]);
  });

  it('never takes a null hash for a fit, whatever is computed', async () => {
    const passwords = createPasswords(({ length }) => Promise.resolve(new Uint8Array(length)));
    expect(await passwords.verify(null, phrase)).toBe(false);
  });
});
