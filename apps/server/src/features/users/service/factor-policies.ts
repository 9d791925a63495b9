import { DomainError } from '@qd/shared/errors';
import { builtInRoles, roleTitles } from '@qd/shared/permissions';
import { graceSince, type FactorCoverage, type FactorPolicyView, type SetFactorPolicyInput } from '@qd/shared/users';
import type { ReadDb } from '../../../db/client.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import {
  insertFactorPolicy,
  lockFactorPolicy,
  selectCustomRoles,
  selectFactorCoverage,
  selectFactorPolicies,
  updateFactorPolicy,
  type FactorPolicyRow,
} from '../queries/factor-policies.ts';

/** The rule of every role there is, built-in ones first. For people who may see all platforms. */
export async function listFactorPolicies(ctx: Ctx): Promise<FactorPolicyView[]> {
  assertCan(ctx, 'users:read', null);
  const rules = new Map((await selectFactorPolicies(ctx.db)).map((row) => [row.role, row]));
  return (await allRoles(ctx.db)).map(({ role, title }) => policyView({ role, title }, rules.get(role) ?? null));
}

/** How far the people of each role have come with their second factors. For people who may see all platforms. */
export async function describeFactorCoverage(ctx: Ctx): Promise<FactorCoverage[]> {
  const policies = await listFactorPolicies(ctx);
  const counted = new Map((await selectFactorCoverage(ctx.db, ctx.now())).map((row) => [row.role, row]));
  return policies.map(({ role, title, isRequired }) => {
    const { people = 0, withFactor = 0, inGrace = 0, overdue = 0 } = counted.get(role) ?? {};
    return { role, title, isRequired, people, withFactor, inGrace, overdue };
  });
}

/**
 * Sets who of a role must use a second factor. Throws `not_found` for an unknown role and `conflict` when the rule was changed
 * since `version`.
 */
export async function setFactorPolicy(ctx: Ctx, input: SetFactorPolicyInput): Promise<FactorPolicyView> {
  assertCan(ctx, 'users:policy', null);
  const named = (await allRoles(ctx.db)).find((known) => known.role === input.role);
  if (named === undefined) {
    throw new DomainError('not_found', `There is no role ${input.role}.`, {
      fields: [{ field: 'role', message: 'is unknown' }],
    });
  }
  const after = await write(ctx, async (tx, record) => {
    const before = await lockFactorPolicy(tx, input.role);
    if ((before?.version ?? 0) !== input.version) throw changedMeanwhile();
    const row = nextRow(ctx, input, before);
    if (before !== null) await updateFactorPolicy(tx, row);
    else if (!(await insertFactorPolicy(tx, row))) throw changedMeanwhile();
    record({
      action: 'users.factor_policy_changed',
      category: 'access',
      level: 'critical',
      target: { kind: 'role', id: input.role },
      before: before === null ? null : { isRequired: before.isRequired, graceMs: before.graceMs },
      after: { isRequired: row.isRequired, graceMs: row.graceMs },
    });
    return row;
  });
  ctx.hub.publish('users');
  return policyView(named, after);
}

function nextRow(ctx: Ctx, input: SetFactorPolicyInput, before: FactorPolicyRow | null): FactorPolicyRow {
  const { role, isRequired, graceMs, version } = input;
  const known = before === null ? null : { ...before, since: before.since.getTime() };
  const since = new Date(graceSince(known, { isRequired, graceMs }, ctx.now().getTime()));
  return { role, isRequired, graceMs, since, updatedBy: ctx.actor.id, version: version + 1 };
}

async function allRoles(db: ReadDb): Promise<{ role: string; title: string }[]> {
  const custom = await selectCustomRoles(db);
  return [
    ...builtInRoles.map((role) => ({ role, title: roleTitles[role] })),
    ...custom.map(({ id, title }) => ({ role: id, title })),
  ];
}

function policyView(named: { role: string; title: string }, row: FactorPolicyRow | null): FactorPolicyView {
  return {
    ...named,
    isRequired: row?.isRequired ?? false,
    graceMs: row?.graceMs ?? 0,
    since: row?.since.getTime() ?? null,
    version: row?.version ?? 0,
  };
}

function changedMeanwhile(): DomainError {
  return new DomainError('conflict', 'This rule was changed meanwhile; look at it again.');
}
