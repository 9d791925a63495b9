import { meetsRule, type ApprovalRule, type Approver } from './rules.ts';

/**
 * Shares people out among the rules, so that as many as can be count for one and nobody counts twice; gives whom each rule
 * counts. Who comes earlier is never left out for who comes later. The requester must have been left out.
 * Augmenting paths (Kuhn 1955): the first fit need not be the right one.
 */
export function shareOut(
  rules: readonly ApprovalRule[],
  platform: string | null,
  people: readonly Approver[],
): Approver[][] {
  const counted: Approver[][] = rules.map(() => []);

  function place(person: Approver, tried: Set<number>): boolean {
    for (const [index, rule] of rules.entries()) {
      if (tried.has(index) || !meetsRule(rule, platform, person)) continue;
      tried.add(index);
      const here = counted[index] ?? [];
      const moved = here.length < rule.approvals ? null : here.find((other) => place(other, tried));
      if (moved === undefined) continue;
      counted[index] = [...(counted[index] ?? []).filter((other) => other !== moved), person];
      return true;
    }
    return false;
  }

  const distinct = new Map(people.map((person) => [person.id, person]));
  for (const person of distinct.values()) place(person, new Set());
  return counted;
}

/** True if these people can be shared out so that every rule has as many as it asks for. */
export function rulesMet(
  rules: readonly ApprovalRule[],
  platform: string | null,
  people: readonly Approver[],
): boolean {
  const counted = shareOut(rules, platform, people);
  return rules.every((rule, index) => counted[index]?.length === rule.approvals);
}

/** How far one rule of a request has come. */
export interface RuleProgress {
  /** Ids of those who agreed and count here, in the order they agreed. */
  metBy: string[];
  /** How many more must agree. */
  missing: number;
  /** True when the reader's agreement would count here. */
  byReader: boolean;
}

/**
 * How far each rule has come with those who agreed. `reader` is somebody who has not spoken and may; null for everybody else.
 * Where a reader can help, the rule that is shown open is one the reader meets.
 */
export function rulesProgress(
  request: { rules: readonly ApprovalRule[]; platform: string | null },
  agreed: readonly Approver[],
  reader: Approver | null,
): RuleProgress[] {
  const { rules, platform } = request;
  const counted = shareOut(rules, platform, reader === null ? agreed : [...agreed, reader]);
  return rules.map((rule, index) => {
    const metBy = agreed.filter((one) => counted[index]?.some((other) => other.id === one.id)).map((one) => one.id);
    const missing = rule.approvals - metBy.length;
    return { metBy, missing, byReader: reader !== null && missing > 0 && meetsRule(rule, platform, reader) };
  });
}
