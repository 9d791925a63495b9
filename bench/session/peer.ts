import { randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { sql } from 'drizzle-orm';
import type { Db } from '../../apps/server/src/db/client.ts';
import { coreSchema, coreTables } from './peer-tables.ts';

/** Asks better-auth who a session belongs to; throws when it says nobody. */
export type PeerCheck = () => Promise<void>;

/** better-auth over the very database and driver of the console, with `sessions` people signed in; a check asks for the next one. */
export async function openPeer(db: Db, sessions: number): Promise<PeerCheck> {
  for (const table of coreTables) await db.execute(sql.raw(table));
  const auth = betterAuth({
    secret: randomBytes(32).toString('base64url'),
    baseURL: 'http://localhost',
    database: drizzleAdapter(db, { provider: 'pg', schema: coreSchema }),
    emailAndPassword: {
      enabled: true,
      // Signing in is not what is measured.
      password: { hash: (password) => Promise.resolve(password), verify: () => Promise.resolve(true) },
    },
    session: { cookieCache: { enabled: false } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
  const signedIn: Headers[] = [];
  for (let i = 0; i < sessions; i += 1) {
    const body = { name: `Bench ${i}`, email: `peer${i}@example.com`, password: 'four plain words here' };
    const response = await auth.api.signUpEmail({ body, asResponse: true });
    const cookie = response.headers.getSetCookie().map((text) => text.split(';', 1)[0]);
    signedIn.push(new Headers({ cookie: cookie.join('; ') }));
  }
  let next = 0;
  return async () => {
    const headers = signedIn[next++ % signedIn.length] ?? new Headers();
    if ((await auth.api.getSession({ headers })) === null) throw new Error('better-auth does not know its session');
  };
}
