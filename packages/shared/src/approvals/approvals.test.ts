import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInRoles, permissions, rolePermissions, type GrantScope, type Permission } from '../permissions/index.ts';
import {
  approvalPhase,
  criticalAmong,
  criticalPermissions,
  meetsRule,
  riskRules,
  rulesFor,
  rulesMet,
  rulesProgress,
  shareOut,
  type ApprovalRule,
  type Approver,
  type RiskKind,
} from './index.ts';

const everything: GrantScope[] = [{ platform: '*', permissions: rolePermissions.owner }];
const owner = (id: string): Approver => ({ id, grants: everything, isOwner: true });
const admin = (id: string, platform = '*'): Approver => ({
  id,
  grants: [{ platform, permissions: rolePermissions.admin }],
  isOwner: false,
});
const rule = (permission: Permission, change: Partial<ApprovalRule> = {}): ApprovalRule => ({
  permission,
  approvals: 1,
  holds: [],
  ownersOnly: false,
  ...change,
});

describe('rules', () => {
  it('are none without a risk', () => {
    expect(rulesFor([])).toEqual([]);
    expect(rulesMet([], null, [])).toBe(true);
  });

  it('of several risks are all asked, and the same people once', () => {
    const gives = [{ platform: '*', permissions: ['roles:grant' as const] }];
    const rules = rulesFor([{ kind: 'many_people' }, { kind: 'makes_owner', gives }]);
    expect(rules).toEqual([{ permission: 'approvals:decide', approvals: 1, holds: gives, ownersOnly: true }]);
  });

  it('each name what some built-in role holds, or nobody could ever agree', () => {
    for (const { rules, sentence } of Object.values(riskRules)) {
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      for (const { permission } of rules) {
        const holders = builtInRoles.filter((role) => rolePermissions[role].includes(permission));
        expect(holders.some((role) => rolePermissions[role].includes('approvals:decide'))).toBe(true);
      }
    }
  });

  it('count nobody twice: two rules take two people', () => {
    const rules = rulesFor([{ kind: 'prunes_audit' }]);
    expect(rules).toHaveLength(2);
    expect(rulesMet(rules, null, [owner('a')])).toBe(false);
    expect(rulesMet(rules, null, [owner('a'), owner('a')])).toBe(false);
    expect(rulesMet(rules, null, [admin('a'), admin('b')])).toBe(false);
    expect(rulesMet(rules, null, [owner('a'), admin('b')])).toBe(true);
    // The owner came first and would do for either rule: the fit must not depend on the order.
    expect(rulesMet(rules.toReversed(), null, [owner('a'), admin('b')])).toBe(true);
  });

  it('ask for what is given, where it is given', () => {
    const gives = rule('approvals:decide', { holds: [{ platform: '*', permissions: ['settings:write'] }] });
    expect(meetsRule(gives, 'shop', admin('a'))).toBe(true);
    expect(meetsRule(gives, 'shop', admin('a', 'shop'))).toBe(false);
    expect(meetsRule(rule('approvals:decide'), 'shop', admin('a', 'shop'))).toBe(true);
    expect(meetsRule(rule('approvals:decide'), null, admin('a', 'shop'))).toBe(false);
    expect(meetsRule(rule('approvals:decide', { ownersOnly: true }), 'shop', admin('a'))).toBe(false);
    const reader = { id: 'r', grants: [{ platform: '*', permissions: ['audit:verify' as const] }], isOwner: false };
    expect(meetsRule(rule('audit:verify'), null, reader)).toBe(false);
  });

  it('are met exactly when some sharing-out fits, and never less with more people', () => {
    const kinds = fc.constantFrom<RiskKind[]>('makes_owner', 'many_people', 'prunes_audit', 'top_platform_role');
    const person = fc.constantFrom(owner('a'), owner('b'), admin('c'), admin('d', 'shop'));
    fc.assert(
      fc.property(fc.uniqueArray(kinds), fc.array(person), fc.array(person), (risks, some, more) => {
        const rules = rulesFor(risks.map((kind) => ({ kind })));
        const met = rulesMet(rules, null, some);
        expect(met).toBe(fitsByTrying(rules, some));
        if (met) expect(rulesMet(rules, null, [...more, ...some])).toBe(true);
      }),
    );
  });
});

describe('the progress of two rules', () => {
  const prune = { rules: rulesFor([{ kind: 'prunes_audit' }]), platform: null };

  it('says which is open and who met the other', () => {
    expect(rulesProgress(prune, [], null)).toEqual([
      { metBy: [], missing: 1, byReader: false },
      { metBy: [], missing: 1, byReader: false },
    ]);
    expect(rulesProgress(prune, [admin('a')], owner('b'))).toEqual([
      { metBy: [], missing: 1, byReader: true },
      { metBy: ['a'], missing: 0, byReader: false },
    ]);
    expect(rulesProgress(prune, [admin('a')], admin('b')).map((one) => one.byReader)).toEqual([false, false]);
    expect(rulesProgress(prune, [owner('a'), admin('b')], null).map((one) => one.missing)).toEqual([0, 0]);
  });

  it('counts who would do for both where that leaves room for the reader', () => {
    for (const rules of [prune.rules, prune.rules.toReversed()]) {
      const progress = rulesProgress({ ...prune, rules }, [owner('a')], admin('b'));
      expect(progress.filter((one) => one.byReader)).toHaveLength(1);
      expect(progress.find((one) => one.metBy.includes('a'))).toMatchObject({ missing: 0, byReader: false });
    }
  });

  it('lets a reader help exactly when their agreement would bring it further', () => {
    const person = fc.constantFrom(owner('a'), owner('b'), admin('c'), admin('d'), admin('e', 'shop'));
    const counted = (people: Approver[]) => shareOut(prune.rules, null, people).flat().length;
    fc.assert(
      fc.property(fc.uniqueArray(person), person, (people, reader) => {
        const agreed = people.filter((one) => one.id !== reader.id);
        const helps = rulesProgress(prune, agreed, reader).some((one) => one.byReader);
        expect(helps).toBe(counted([...agreed, reader]) > counted(agreed));
      }),
    );
  });
});

/** The same by trying every sharing-out, for a few people. */
function fitsByTrying(rules: readonly ApprovalRule[], people: readonly Approver[]): boolean {
  const [first, ...rest] = rules.flatMap((one) =>
    Array.from({ length: one.approvals }, () => ({ ...one, approvals: 1 })),
  );
  if (first === undefined) return true;
  return people.some(
    (person) =>
      meetsRule(first, null, person) &&
      fitsByTrying(
        rest,
        people.filter((other) => other.id !== person.id),
      ),
  );
}

describe('critical permissions', () => {
  it('are the ones not held there yet', () => {
    const given = { platform: 'shop', permissions: rolePermissions.admin };
    expect(criticalAmong(given, [])).toEqual(['users:policy', 'roles:grant', 'settings:write']);
    expect(
      criticalAmong(given, [{ platform: '*', permissions: ['roles:grant', 'users:policy', 'settings:write'] }]),
    ).toEqual([]);
    expect(
      criticalAmong({ platform: '*', permissions: ['roles:grant'] }, [
        { platform: 'shop', permissions: ['roles:grant'] },
      ]),
    ).toEqual(['roles:grant']);
    expect(criticalAmong({ platform: '*', permissions: rolePermissions.support }, [])).toEqual([]);
  });

  it('stand in the catalog', () => {
    expect(criticalPermissions.filter((p) => !permissions.includes(p))).toEqual([]);
  });
});

describe('the phase of a request', () => {
  const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
  const request = { state: 'pending' as const, expiresAt: at(100), coolsOffAt: null, executeBefore: null };

  it('moves with time alone', () => {
    expect(approvalPhase(request, at(99))).toBe('pending');
    expect(approvalPhase(request, at(100))).toBe('lapsed');
    const approved = { ...request, state: 'approved' as const, executeBefore: at(50) };
    expect(approvalPhase(approved, at(49))).toBe('ready');
    expect(approvalPhase(approved, at(50))).toBe('lapsed');
    const cooling = { ...request, coolsOffAt: at(20), executeBefore: at(50) };
    expect([0, 19, 20, 49, 50].map((ms) => approvalPhase(cooling, at(ms)))).toEqual([
      'cooling',
      'cooling',
      'ready',
      'ready',
      'lapsed',
    ]);
  });

  it('outlives the day when it was approved in time', () => {
    const late = { ...request, state: 'approved' as const, executeBefore: at(129) };
    expect(approvalPhase(late, at(120))).toBe('ready');
  });

  it('is over for good once it is settled', () => {
    for (const state of ['rejected', 'executed', 'cancelled', 'lapsed', 'failed'] as const) {
      expect(approvalPhase({ ...request, state }, at(0))).toBe(state);
    }
  });
});
