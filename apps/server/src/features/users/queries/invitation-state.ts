import { and, gt, isNull } from 'drizzle-orm';
import { invitations } from '../../../db/schema/index.ts';

/** An invitation that can still be accepted. */
export const isOpenInvitation = (now: Date) =>
  and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, now));
