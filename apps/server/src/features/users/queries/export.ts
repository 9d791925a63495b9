import type { UserState } from '@qd/shared/users';
import { sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';

/** Which people leave. */
export interface ExportFilters {
  state?: UserState | undefined;
  platform?: string | undefined;
}

/** A person as exported. Instants are epoch ms. */
export interface ExportedPerson {
  id: string;
  email: string;
  email_key: string;
  name: string;
  state: UserState;
  origin: string;
  created_ms: number;
  seen_ms: number | null;
  grants: { role: string; platform: string }[];
  memberships: { role: string; platform: string; state: string }[];
}

/** Who is looked at, by whom: platforms on which the caller may export, `*` for all. */
export interface ExportScope {
  filters: ExportFilters;
  platforms: '*' | string[];
  now: Date;
}

/** How many people an export holds. */
export async function countExported(db: ReadDb, scope: ExportScope): Promise<number> {
  const result: unknown = await db.execute(sql`select count(*)::int as people from users u where ${conditions(scope)}`);
  return (result as { rows: { people: number }[] }).rows[0]?.people ?? 0;
}

/** People of an export after an address, by address. Roles elsewhere than on the platforms of the scope are left out. */
export async function selectExported(
  db: ReadDb,
  scope: ExportScope,
  page: { afterEmailKey: string | null; limit: number },
): Promise<ExportedPerson[]> {
  const { platforms, now } = scope;
  const inScope = (column: SQL) =>
    platforms === '*' ? sql`true` : sql`${column} = any(${sql.param(['*', ...platforms])}::text[])`;
  const result: unknown = await db.execute(sql`
    select u.id, u.email, u.email_key, u.name, u.state, u.origin,
      (extract(epoch from u.created_at) * 1000)::float8 as created_ms,
      (extract(epoch from u.last_seen_at) * 1000)::float8 as seen_ms,
      coalesce((
        select jsonb_agg(jsonb_build_object('role', coalesce(r.title, g.role), 'platform', g.platform) order by g.role, g.platform)
        from grants g left join roles r on r.id = g.role
        where g.user_id = u.id and (g.expires_at is null or g.expires_at > ${now.toISOString()}) and ${inScope(sql`g.platform`)}
      ), '[]') as grants,
      coalesce((
        select jsonb_agg(jsonb_build_object('role', m.role, 'platform', m.platform, 'state', m.state) order by m.platform)
        from memberships m where m.user_id = u.id and ${inScope(sql`m.platform`)}
      ), '[]') as memberships
    from users u
    where ${conditions(scope)} and ${page.afterEmailKey === null ? sql`true` : sql`u.email_key > ${page.afterEmailKey}`}
    order by u.email_key
    limit ${page.limit}`);
  return (result as { rows: ExportedPerson[] }).rows;
}

function conditions({ filters: { state, platform }, platforms, now }: ExportScope): SQL {
  const isOn = (names: SQL) => sql`(
    exists (select from grants g where g.user_id = u.id and g.platform = any(${names}) and (g.expires_at is null or g.expires_at > ${now.toISOString()}))
    or exists (select from memberships m where m.user_id = u.id and m.platform = any(${names})))`;
  return sql.join(
    [
      sql`true`,
      ...(state === undefined ? [] : [sql`u.state = ${state}`]),
      ...(platform === undefined ? [] : [isOn(sql`${sql.param([platform])}::text[]`)]),
      ...(platforms === '*' ? [] : [isOn(sql`${sql.param(platforms)}::text[]`)]),
    ],
    sql` and `,
  );
}
