import type { KeyCounts, KeyPolicyFacts } from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { formatCount } from '../../../lib/format.ts';
import type { Tone } from '../../../ui/tone.ts';

/** A sentence of the call and the state it speaks of. */
export interface Clause {
  tone: Tone;
  text: string;
}

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A length of time in its largest whole unit, spelled out: `2 days`, `5 hours`. */
function spelled(ms: number): string {
  const [unit, unitMs] =
    ms >= DAY_MS
      ? (['day', DAY_MS] as const)
      : ms >= HOUR_MS
        ? (['hour', HOUR_MS] as const)
        : (['minute', MINUTE_MS] as const);
  const count = Math.max(1, Math.floor(ms / unitMs));
  return `${formatCount(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** What is most due, first; at most two sentences. */
export function keysCall(counts: KeyCounts, nowMs: number): Clause[] {
  const clauses = [
    quarantinedClause(counts),
    overdueClause(counts, nowMs),
    rotatingClause(counts, nowMs),
    expiringClause(counts, nowMs),
    dueClause(counts),
  ].filter((clause) => clause !== null);
  if (clauses.length > 0) return clauses.slice(0, 2);
  if (!counts.hasKeys) return [{ tone: 'none', text: 'There is no API key yet.' }];
  if (counts.usable === 0) return [{ tone: 'none', text: 'No API key works now.' }];
  return [
    { tone: 'none', text: 'No key is due.' },
    { tone: 'none', text: counts.usable === 1 ? 'The one key works.' : `${formatCount(counts.usable)} keys work.` },
  ];
}

function quarantinedClause({ quarantined: { count, first } }: KeyCounts): Clause | null {
  if (first === null) return null;
  const text =
    count === 1
      ? `${first.platformName}’s ${first.name} key is quarantined.`
      : `${formatCount(count)} keys are quarantined.`;
  return { tone: 'crit', text };
}

function overdueClause({ overdue: { count, first } }: KeyCounts, nowMs: number): Clause | null {
  if (first === null) return null;
  const by = spelled(nowMs - first.at);
  const text =
    count === 1
      ? `${first.platformName}’s ${first.name} key is ${by} overdue.`
      : `${formatCount(count)} keys are overdue, ${first.platformName}’s ${first.name} longest, by ${by}.`;
  return { tone: 'crit', text };
}

function rotatingClause({ rotating: { count, first } }: KeyCounts, nowMs: number): Clause | null {
  if (first === null) return null;
  const left = first.consumers - first.moved;
  const who =
    first.consumers === 0
      ? `its old key ends in ${spelled(first.at - nowMs)}`
      : left === 0
        ? 'every consumer has moved'
        : `${small[left] ?? formatCount(left)} ${left === 1 ? 'consumer has' : 'consumers have'} not moved to the new key`;
  const others =
    count === 1 ? '' : count === 2 ? ', and one more rotates' : `, and ${formatCount(count - 1)} more rotate`;
  return { tone: 'none', text: `${first.name} is mid-rotation: ${who}${others}.` };
}

function expiringClause({ expiring: { count, first } }: KeyCounts, nowMs: number): Clause | null {
  if (first === null) return null;
  const left = spelled(first.at - nowMs);
  const text =
    count === 1
      ? `${first.name} expires in ${left}.`
      : `${formatCount(count)} keys expire soon, ${first.name} first, in ${left}.`;
  return { tone: 'warn', text };
}

function dueClause({ counts: { due } }: KeyCounts): Clause | null {
  if (due === 0) return null;
  return {
    tone: 'warn',
    text: due === 1 ? 'One key is due for rotation.' : `${formatCount(due)} keys are due for rotation.`,
  };
}

/** What a policy asks for: `rotates every 90 d, overlap 7 d`. */
export function policyWords({ rotation, overlapDays }: Pick<KeyPolicyFacts, 'rotation' | 'overlapDays'>): string {
  const when = rotation.by === 'quarter' ? 'rotates each quarter' : `rotates every ${rotation.everyDays} d`;
  return `${when}, ${overlapDays === 0 ? 'no overlap' : `overlap ${overlapDays} d`}`;
}
