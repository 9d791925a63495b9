import { sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';

const texts = <Row>(rows: readonly Row[], read: (row: Row) => string | null) =>
  sql`${sql.param(rows.map(read))}::text[]`;

/** Who of these people was made use of since an import created them; its own invitation counts once it is accepted. */
export async function selectUsed(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const used = await tx.execute(sql`
    select u.id from users u
    where u.id in (select unnest(${sql.param(ids)}::text[])) and (
      u.password_hash is not null or u.last_seen_at is not null
      or exists (select from invitations i where i.user_id = u.id
        and (i.accepted_at is not null or i.created_at <> u.created_at))
      or exists (select from reset_links l where l.user_id = u.id)
      or exists (select from oidc_identities o where o.user_id = u.id)
      or exists (select from passkeys p where p.user_id = u.id))`);
  return new Set((used as unknown as { rows: { id: string }[] }).rows.map((row) => row.id));
}

/** Removes people with all they have. */
export async function deletePeople(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.execute(sql`delete from users where id in (select unnest(${sql.param(ids)}::text[]))`);
}

/** A grant as it was, to be put back; with `before` null it is removed. */
export interface GrantToRestore {
  userId: string;
  role: string;
  platform: string;
  before: {
    reason: string;
    grantedBy: string | null;
    createdAt: string;
    expiresAt: string | null;
    origin: string;
    importId: string | null;
  } | null;
}

/** Puts grants back as they were before the import. */
export async function restoreGrants(tx: Tx, importId: string, grants: readonly GrantToRestore[]): Promise<void> {
  const gone = grants.filter((g) => g.before === null);
  if (gone.length > 0) {
    await tx.execute(sql`
      delete from grants g
      using unnest(${texts(gone, (g) => g.userId)}, ${texts(gone, (g) => g.role)}, ${texts(gone, (g) => g.platform)})
        as t(user_id, role, platform)
      where g.user_id = t.user_id and g.role = t.role and g.platform = t.platform and g.import_id = ${importId}`);
  }
  const kept = grants.flatMap(({ before, ...key }) => (before === null ? [] : [{ ...key, ...before }]));
  if (kept.length === 0) return;
  await tx.execute(sql`
    update grants g set reason = t.reason, granted_by = t.granted_by, created_at = t.created_at::timestamptz,
      expires_at = t.expires_at::timestamptz, origin = t.origin, import_id = t.import_id
    from unnest(${texts(kept, (g) => g.userId)}, ${texts(kept, (g) => g.role)}, ${texts(kept, (g) => g.platform)},
      ${texts(kept, (g) => g.reason)}, ${texts(kept, (g) => g.grantedBy)}, ${texts(kept, (g) => g.createdAt)},
      ${texts(kept, (g) => g.expiresAt)}, ${texts(kept, (g) => g.origin)}, ${texts(kept, (g) => g.importId)})
      as t(user_id, role, platform, reason, granted_by, created_at, expires_at, origin, import_id)
    where g.user_id = t.user_id and g.role = t.role and g.platform = t.platform and g.import_id = ${importId}`);
}

/** An account on a platform as it was, to be put back; with `before` null it is removed. */
export interface MembershipToRestore {
  userId: string;
  platform: string;
  before: {
    role: string;
    state: string;
    reason: string;
    grantedBy: string | null;
    origin: string;
    importId: string | null;
    updatedAt: string;
  } | null;
}

/** Puts accounts on platforms back as they were before the import. */
export async function restoreMemberships(
  tx: Tx,
  importId: string,
  memberships: readonly MembershipToRestore[],
): Promise<void> {
  const gone = memberships.filter((m) => m.before === null);
  if (gone.length > 0) {
    await tx.execute(sql`
      delete from memberships m
      using unnest(${texts(gone, (m) => m.userId)}, ${texts(gone, (m) => m.platform)}) as t(user_id, platform)
      where m.user_id = t.user_id and m.platform = t.platform and m.import_id = ${importId}`);
  }
  const kept = memberships.flatMap(({ before, ...key }) => (before === null ? [] : [{ ...key, ...before }]));
  if (kept.length === 0) return;
  await tx.execute(sql`
    update memberships m set role = t.role, state = t.state, reason = t.reason, granted_by = t.granted_by,
      origin = t.origin, import_id = t.import_id, updated_at = t.updated_at::timestamptz
    from unnest(${texts(kept, (m) => m.userId)}, ${texts(kept, (m) => m.platform)}, ${texts(kept, (m) => m.role)},
      ${texts(kept, (m) => m.state)}, ${texts(kept, (m) => m.reason)}, ${texts(kept, (m) => m.grantedBy)},
      ${texts(kept, (m) => m.origin)}, ${texts(kept, (m) => m.importId)}, ${texts(kept, (m) => m.updatedAt)})
      as t(user_id, platform, role, state, reason, granted_by, origin, import_id, updated_at)
    where m.user_id = t.user_id and m.platform = t.platform and m.import_id = ${importId}`);
}
