import { sql } from 'drizzle-orm';
import type { Db } from '../../apps/server/src/db/client.ts';
import { platforms } from '../../apps/server/src/db/schema/index.ts';

const given =
  'Ada Alan Grace Edsger Barbara Donald Katherine Tim Radia Linus Margaret Dennis Hedy Claude Joan Niklaus Anita Ken Frances John'.split(
    ' ',
  );
const family =
  'Okafor Novak Watanabe Raman Eriksen Lind Bello Vidal Grant Zhang Silva Haddad Kowalski Moreau Petrov Nguyen Ferrari Jensen Suzuki Mbeki Castillo Weber Rossi Dubois Larsen'.split(
    ' ',
  );

const array = (names: readonly string[]) => sql.param(`{${names.join(',')}}`);

/**
 * Fills a directory: one in fifty has a role of the console, four in five an account on a platform, one in three was never
 * seen. Names repeat, as they do; addresses do not.
 */
export async function fillDirectory(db: Db, count: number, now: Date): Promise<void> {
  await db
    .insert(platforms)
    .values(['hashinsight', 'web3audit'].map((id) => ({ id, name: id, createdAt: now })))
    .onConflictDoNothing();
  const at = sql`${now.toISOString()}::timestamptz`;
  await db.execute(sql`
    insert into users (id, email, email_key, name, state, created_at, last_seen_at)
    select 'usr_' || i, key, key, g || ' ' || f, case when i % 97 = 0 then 'suspended' else 'active' end, ${at} - interval '1 year',
      case when i % 3 = 0 then null else ${at} - make_interval(mins => i) end
    from (
      select i, g, f, lower(g || '.' || f || i || '@' || (array['ops', 'mail', 'desk'])[1 + i % 3] || '.example') as key
      from generate_series(1, ${count}::int) as i
      cross join lateral (select
        (${array(given)}::text[])[1 + i % ${given.length}::int] as g,
        (${array(family)}::text[])[1 + (i / ${given.length}::int) % ${family.length}::int] as f) as named
    ) as person`);
  await db.execute(sql`
    insert into grants (id, user_id, role, platform, reason, created_at)
    select 'grt_' || i, 'usr_' || i, (array['support', 'operator', 'stakeholder', 'auditor', 'admin'])[1 + abs(hashint4(i)) % 5],
      (array['*', 'hashinsight', 'web3audit'])[1 + abs(hashint4(-i)) % 3], 'bench', ${at}
    from generate_series(50, ${count}::int, 50) as i`);
  await db.execute(sql`
    insert into memberships (id, user_id, platform, role, state, reason, created_at, updated_at)
    select 'mbr_' || i, 'usr_' || i, case when draw % 2 = 0 then 'hashinsight' else 'web3audit' end,
      case when draw % 2 = 0 then (array['client', 'client', 'broker', 'admin'])[1 + draw / 2 % 4] else (array['viewer', 'auditor'])[1 + draw / 2 % 2] end,
      'active', 'bench', ${at}, ${at}
    from generate_series(1, ${count}::int) as i
    -- Drawn, so that names and roles have nothing to do with each other.
    cross join lateral (select abs(hashint4(i)) as draw) as drawn
    where i % 5 <> 0`);
}

/** Somebody of the directory, as people would look for them. */
export function nameAt(i: number): { first: string; last: string; email: string } {
  const first = given[i % given.length] ?? '';
  const last = family[Math.floor(i / given.length) % family.length] ?? '';
  return { first, last, email: `${first}.${last}${i}@${['ops', 'mail', 'desk'][i % 3]}.example`.toLowerCase() };
}
