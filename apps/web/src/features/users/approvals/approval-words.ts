import type { ApprovalPhase, ApprovalRule, ApprovalView } from '@qd/shared/approvals';
import { formatDateTime, formatDuration } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import type { Look } from '../person-words.ts';

export const phaseLooks: Readonly<Record<ApprovalPhase, Look>> = {
  pending: { tone: 'info', word: 'Waits for approval' },
  cooling: { tone: 'info', glyph: 'planned', word: 'Cooling off' },
  ready: { tone: 'warn', word: 'Ready to carry out' },
  rejected: { tone: 'none', word: 'Rejected' },
  executed: { tone: 'none', glyph: 'done', word: 'Carried out' },
  cancelled: { tone: 'none', word: 'Withdrawn' },
  lapsed: { tone: 'none', word: 'Lapsed' },
  failed: { tone: 'crit', word: 'Failed' },
};

/** Time that is left, never less than none: `23 h 40 min`. */
function left(untilMs: number, now: number): string {
  return formatDuration(Math.max(0, untilMs - now));
}

/** What the clock of a request says now. */
export function clockWords(request: ApprovalView, zone: Zone, now: number): string {
  const { phase, coolsOffAt, executeBefore, expiresAt, settledAt } = request;
  if (phase === 'pending') return `Lapses in ${left(expiresAt, now)}`;
  if (phase === 'cooling' && coolsOffAt !== null) return `Can be carried out in ${left(coolsOffAt, now)}`;
  if (phase === 'ready' && executeBefore !== null) return `Carry out within ${left(executeBefore, now)}`;
  if (phase === 'lapsed') return `Lapsed ${formatDateTime(settledAt ?? executeBefore ?? expiresAt, zone, now)}`;
  return settledAt === null ? '' : formatDateTime(settledAt, zone, now);
}

const count = (approvals: number, one: string, many: string): string =>
  approvals === 1 ? `1 ${one}` : `${approvals} ${many}`;

/** Who must agree: `1 other owner of all platforms`. */
export function ruleWords({ permission, approvals, holds, ownersOnly }: ApprovalRule): string {
  const who = ownersOnly
    ? count(approvals, 'other owner of all platforms', 'other owners of all platforms')
    : count(approvals, 'other person', 'other people');
  const given = holds.reduce((sum, scope) => sum + scope.permissions.length, 0);
  const all = given === 0 ? '' : `, and all that is given (${given === 1 ? '1 permission' : `${given} permissions`})`;
  return `${who} with ${permission}${all}`;
}

/** How many agreed, of how many it takes. */
export function agreedOf({ rules, votes }: Pick<ApprovalView, 'rules' | 'votes'>): { given: number; needed: number } {
  return {
    given: votes.filter((vote) => vote.decision === 'approve').length,
    needed: rules.reduce((sum, rule) => sum + rule.approvals, 0),
  };
}

/** The exact input of an act, one line a field; text as it is, everything else as JSON. */
export function paramLines(params: ApprovalView['params']): { name: string; value: string }[] {
  return Object.entries(params).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
