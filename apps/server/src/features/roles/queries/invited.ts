import { and, eq, gt, isNull } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { invitations } from '../../../db/schema/index.ts';
import type { HeldGrant } from './roles.ts';

/** Open invitations to a role, as the grants they will be: who accepts one gets the role as it is then. */
export async function selectInvitedTo(db: ReadDb, role: string, now: Date): Promise<HeldGrant[]> {
  const { acceptedAt, revokedAt, expiresAt } = invitations;
  return db
    .select({ userId: invitations.userId, platform: invitations.platform })
    .from(invitations)
    .where(and(eq(invitations.role, role), isNull(acceptedAt), isNull(revokedAt), gt(expiresAt, now)));
}
