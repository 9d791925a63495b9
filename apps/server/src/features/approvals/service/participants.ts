import type { Approver } from '@qd/shared/approvals';
import type { PersonRef } from '@qd/shared/users';
import type { ReadDb } from '../../../db/client.ts';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { selectActingGrantsOf, selectHelpedIn, type HelpedIn } from '../../../db/queries/holders.ts';
import { approverOf, HELPED_IN_MS, mayTakePart } from '../../../platform/approvals.ts';
import { selectParticipants, selectVotes, type Participant, type VoteRow } from '../queries/voices.ts';

/** Everybody who asked, spoke or looks, with what they may do at one instant. */
export interface Participants {
  votes: readonly VoteRow[];
  people: ReadonlyMap<string, Participant>;
  /** Those who spoke and the reader, as the rules see them. */
  approvers: ReadonlyMap<string, Approver>;
  /** Who of them got in or got a role lately, and through whom. */
  helpedIn: readonly HelpedIn[];
}

/** Who takes part in these requests. `readerId` is whoever looks, null for the command line. */
export async function participantsOf(
  db: ReadDb,
  rows: readonly Pick<ApprovalRow, 'id' | 'requestedBy'>[],
  { readerId, now }: { readerId: string | null; now: Date },
): Promise<Participants> {
  const votes = await selectVotes(
    db,
    rows.map((row) => row.id),
  );
  const speaking = [...new Set([...votes.map((vote) => vote.userId), ...(readerId === null ? [] : [readerId])])];
  const people = await selectParticipants(db, [...speaking, ...rows.map((row) => row.requestedBy)]);
  const grants = await selectActingGrantsOf(db, speaking, now);
  const helpedIn = await selectHelpedIn(db, speaking, new Date(now.getTime() - HELPED_IN_MS));
  const approvers = new Map(speaking.map((id) => [id, approverOf(id, grants.get(id) ?? [])]));
  return { votes, people, approvers, helpedIn };
}

/** Those who agreed to a request and still take part, in the order they agreed. */
export function agreedWith(row: Pick<ApprovalRow, 'id' | 'requestedBy'>, among: Participants): Approver[] {
  return among.votes
    .filter(
      (vote) => vote.approvalId === row.id && vote.decision === 'approve' && !wasHelpedIn(row, vote.userId, among),
    )
    .flatMap((vote) => takingPart(row, vote.userId, among) ?? []);
}

/** True if the person got in, or got a role, through the requester within the last day. */
export function wasHelpedIn(
  { requestedBy }: Pick<ApprovalRow, 'requestedBy'>,
  userId: string,
  { helpedIn }: Participants,
): boolean {
  return helpedIn.some((one) => one.userId === userId && one.by === requestedBy);
}

/** Somebody as the rules of a request see them; null for those who have no part in it, the requester among them. */
export function takingPart(
  { requestedBy }: Pick<ApprovalRow, 'requestedBy'>,
  userId: string,
  { people, approvers }: Participants,
): Approver | null {
  const requester = { id: requestedBy, isDemo: people.get(requestedBy)?.isDemo ?? false };
  const person = people.get(userId);
  if (person === undefined || !mayTakePart(person, requester)) return null;
  return approvers.get(userId) ?? null;
}

/** How somebody is named on the screens. */
export function refTo({ people }: Pick<Participants, 'people'>, id: string): PersonRef {
  return { id, name: people.get(id)?.name ?? null };
}
