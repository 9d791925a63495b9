import type { SloSummary } from '@qd/shared/slo';
import { isStale } from '../../../lib/slo-words.ts';
import type { Tone } from '../../../ui/tone.ts';
import { speaking } from '../alerts/alert-words.ts';

/** How the rows are counted in the call. Old figures count as unknown, whatever they said last. */
export type CallGroup = 'overspent' | 'frozen' | 'caution' | 'fast' | 'unknown' | 'thin' | 'good';

export interface ListCall {
  lead: string;
  tone: Tone;
  rest: string;
}

type Judged = Pick<SloSummary, 'state' | 'freshness'>;

const groupOfState = {
  overspent: 'overspent',
  freeze: 'frozen',
  caution: 'caution',
  fast_burn: 'fast',
  no_data: 'unknown',
  insufficient: 'thin',
  on_course: 'good',
} as const satisfies Record<SloSummary['state'], CallGroup>;

export function callGroup(slo: Judged): CallGroup {
  return isStale(slo) ? 'unknown' : groupOfState[slo.state];
}

/** True when somebody has to look: everything but what is known to be on course without an alert. */
export function needsDecision(slo: Judged & Pick<SloSummary, 'alerts'>): boolean {
  return callGroup(slo) !== 'good' || speaking(slo).length > 0;
}

const clauses: readonly { group: CallGroup; one: string; many: string; tone: Tone }[] = [
  { group: 'overspent', one: 'is overspent', many: 'are overspent', tone: 'crit' },
  { group: 'frozen', one: 'is frozen', many: 'are frozen', tone: 'crit' },
  { group: 'caution', one: 'is in caution', many: 'are in caution', tone: 'warn' },
  { group: 'fast', one: 'burns fast', many: 'burn fast', tone: 'warn' },
  { group: 'unknown', one: 'has no data', many: 'have no data', tone: 'stale' },
  { group: 'thin', one: 'has too little data', many: 'have too little data', tone: 'stale' },
];

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** Small counts in words, as one would say them. */
export function countWord(count: number): string {
  return words[count] ?? count.toLocaleString('en-US');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "One SLO is frozen, two are in caution, and one has no data. Five are on course." */
export function listCall(rows: readonly Judged[]): ListCall {
  if (rows.length === 0) return { lead: 'No SLO is set up yet.', tone: 'none', rest: '' };
  const counts = new Map<CallGroup, number>();
  for (const row of rows) counts.set(callGroup(row), (counts.get(callGroup(row)) ?? 0) + 1);
  const present = clauses.filter((clause) => counts.has(clause.group));
  const good = counts.get('good') ?? 0;
  const first = present[0];
  if (first === undefined) return { lead: allGood(good), tone: 'none', rest: '' };
  const count = counts.get(first.group) ?? 0;
  const lead = `${capital(countWord(count))} ${count === 1 ? 'SLO' : 'SLOs'} ${count === 1 ? first.one : first.many}`;
  const others = present.slice(1).map((clause) => {
    const number = counts.get(clause.group) ?? 0;
    return `${countWord(number)} ${number === 1 ? clause.one : clause.many}`;
  });
  return { lead, tone: first.tone, rest: `${joined(others)}. ${onCourse(good)}` };
}

function joined(others: readonly string[]): string {
  const last = others.at(-1);
  if (last === undefined) return '';
  if (others.length === 1) return `, and ${last}`;
  return `, ${others.slice(0, -1).join(', ')}, and ${last}`;
}

function allGood(count: number): string {
  if (count === 1) return 'The one SLO is on course.';
  return count === 2 ? 'Both SLOs are on course.' : `All ${countWord(count)} SLOs are on course.`;
}

function onCourse(count: number): string {
  if (count === 0) return 'None is on course.';
  return `${capital(countWord(count))} ${count === 1 ? 'is' : 'are'} on course.`;
}
