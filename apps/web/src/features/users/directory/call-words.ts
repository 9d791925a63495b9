import {
  IDLE_AFTER_DAYS,
  INVITATION_ENDS_SOON_DAYS,
  GRANT_ENDS_SOON_DAYS,
  type DirectoryCounts,
} from '@qd/shared/users';
import { formatCount } from '../../../lib/format.ts';
import type { Tone } from '../../../ui/tone.ts';

/** A part of the call; `tone` marks the clause that carries the state. */
export interface CallClause {
  tone: Tone;
  text: string;
}

const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

function many(count: number, one: string, more: string): string {
  return `${words[count] ?? formatCount(count)} ${count === 1 ? one : more}`;
}

/** "42 people have access." and then what needs a look, worst first. */
export function directoryCall({ byState, byAttention }: DirectoryCounts): CallClause[] {
  const active = byState.active;
  const lead = `${formatCount(active)} ${active === 1 ? 'person has' : 'people have'} access.`;
  const clauses: CallClause[] = [
    {
      count: byAttention.owner_without_second_factor,
      tone: 'crit' as const,
      one: 'owner signs in without two-step',
      more: 'owners sign in without two-step',
    },
    {
      count: byAttention.idle,
      tone: 'warn' as const,
      one: `account has been idle for over ${IDLE_AFTER_DAYS} days`,
      more: `accounts have been idle for over ${IDLE_AFTER_DAYS} days`,
    },
    {
      count: byAttention.invitation_ends,
      tone: 'none' as const,
      one: `invitation ends within ${INVITATION_ENDS_SOON_DAYS} days`,
      more: `invitations end within ${INVITATION_ENDS_SOON_DAYS} days`,
    },
    {
      count: byAttention.grant_ends,
      tone: 'none' as const,
      one: `person loses a role within ${GRANT_ENDS_SOON_DAYS} days`,
      more: `people lose a role within ${GRANT_ENDS_SOON_DAYS} days`,
    },
  ]
    .filter((clause) => clause.count > 0)
    .map(({ count, tone, one, more }) => ({ tone, text: many(count, one, more) }));
  if (clauses.length === 0) return [{ tone: 'none', text: `${lead} Nobody needs a look.` }];
  return [{ tone: 'none', text: lead }, ...joined(clauses)];
}

/** One sentence of the clauses: the first begins it, the last follows an "and". */
function joined(clauses: readonly CallClause[]): CallClause[] {
  return clauses.map((clause, index) => {
    const isLast = index === clauses.length - 1;
    const text = index === 0 ? clause.text : `${clause.text.charAt(0).toLowerCase()}${clause.text.slice(1)}`;
    const before = index === 0 ? '' : isLast ? 'and ' : '';
    return { tone: clause.tone, text: `${before}${text}${isLast ? '.' : ','}` };
  });
}
