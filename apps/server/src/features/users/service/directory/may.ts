import { DomainError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import type { PersonAct, UserState } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch } from '../../../../platform/escalation.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

interface ActRule {
  by: Permission;
  states: readonly UserState[];
  /** False for acts nobody does to themselves. */
  onOneself: boolean;
}

const present: readonly UserState[] = ['invited', 'active', 'suspended'];

const rules: Readonly<Record<PersonAct, ActRule>> = {
  update: { by: 'users:write', states: present, onOneself: true },
  suspend: { by: 'users:suspend', states: ['invited', 'active'], onOneself: false },
  reinstate: { by: 'users:suspend', states: ['suspended'], onOneself: false },
  end_sessions: { by: 'users:suspend', states: present, onOneself: true },
  reset: { by: 'users:reset', states: ['active'], onOneself: false },
  offboard: { by: 'users:offboard', states: present, onOneself: false },
  assign: { by: 'users:assign', states: present, onOneself: false },
  grant: { by: 'roles:grant', states: ['active', 'invited'], onOneself: false },
};

/** What the reader may do to a person, by the rule every act asks again. */
export async function actsOn(ctx: ReadCtx, person: { id: string; state: UserState }): Promise<PersonAct[]> {
  const touches = new Map<Permission, boolean>();
  const mayTouch = async (by: Permission): Promise<boolean> => {
    const known = touches.get(by) ?? (await passes(() => assertMayTouch(ctx.db, ctx, person.id, by)));
    touches.set(by, known);
    return known;
  };
  const found: PersonAct[] = [];
  for (const [act, rule] of Object.entries(rules) as [PersonAct, ActRule][]) {
    const fits = rule.states.includes(person.state) && (rule.onOneself || ctx.actor.id !== person.id);
    const held = ctx.actor.grants.some((grant) => grant.permissions.includes(rule.by));
    if (fits && held && (await mayTouch(rule.by))) found.push(act);
  }
  return found;
}

async function passes(check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
