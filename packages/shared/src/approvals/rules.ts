import { can, permissionsBeyond, type GrantScope, type Permission } from '../permissions/index.ts';

/** One set of people of whom someone must agree; every rule of a request must be met. */
export interface ApprovalRule {
  /** Permission the approver must hold on the request's platform. */
  permission: Permission;
  /** Distinct people, the requester never among them. */
  approvals: number;
  /** What an approver must hold besides: nobody lets through what they could not give. */
  holds: GrantScope[];
  /** True where only an owner of all platforms counts. */
  ownersOnly: boolean;
}

/** Permissions by which people change what others may do; giving one takes a second pair of eyes. */
export const criticalPermissions: readonly Permission[] = [
  'roles:grant',
  'settings:write',
  'audit:retention',
  'users:policy',
];

/** Acts on more people than this at once take a second pair of eyes. */
export const MANY_PEOPLE = 25;

/** What makes an act risky, and what it gives to people, as far as it gives something. */
export interface Risk {
  kind: RiskKind;
  gives?: readonly GrantScope[];
}

export type RiskKind = 'makes_owner' | 'gives_critical' | 'many_people' | 'top_platform_role' | 'prunes_audit';

type RiskRule = Pick<ApprovalRule, 'permission' | 'approvals' | 'ownersOnly'>;

const somebody: RiskRule = { permission: 'approvals:decide', approvals: 1, ownersOnly: false };

/** Who must agree to what: every line of a risk by somebody else. */
export const riskRules: Readonly<Record<RiskKind, { sentence: string; rules: readonly RiskRule[] }>> = {
  makes_owner: {
    sentence: 'Making an owner takes another owner.',
    rules: [{ ...somebody, ownersOnly: true }],
  },
  gives_critical: {
    sentence: `Giving ${criticalPermissions.join(', ')} takes a second person who holds what is given.`,
    rules: [somebody],
  },
  many_people: {
    sentence: `Changing more than ${MANY_PEOPLE} people at once takes a second person.`,
    rules: [somebody],
  },
  top_platform_role: {
    sentence: 'Giving the first role of a platform takes a second person.',
    rules: [somebody],
  },
  prunes_audit: {
    sentence: 'Pruning the audit log takes another owner and one more person who may verify it.',
    rules: [
      { permission: 'audit:retention', approvals: 1, ownersOnly: true },
      { permission: 'audit:verify', approvals: 1, ownersOnly: false },
    ],
  },
};

/** The rules of an act with these risks, none for an act without; risks that ask for the same people ask them once. */
export function rulesFor(risks: readonly Risk[]): ApprovalRule[] {
  const rules = new Map<Permission, ApprovalRule>();
  for (const { kind, gives = [] } of risks) {
    for (const rule of riskRules[kind].rules) {
      const known = rules.get(rule.permission);
      rules.set(rule.permission, {
        permission: rule.permission,
        approvals: Math.max(rule.approvals, known?.approvals ?? 0),
        holds: [...(known?.holds ?? []), ...gives.map((g) => ({ ...g, permissions: [...g.permissions] }))],
        ownersOnly: rule.ownersOnly || (known?.ownersOnly ?? false),
      });
    }
  }
  return [...rules.values()];
}

/** Of what is given on a platform, the critical permissions that whoever gets it does not hold there yet. */
export function criticalAmong(given: GrantScope, held: readonly GrantScope[]): Permission[] {
  return permissionsBeyond(
    held,
    given.permissions.filter((p) => criticalPermissions.includes(p)),
    given.platform,
  );
}

/** Somebody who may agree, with the grants in force. */
export interface Approver {
  id: string;
  grants: readonly GrantScope[];
  /** True for an owner of all platforms. */
  isOwner: boolean;
}

/** True if the person counts for the rule on the request's platform (null: all platforms). */
export function meetsRule(rule: ApprovalRule, platform: string | null, person: Approver): boolean {
  if (rule.ownersOnly && !person.isOwner) return false;
  if (!can(person.grants, 'approvals:decide', platform)) return false;
  if (!can(person.grants, rule.permission, platform)) return false;
  return rule.holds.every((h) => permissionsBeyond(person.grants, h.permissions, h.platform).length === 0);
}
