import type { Permission } from '@qd/shared/permissions';
import type { PersonAct, PersonView } from '@qd/shared/users';
import { useUser } from '../../../lib/session.tsx';
import { useCan } from '../../../lib/use-can.ts';

const needed: Readonly<Record<PersonAct, { permission: Permission; verb: string }>> = {
  update: { permission: 'users:write', verb: 'change profiles' },
  suspend: { permission: 'users:suspend', verb: 'suspend people' },
  reinstate: { permission: 'users:suspend', verb: 'reinstate people' },
  end_sessions: { permission: 'users:suspend', verb: 'end sessions of others' },
  reset: { permission: 'users:reset', verb: 'send links back in' },
  offboard: { permission: 'users:offboard', verb: 'offboard people' },
  assign: { permission: 'users:assign', verb: 'give roles on platforms' },
  grant: { permission: 'roles:grant', verb: 'give roles of the console' },
};

/** Why the reader may not do an act to the person, in one sentence; undefined when they may. The server decides again. */
export function useWhyNot(person: PersonView): (act: PersonAct) => string | undefined {
  const can = useCan();
  const { id } = useUser();
  return (act) => {
    if (person.may.includes(act)) return undefined;
    const { permission, verb } = needed[act];
    if (person.state === 'offboarded') return `${person.name} has left.`;
    if (!can(permission)) return `Your role does not ${verb}. Owners and admins can.`;
    if (person.id === id) return 'Nobody does this to themselves; ask another owner or admin.';
    if (act === 'reset' && person.state !== 'active') return 'Only people who are active can be helped back in.';
    return `${person.name} may do more than you, or is on platforms that are not yours. Ask someone who holds that too.`;
  };
}

/** The one sentence above the acts of somebody the reader may not touch at all; null when there is something they may do. */
export function useOutOfReach(person: PersonView): string | null {
  const can = useCan();
  const { id } = useUser();
  const acts: readonly PersonAct[] = ['suspend', 'reinstate', 'reset', 'offboard'];
  const couldAct = acts.some((act) => can(needed[act].permission));
  if (person.id === id || person.state === 'offboarded' || !couldAct) return null;
  if (acts.some((act) => person.may.includes(act))) return null;
  return `You cannot act on ${person.name}: they may do more than you, or are on platforms that are not yours. Ask someone who holds that too.`;
}
