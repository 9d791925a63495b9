import type { ApprovalDetail, ApprovalPhase, ApprovalRule, ApprovalView } from '@qd/shared/approvals';
import type { PersonRef } from '@qd/shared/users';
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

/** How many agreed where they count, of how many it takes; null once that is not known any more. */
export function agreedOf({ rules }: Pick<ApprovalView, 'rules'>): { given: number; needed: number } | null {
  const needed = rules.reduce((sum, rule) => sum + rule.approvals, 0);
  const missing = rules.reduce<number | null>(
    (sum, rule) => (sum === null || rule.missing === null ? null : sum + rule.missing),
    0,
  );
  return missing === null ? null : { given: needed - missing, needed };
}

/** `1 of 2 rules met`, while a request with several waits; empty for others. */
export function rulesWords({ rules, phase }: Pick<ApprovalView, 'rules' | 'phase'>): string {
  if (rules.length < 2 || (phase !== 'pending' && phase !== 'cooling')) return '';
  return `${rules.filter((rule) => rule.missing === 0).length} of ${rules.length} rules met`;
}

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** Names in a sentence: `Ines Okafor, Jun Watanabe and 3 more`. */
export function namesOf(people: readonly PersonRef[], more = 0): string {
  return listed.format([...people.map(({ id, name }) => name ?? id), ...(more === 0 ? [] : [`${more} more`])]);
}

/** Where one rule of an open request stands, sentence by sentence: met by whom, what is missing, who can meet it. */
export function standingWords(request: ApprovalDetail, index: number): string[] {
  const rule = request.rules[index];
  if (rule === undefined || rule.missing === null) return [];
  const met = rule.metBy.length === 0 ? [] : [`Met by ${namesOf(rule.metBy)}.`];
  if (rule.missing === 0) return met;
  const open = rule.missing === 1 ? 'Open.' : `Open, ${rule.missing} more.`;
  const mine = rule.byMe ? ' You can meet it.' : request.may.reject ? ' You hold too little to meet it.' : '';
  return [...met, open + mine, ...whoCan(request.askable[index], rule.byMe)];
}

function whoCan(askable: ApprovalDetail['askable'][number] | undefined, byMe: boolean): string[] {
  const { people = [], more = 0 } = askable ?? {};
  if (people.length > 0) return [`${byMe ? 'So can' : 'Can be met by'} ${namesOf(people, more)}.`];
  return byMe ? [] : ['Nobody else here can meet it now.'];
}

/** `expiresAt` as a label: `Expires at`. */
function labelOf(name: string): string {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The exact input of an act, one line a field; text as it is, `none` where nothing is set, everything else as JSON. */
export function paramLines(params: ApprovalView['params']): { name: string; value: string }[] {
  return Object.entries(params).map(([name, value]) => ({
    name: labelOf(name),
    value: typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value),
  }));
}
