import { sql, type SQL } from 'drizzle-orm';
import { approvals, approvalVotes, users } from '../../../db/schema/index.ts';
import { isOpen, isReady } from './phase.ts';

/** Whom requests wait for, with what the rules ask of them. */
export interface WaitingFor {
  id: string;
  isDemo: boolean;
  /** True for an owner of all platforms. */
  isOwner: boolean;
  /** What they hold, each as `permission@platform` (`*`: on all). */
  held: readonly string[];
}

/**
 * Requests the person counts for and has not spoken about, and their own that are ready. Whether others have met those rules
 * already is not asked: that takes sharing people out among the rules.
 */
export function waitsFor(person: WaitingFor, now: Date): SQL {
  const requester = sql`select from ${users} where ${users.id} = ${approvals.requestedBy} and ${users.isDemo}`;
  const ownVoice = sql`select from ${approvalVotes} where ${approvalVotes.approvalId} = ${approvals.id}
    and ${approvalVotes.userId} = ${person.id}`;
  const metRule = sql`select from jsonb_array_elements(${approvals.rules}) as rule
    where (${person.isOwner} or not (rule ->> 'ownersOnly')::boolean)
      and ${holds(person, sql`rule ->> 'permission'`, sql`${approvals.platform}`)}
      and not exists (
        select from jsonb_array_elements(rule -> 'holds') as held,
          jsonb_array_elements_text(held -> 'permissions') as permission
        where not ${holds(person, sql`permission`, sql`held ->> 'platform'`)}
      )`;
  return sql`((${approvals.requestedBy} = ${person.id} and ${isReady(now)})
    or (${approvals.requestedBy} <> ${person.id} and ${approvals.state} = 'pending' and ${isOpen(now)}
      and (${!person.isDemo} or exists (${requester}))
      and not exists (${ownVoice})
      and ${holds(person, sql`'approvals:decide'`, sql`${approvals.platform}`)}
      and exists (${metRule})))`;
}

/** As `can`, in SQL: held on all platforms, or on this one (null, and `*`: on all). */
function holds({ held }: WaitingFor, permission: SQL, platform: SQL): SQL {
  const everything = sql`${sql.param([...held])}::text[]`;
  return sql`((${permission}) || '@*' = any(${everything})
    or (${permission}) || '@' || coalesce(${platform}, '*') = any(${everything}))`;
}
