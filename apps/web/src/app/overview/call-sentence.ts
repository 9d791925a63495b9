import type { SloSummary } from '@qd/shared/slo';
import { formatPercent, formatShare, formatTimes } from '../../lib/format.ts';
import type { Tone } from '../../ui/tone.ts';
import { failingRatio, type PlatformVerdict, type VerdictKind } from './verdict.ts';

/** Name of an objective inside a sentence: lower case unless it is an abbreviation. */
export function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export interface CallClause {
  tone: Tone;
  text: string;
}

const tones: Record<VerdictKind, Tone> = {
  failing: 'crit',
  incident: 'crit',
  overspent: 'crit',
  freeze: 'crit',
  fast_burn: 'warn',
  minor_incident: 'warn',
  caution: 'warn',
  unseen: 'stale',
  insufficient: 'stale',
  on_course: 'none',
  empty: 'none',
};

function failing(platform: string, slo: SloSummary, past: boolean): string {
  const share = formatShare(failingRatio(slo) ?? 0);
  // A minute that was bad as a whole says nothing of how many requests failed in it.
  if (slo.unit === 'minutes') {
    return `${platform} ${past ? 'missed' : 'misses'} ${inSentence(slo.name)} in ${share} of minutes.`;
  }
  if (/availab|success|uptime|error/i.test(slo.name)) {
    return `${platform} ${past ? 'was' : 'is'} failing ${share} of requests.`;
  }
  const events = /latency|request|response|api|http|ttfb|\bp\d\d/i.test(slo.name) ? 'requests' : 'events';
  return `${platform} ${past ? 'missed' : 'misses'} ${inSentence(slo.name)} on ${share} of ${events}.`;
}

function unseen({ platformName, unseen: silent, sloCount }: PlatformVerdict, past: boolean): string {
  const has = past ? 'had' : 'has';
  const [only] = silent;
  if (silent.length === sloCount || only === undefined) return `${platformName} ${has} no data.`;
  if (silent.length === 1) return `${platformName} ${has} no data for ${inSentence(only.name)}.`;
  return `${platformName} ${has} no data for ${silent.length} of ${sloCount} objectives.`;
}

function budgetLeft(platform: string, slo: SloSummary, past: boolean): string {
  const left = formatPercent(slo.budget.leftRatio ?? 0);
  return `${platform} ${past ? 'had' : 'has'} ${left} of its ${inSentence(slo.name)} budget left.`;
}

type Writer = (platform: string, slo: SloSummary, past: boolean) => string;

const writers: Partial<Record<VerdictKind, Writer>> = {
  failing,
  overspent: (platform, slo, past) => {
    const over = formatPercent(Math.abs(slo.budget.leftRatio ?? 0));
    return `${platform} ${past ? 'had' : 'has'} overspent its ${inSentence(slo.name)} budget by ${over}.`;
  },
  freeze: budgetLeft,
  caution: budgetLeft,
  fast_burn: (platform, slo, past) => {
    const burn = formatTimes(slo.burn1h ?? slo.burn5m ?? 0);
    return `${platform} ${past ? 'was' : 'is'} burning its ${inSentence(slo.name)} budget at ${burn}.`;
  },
  insufficient: (platform, slo, past) =>
    `${platform} ${past ? 'had' : 'has'} too little data on ${inSentence(slo.name)} to judge.`,
};

function incidentText({ platformName, incident }: PlatformVerdict, past: boolean): string {
  const severity = incident?.severity == null ? '' : `${incident.severity} `;
  const article = /^[aeiou]/i.test(severity || 'incident') ? 'an' : 'a';
  const what = incident?.detail ? `: ${inSentence(incident.detail).replace(/\.$/, '')}` : '';
  return `${platformName} ${past ? 'had' : 'has'} ${article} ${severity}incident open${what}.`;
}

function clauseText(verdict: PlatformVerdict, past: boolean): string {
  if (verdict.kind === 'incident' || verdict.kind === 'minor_incident') return incidentText(verdict, past);
  const write = writers[verdict.kind];
  return write && verdict.slo ? write(verdict.platformName, verdict.slo, past) : unseen(verdict, past);
}

/** Clauses about platforms that need a look before the rest is only counted. */
const MOST_CLAUSES = 3;
const MOST_NAMES = 3;

function onCourse(good: readonly PlatformVerdict[], rest: string, past = false): string {
  const names = good.map((verdict) => verdict.platformName);
  const who = names.length <= MOST_NAMES ? joined(names) : `${rest} ${names.length} platforms`;
  const verb = past ? ['was', 'were'] : ['is', 'are'];
  return `${who} ${names.length === 1 ? verb[0] : verb[1]} on course.`;
}

function lowestBudget(good: readonly PlatformVerdict[]): CallClause[] {
  const slo = good[0]?.slo;
  if (slo?.budget.leftRatio == null) return [];
  const whose = good.length === 1 ? '' : `${slo.platformName} `;
  const left = formatPercent(slo.budget.leftRatio);
  return [{ tone: 'none', text: `The lowest budget is ${whose}${inSentence(slo.name)}, ${left} left.` }];
}

/**
 * The sentence of the Overview. Names platforms and numbers, the worst first; what is not known is said, and never
 * counted as good. `heldAt` is the time, in words, the figures are from when nothing newer can be seen.
 */
export function overviewCall(verdicts: readonly PlatformVerdict[], heldAt: string | null): CallClause[] {
  const judged = verdicts.filter((verdict) => verdict.kind !== 'empty');
  const bad = judged.filter((verdict) => verdict.kind !== 'on_course');
  const good = judged.filter((verdict) => verdict.kind === 'on_course');
  const [worst] = bad;
  if (judged.length === 0) return [{ tone: 'none', text: 'No objective is measured yet.' }];
  if (heldAt !== null) {
    return [
      { tone: 'stale', text: `At ${heldAt} ${worst ? clauseText(worst, true) : onCourse(good, 'all', true)}` },
      { tone: 'none', text: 'We cannot see newer figures.' },
    ];
  }
  if (!worst) return [{ tone: 'none', text: onCourse(good, 'All') }, ...lowestBudget(good)];

  const clauses: CallClause[] = bad
    .slice(0, MOST_CLAUSES)
    .map((verdict) => ({ tone: tones[verdict.kind], text: clauseText(verdict, false) }));
  const more = bad.length - clauses.length;
  if (more > 0)
    clauses.push({ tone: 'none', text: `${more} more ${more === 1 ? 'platform needs' : 'platforms need'} a look.` });
  if (good.length > 0) clauses.push({ tone: 'none', text: onCourse(good, 'The other') });
  return clauses;
}
