import { z } from 'zod';
import type { StoredPerson } from '../../queries/imports/people.ts';

const instant = z.iso.datetime({ offset: true }).nullable();
const origin = z.enum(['console', 'invitation', 'import', 'oidc', 'cli', 'demo']);

const grantBefore = z.object({
  reason: z.string(),
  grantedBy: z.string().nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  expiresAt: instant,
  origin,
  importId: z.string().nullable(),
});
const membershipBefore = z.object({
  role: z.string(),
  state: z.enum(['active', 'suspended']),
  reason: z.string(),
  grantedBy: z.string().nullable(),
  origin,
  importId: z.string().nullable(),
  updatedAt: z.iso.datetime({ offset: true }),
});

/** A person before an import changed them, as it is kept with the row; and their versions right after it. */
export const personBefore = z.object({
  name: z.string(),
  versionAfter: z.number().int(),
  authzVersionAfter: z.number().int(),
  /** The grant the row names: null when there was none, absent when the row names none. */
  grant: grantBefore.nullable().optional(),
  membership: membershipBefore.nullable().optional(),
});
export type PersonBefore = z.output<typeof personBefore>;

/** What to keep of a person a row is about to change. */
export function beforeOf(
  person: StoredPerson,
  row: { role: string | null; platform: string | null; platformRole: string | null },
): PersonBefore {
  const grant = person.allGrants.find((g) => g.role === row.role && g.platform === row.platform);
  const membership = person.memberships.find((m) => m.platform === row.platform);
  return {
    name: person.name,
    versionAfter: person.version + 1,
    authzVersionAfter: person.authzVersion + 1,
    ...(row.role === null ? {} : { grant: grant === undefined ? null : grantOf(grant) }),
    ...(row.platformRole === null ? {} : { membership: membership === undefined ? null : membershipOf(membership) }),
  };
}

function grantOf(grant: StoredPerson['allGrants'][number]): z.output<typeof grantBefore> {
  const { reason, grantedBy, createdAt, expiresAt, importId } = grant;
  return {
    reason,
    grantedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    origin: grant.origin,
    importId,
  };
}

function membershipOf(membership: StoredPerson['memberships'][number]): z.output<typeof membershipBefore> {
  const { role, state, reason, grantedBy, importId, updatedAt } = membership;
  return { role, state, reason, grantedBy, origin: membership.origin, importId, updatedAt: updatedAt.toISOString() };
}
