import { DAY_MS } from '../time/index.ts';
import {
  attentionKinds,
  GRANT_ENDS_SOON_DAYS,
  IDLE_AFTER_DAYS,
  INVITATION_ENDS_SOON_DAYS,
  type AttentionKind,
} from './directory.ts';
import type { UserState } from './schemas.ts';

/** What decides whether an account needs a look. Instants are epoch ms. */
export interface AttentionFacts {
  state: UserState;
  createdAt: number;
  lastSeenAt: number | null;
  /** Those in force. */
  grants: readonly { role: string; expiresAt: number | null }[];
  hasSecondFactor: boolean;
  /** End of the invitation still open. */
  invitationEndsAt: number | null;
}

/** Instants that part what is soon or long ago from the rest, for an instant (epoch ms). */
export function attentionLimits(nowMs: number): { idleSince: number; invitationBy: number; grantBy: number } {
  return {
    idleSince: nowMs - IDLE_AFTER_DAYS * DAY_MS,
    invitationBy: nowMs + INVITATION_ENDS_SOON_DAYS * DAY_MS,
    grantBy: nowMs + GRANT_ENDS_SOON_DAYS * DAY_MS,
  };
}

/**
 * Why an account needs a look, in the order of `attentionKinds`. Only people who may do something in the console can be idle
 * there. The directory's SQL says the same; a test compares the two.
 */
export function attentionOf(facts: AttentionFacts, nowMs: number): AttentionKind[] {
  const limits = attentionLimits(nowMs);
  const { state, grants, invitationEndsAt } = facts;
  const isActive = state === 'active';
  const holds: Record<AttentionKind, boolean> = {
    owner_without_second_factor: isActive && !facts.hasSecondFactor && grants.some((grant) => grant.role === 'owner'),
    idle: isActive && grants.length > 0 && (facts.lastSeenAt ?? facts.createdAt) < limits.idleSince,
    invitation_ends: state === 'invited' && invitationEndsAt !== null && invitationEndsAt <= limits.invitationBy,
    grant_ends: state !== 'offboarded' && grants.some((g) => g.expiresAt !== null && g.expiresAt <= limits.grantBy),
  };
  return attentionKinds.filter((kind) => holds[kind]);
}
