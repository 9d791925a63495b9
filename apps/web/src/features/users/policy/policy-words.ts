import { DAY_MS } from '@qd/shared/time';
import type { FactorCoverage, FactorPolicyView } from '@qd/shared/users';
import type { Tone } from '../../../ui/tone.ts';

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

/** The rule of a role: `Required, 7 days to set one up`. */
export function ruleWords(rule: Pick<FactorPolicyView, 'isRequired' | 'graceMs'>): string {
  if (!rule.isRequired) return 'Not required';
  const days = Math.round(rule.graceMs / DAY_MS);
  if (rule.graceMs === 0) return 'Required at once';
  return `Required, ${days === 1 ? '1 day' : `${days} days`} to set one up`;
}

/** How far the people of a role have come: `2 of 3 have one, 1 in grace`. */
export function coverageWords(coverage: FactorCoverage): string {
  const { people: all, withFactor, inGrace, overdue } = coverage;
  if (all === 0) return 'Nobody has this role';
  const rest = [...(inGrace > 0 ? [`${inGrace} in grace`] : []), ...(overdue > 0 ? [`${overdue} overdue`] : [])];
  return [`${withFactor} of ${all} have one`, ...rest].join(', ');
}

/** The sentence over the page; the second part carries the state. People with several roles count in each, so no sum is said. */
export function policyCall(coverage: readonly FactorCoverage[]): { lead: string; rest: string; tone: Tone | null } {
  const required = coverage.filter((row) => row.isRequired);
  if (required.length === 0) {
    return { lead: 'No role has to use a second factor.', rest: 'A password alone opens every account.', tone: 'warn' };
  }
  const titles = required.map((row) => row.title).join(', ');
  const lead = `${required.length === 1 ? 'One role has' : `${required.length} roles have`} to use a second factor: ${titles}.`;
  const worst = required.toSorted((a, b) => b.overdue - a.overdue)[0];
  if (worst !== undefined && worst.overdue > 0) {
    const verb = worst.overdue === 1 ? 'is' : 'are';
    return { lead, rest: `${people(worst.overdue)} of ${worst.title} ${verb} overdue.`, tone: 'crit' };
  }
  const waiting = required.toSorted((a, b) => b.inGrace - a.inGrace)[0];
  if (waiting !== undefined && waiting.inGrace > 0) {
    return { lead, rest: `${people(waiting.inGrace)} of ${waiting.title} still may set one up.`, tone: 'warn' };
  }
  return { lead, rest: 'Everybody in them has one.', tone: null };
}

/** What a rule will do to the people of the role, before it is saved. */
export function effectWords(coverage: FactorCoverage, rule: { isRequired: boolean; graceDays: number }): string {
  const without = coverage.people - coverage.withFactor;
  if (!rule.isRequired) return 'People of this role may go on with a password alone.';
  if (without === 0) return 'Everybody of this role has one already.';
  const who = without === 1 ? '1 person without one' : `${without} people without one`;
  if (rule.graceDays === 0) return `${who} can do nothing but set one up, from the moment this is saved.`;
  return `${who} can do nothing but set one up once ${rule.graceDays === 1 ? 'a day has' : `${rule.graceDays} days have`} passed.`;
}
