import type { Permission } from '@qd/shared/permissions';
import { bulkActs, type BulkAct, type DirectoryRow, type UserState } from '@qd/shared/users';

interface BulkWords {
  verb: string;
  permission: Permission;
  /** States in which the act makes sense. */
  states: readonly UserState[];
  /** What it costs each of them. */
  cost: string;
  danger: boolean;
}

export const bulkWords: Readonly<Record<BulkAct, BulkWords>> = {
  suspend: {
    verb: 'Suspend',
    permission: 'users:suspend',
    states: ['invited', 'active'],
    cost: 'Their sessions end at once and they cannot sign in. Reinstating gives back what they had.',
    danger: true,
  },
  reinstate: {
    verb: 'Reinstate',
    permission: 'users:suspend',
    states: ['suspended'],
    cost: 'They get back what they had and can sign in again.',
    danger: false,
  },
  end_sessions: {
    verb: 'End sessions',
    permission: 'users:suspend',
    states: ['invited', 'active', 'suspended'],
    cost: 'They are signed out everywhere at once. They can sign in again.',
    danger: true,
  },
  offboard: {
    verb: 'Offboard',
    permission: 'users:offboard',
    states: ['invited', 'active', 'suspended'],
    cost: 'Sessions, roles, accounts, API keys and on-call slots end at once and for good; keys are revoked, not passed on.',
    danger: true,
  },
};

export { bulkActs };

/** Why one of the chosen would be refused as far as the list tells; null where the server decides. */
export function refusalOf(row: DirectoryRow, act: BulkAct, me: string): string | null {
  if (row.id === me && act !== 'end_sessions') return 'nobody does this to themselves';
  if (bulkWords[act].states.includes(row.state)) return null;
  return row.state === 'suspended'
    ? 'is suspended already'
    : row.state === 'offboarded'
      ? 'has left'
      : `is ${row.state}`;
}

/** The question before the act: `Suspend 3 people?`. */
export function bulkTitle(act: BulkAct, count: number): string {
  const people = peopleWords(count);
  return act === 'end_sessions' ? `End the sessions of ${people}?` : `${bulkWords[act].verb} ${people}?`;
}

export function peopleWords(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
