import { createHash, createSecretKey } from 'node:crypto';
import { createFakeOidc } from '../src/adapters/oidc/fake.ts';
import type { UsersDeps } from '../src/features/users/service/deps.ts';
import { createPasswords } from '../src/platform/password.ts';
import { createSealing } from '../src/platform/sealing.ts';
import { createThrottle } from '../src/platform/throttle.ts';

/** Verbs about people with a password hash that costs nothing, for tests that sign in a hundred times. */
export function quickUsersDeps(): UsersDeps {
  return {
    passwords: createPasswords(({ password, salt, length }) =>
      Promise.resolve(createHash('sha256').update(salt).update(password).digest().subarray(0, length)),
    ),
    throttle: createThrottle(createSecretKey(Buffer.alloc(32, 7))),
    sealing: createSealing('a password for tests that is long enough'),
    recoveryKey: createSecretKey(Buffer.alloc(32, 9)),
    canMail: true,
    oidc: createFakeOidc({ issuer: 'https://id.example', clientId: 'quarterdeck' }),
  };
}

/** A password every rule accepts. */
export const testPassword = 'correct horse battery staple';
