import { and, asc, count, eq, exists, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { isOwnerGrant } from '../../../db/queries/grants.ts';
import { grants, oidcIdentities, oidcProviders, passkeys, users } from '../../../db/schema/index.ts';

/** A provider as stored. */
export type ProviderRow = typeof oidcProviders.$inferSelect;

/** Who a provider says somebody is. */
export interface IdentityKey {
  issuer: string;
  subject: string;
}

/** All providers by name, each with how many people are linked to its issuer. */
export async function selectProviders(db: ReadDb): Promise<(ProviderRow & { people: number })[]> {
  const people = sql<number>`(select count(distinct i.user_id)::int from oidc_identities i where i.issuer = ${oidcProviders.issuer})`;
  const rows = await db
    .select({ provider: oidcProviders, people })
    .from(oidcProviders)
    .orderBy(asc(oidcProviders.name), asc(oidcProviders.id));
  return rows.map((row) => ({ ...row.provider, people: row.people }));
}

/** The provider, or null. */
export async function selectProvider(db: ReadDb, id: string): Promise<ProviderRow | null> {
  const [row] = await db.select().from(oidcProviders).where(eq(oidcProviders.id, id));
  return row ?? null;
}

/** Stores a provider; false when the issuer is set up with the same client already. */
export async function insertProvider(tx: Tx, row: typeof oidcProviders.$inferInsert): Promise<boolean> {
  const stored = await tx.insert(oidcProviders).values(row).onConflictDoNothing().returning({ id: oidcProviders.id });
  return stored.length > 0;
}

/** Changes a provider; false when it was changed or removed since the version was seen. */
export async function updateProvider(
  tx: Tx,
  seen: { id: string; version: number },
  to: Pick<ProviderRow, 'name' | 'issuer' | 'clientId' | 'sealedSecret' | 'isEnabled' | 'updatedAt'>,
): Promise<boolean> {
  const changed = await tx
    .update(oidcProviders)
    .set({ ...to, version: seen.version + 1 })
    .where(and(eq(oidcProviders.id, seen.id), eq(oidcProviders.version, seen.version)))
    .returning({ id: oidcProviders.id });
  return changed.length > 0;
}

/** True if another provider has the issuer with the same client. */
export async function isClientTaken(
  db: ReadDb,
  of: { id: string; issuer: string; clientId: string },
): Promise<boolean> {
  const rows = await db
    .select({ id: oidcProviders.id })
    .from(oidcProviders)
    .where(and(eq(oidcProviders.issuer, of.issuer), eq(oidcProviders.clientId, of.clientId)));
  return rows.some((row) => row.id !== of.id);
}

/** Removes a provider; false when it was changed or removed since the version was seen. */
export async function deleteProvider(tx: Tx, seen: { id: string; version: number }): Promise<boolean> {
  const gone = await tx
    .delete(oidcProviders)
    .where(and(eq(oidcProviders.id, seen.id), eq(oidcProviders.version, seen.version)))
    .returning({ id: oidcProviders.id });
  return gone.length > 0;
}

/** Unlinks everybody from issuers no provider stands for any more; gives how many identities went. */
export async function deleteOrphanedIdentities(tx: Tx): Promise<number> {
  const gone = await tx
    .delete(oidcIdentities)
    .where(sql`not exists (select from ${oidcProviders} p where p.issuer = ${oidcIdentities.issuer})`)
    .returning({ subject: oidcIdentities.subject });
  return gone.length;
}

const isIdentityOf = (userId: string, { issuer, subject }: IdentityKey) =>
  and(eq(oidcIdentities.userId, userId), eq(oidcIdentities.issuer, issuer), eq(oidcIdentities.subject, subject));

/** Who an identity is here, whatever their state, or null. */
export async function selectIdentityOwner(db: ReadDb, key: IdentityKey): Promise<string | null> {
  const [row] = await db
    .select({ userId: oidcIdentities.userId })
    .from(oidcIdentities)
    .where(and(eq(oidcIdentities.issuer, key.issuer), eq(oidcIdentities.subject, key.subject)));
  return row?.userId ?? null;
}

/** Links an identity to a person; false when it is linked to somebody already. */
export async function insertIdentity(tx: Tx, row: typeof oidcIdentities.$inferInsert): Promise<boolean> {
  const linked = await tx
    .insert(oidcIdentities)
    .values(row)
    .onConflictDoNothing()
    .returning({ userId: oidcIdentities.userId });
  return linked.length > 0;
}

/** Notes that an identity signs its person in; false when it is linked to them no more. */
export async function touchIdentity(tx: Tx, userId: string, key: IdentityKey, now: Date): Promise<boolean> {
  const touched = await tx
    .update(oidcIdentities)
    .set({ lastUsedAt: now })
    .where(isIdentityOf(userId, key))
    .returning({ subject: oidcIdentities.subject });
  return touched.length > 0;
}

/** Unlinks an identity of a person; false when it was not theirs. */
export async function deleteIdentity(tx: Tx, userId: string, key: IdentityKey): Promise<boolean> {
  const gone = await tx
    .delete(oidcIdentities)
    .where(isIdentityOf(userId, key))
    .returning({ subject: oidcIdentities.subject });
  return gone.length > 0;
}

/** Identities of a person with the provider each belongs to, the oldest first. */
export async function selectIdentitiesOf(
  db: ReadDb,
  userId: string,
): Promise<{ identity: typeof oidcIdentities.$inferSelect; provider: { id: string; name: string } | null }[]> {
  const identities = await db
    .select()
    .from(oidcIdentities)
    .where(eq(oidcIdentities.userId, userId))
    .orderBy(asc(oidcIdentities.linkedAt), asc(oidcIdentities.subject));
  if (identities.length === 0) return [];
  const issuers = identities.map((identity) => identity.issuer);
  const known = await db
    .select({ id: oidcProviders.id, name: oidcProviders.name, issuer: oidcProviders.issuer })
    .from(oidcProviders)
    .where(inArray(oidcProviders.issuer, issuers))
    .orderBy(asc(oidcProviders.id));
  return identities.map((identity) => {
    const found = known.find((provider) => provider.issuer === identity.issuer);
    return { identity, provider: found === undefined ? null : { id: found.id, name: found.name } };
  });
}

/** True if a person can sign in without any identity provider. */
export async function hasOwnWayIn(db: ReadDb, userId: string): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), or(isNotNull(users.passwordHash), hasPasskey(db))));
  return rows.length > 0;
}

/** How many lasting owners can sign in now: with a password, a passkey, or through a provider that is enabled. */
export async function countReachableOwners(db: ReadDb): Promise<number> {
  const identity = db
    .select({ one: sql`1` })
    .from(oidcIdentities)
    .innerJoin(oidcProviders, and(eq(oidcProviders.issuer, oidcIdentities.issuer), oidcProviders.isEnabled))
    .where(eq(oidcIdentities.userId, users.id));
  const canSignIn = or(isNotNull(users.passwordHash), hasPasskey(db), exists(identity));
  const [row] = await db
    .select({ owners: count() })
    .from(grants)
    .innerJoin(users, eq(users.id, grants.userId))
    .where(and(isOwnerGrant(), isNull(grants.expiresAt), canSignIn));
  return Number(row?.owners ?? 0);
}

function hasPasskey(db: ReadDb) {
  return exists(
    db
      .select({ one: sql`1` })
      .from(passkeys)
      .where(eq(passkeys.userId, users.id)),
  );
}
