import { randomUUID } from 'node:crypto';
import type { BuiltInRole } from '@qd/shared/permissions';
import type { NewLink } from '@qd/shared/users';
import { sql } from 'drizzle-orm';
import { selectLiveGrants } from '../src/db/queries/grants.ts';
import { grants } from '../src/db/schema/index.ts';
import type { UsersDeps } from '../src/features/users/service/deps.ts';
import { createUser } from '../src/features/users/service/people.ts';
import { createSession, lookupSession } from '../src/platform/session.ts';
import { ingest } from '../src/platform/write.ts';
import { testPassword } from './quick-users.ts';
import { testCtx, type TestCtx, type TestStores } from './stores.ts';

/** People of one test file, known by their first names; `NAME@example.com`. */
export function peopleOf(stores: () => TestStores, deps: UsersDeps) {
  const ids = new Map<string, string>();
  const tokens = new WeakMap<TestCtx, string>();
  return {
    /** Makes somebody who can sign in. */
    async add(name: string, role: BuiltInRole | null = null, platform = '*'): Promise<string> {
      const email = `${name}@example.com`;
      const person = { name, email, password: testPassword, role, platform };
      const { id } = await createUser(testCtx(stores()), deps, person);
      ids.set(name, id);
      return id;
    },
    /** Gives somebody a role past every rule. */
    async give(userId: string, role: BuiltInRole): Promise<void> {
      const grant = { id: `grt_${randomUUID()}`, userId, role, platform: '*', reason: 'test' };
      await stores()
        .db.insert(grants)
        .values({ ...grant, createdAt: stores().clock.now() });
    },
    /** Context of somebody in a session of their own. */
    async as(name: string): Promise<TestCtx> {
      const { db, clock } = stores();
      const userId = ids.get(name) ?? '';
      const from = { now: clock.now(), address: '127.0.0.1', userAgent: 'test browser' };
      const { token } = await ingest({ db }, async (tx) =>
        createSession(tx, { userId, grants: await selectLiveGrants(tx, userId, clock.now()) }, from),
      );
      const found = await lookupSession(testCtx(stores()), token);
      if (found === null) throw new Error(`${name} could not be signed in`);
      const ctx = testCtx(stores(), { actor: found.actor });
      tokens.set(ctx, token);
      return ctx;
    },
    /** True while the session of a context from `as` is live. */
    async isSignedIn(ctx: TestCtx): Promise<boolean> {
      return (await lookupSession(testCtx(stores()), tokens.get(ctx) ?? '', { touch: false })) !== null;
    },
  };
}

/** The token of a link that was shown. */
export function invitationLink(link: NewLink | null): string {
  const token = link?.path?.split('#')[1];
  if (token === undefined) throw new Error('no link was shown');
  return token;
}

/** Every row of every table as text, to look for what must not be stored. */
export async function secretsOf(stores: TestStores): Promise<string> {
  const tables = await column(
    stores,
    `select table_name as one from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const name of tables) texts.push(...(await column(stores, `select t::text as one from "${name}" t`)));
  return texts.join('\n');
}

async function column(stores: TestStores, statement: string): Promise<string[]> {
  const result: unknown = await stores.db.execute(sql.raw(statement));
  return (result as { rows: { one: string }[] }).rows.map((row) => row.one);
}
