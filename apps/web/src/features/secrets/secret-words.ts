import type { SecretCounts, SecretState, SecretView } from '@qd/shared/secrets';
import { formatDay, formatDuration } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import type { GlyphName } from '../../ui/glyph.tsx';
import type { Tone } from '../../ui/tone.ts';

/** When something is said, and by whose clock. */
export interface SaidAt {
  zone: Zone;
  nowMs: number;
}

export interface SecretLook {
  tone: Tone;
  glyph?: GlyphName;
  word: string;
  /** The line under the word. */
  detail: string;
}

const day = 86_400_000;

/** `2 d`, or hours under a day. */
export function spanWords(ms: number): string {
  return formatDuration(Math.max(ms, 60_000), { parts: 1 });
}

const cadences = { quarterly: 'each quarter', yearly: 'each year', manual: 'when its owner decides' } as const;

/** `every 30 d`, `each quarter`. */
export function cadenceWords({ cadence, everyDays }: Pick<SecretView, 'cadence' | 'everyDays'>): string {
  return cadence === 'days' ? `every ${everyDays ?? 0} d` : cadences[cadence];
}

/** How a secret stands, in a word with its line. */
export function secretLook(secret: SecretView, { zone, nowMs }: SaidAt): SecretLook {
  const { nextDueAt, lastRotatedAt, archivedAt } = secret;
  if (archivedAt !== null) {
    return { tone: 'none', word: `Archived ${formatDay(archivedAt, zone, nowMs)}`, detail: 'kept for its history' };
  }
  const due = nextDueAt === null ? '' : formatDay(nextDueAt, zone, nowMs);
  const left = nextDueAt === null ? 0 : nextDueAt - nowMs;
  const looks: Record<SecretState, SecretLook> = {
    overdue: { tone: 'crit', word: `Overdue by ${spanWords(-left)}`, detail: `was due ${due}` },
    due_soon: { tone: 'warn', word: `Due in ${spanWords(left)}`, detail: `on ${due}` },
    ok: { tone: 'ok', word: 'Rotated', detail: `next ${due}, in ${spanWords(left)}` },
    never: { tone: 'stale', word: 'Not known', detail: 'no rotation is recorded' },
    manual: {
      tone: 'none',
      glyph: 'dash',
      word: 'By hand',
      detail: lastRotatedAt === null ? 'no rotation is recorded' : `last ${formatDay(lastRotatedAt, zone, nowMs)}`,
    },
  };
  return looks[secret.state];
}

/** `12 d ago`, or that nobody knows. */
export function rotatedWords(secret: Pick<SecretView, 'lastRotatedAt'>, nowMs: number): string {
  if (secret.lastRotatedAt === null) return 'not known';
  const age = nowMs - secret.lastRotatedAt;
  return age < day ? 'today' : `${spanWords(age)} ago`;
}

/** A clause of the call. */
export interface Clause {
  text: string;
  tone: Tone;
}

const count = (n: number, rest: string): string => (n === 1 ? `1 secret ${rest}` : `${n} secrets ${rest}`);

function overdueClause(
  rows: readonly SecretView[],
  overdue: number,
  nowMs: number,
  nameOf: (id: string) => string,
): Clause {
  const first = rows
    .filter((row) => row.state === 'overdue' && row.archivedAt === null)
    .toSorted((a, b) => (a.nextDueAt ?? 0) - (b.nextDueAt ?? 0))[0];
  if (first === undefined) return { tone: 'crit', text: `${count(overdue, overdue === 1 ? 'is' : 'are')} overdue.` };
  const by = spanWords(nowMs - (first.nextDueAt ?? nowMs));
  const others = overdue > 1 ? `, and ${overdue - 1} more` : '';
  return { tone: 'crit', text: `${first.name} of ${nameOf(first.platform)} is ${by} overdue${others}.` };
}

/** The sentence of the page: what is due, and what nobody knows. */
export function secretsCall(
  rows: readonly SecretView[],
  counts: SecretCounts,
  of: { nowMs: number; nameOf(platform: string): string },
): Clause[] {
  const { overdue, due_soon: soon, never } = counts;
  const clauses: Clause[] = [];
  if (overdue > 0) clauses.push(overdueClause(rows, overdue, of.nowMs, of.nameOf));
  if (soon > 0) {
    clauses.push({
      tone: overdue > 0 ? 'none' : 'warn',
      text: `${count(soon, soon === 1 ? 'is' : 'are')} due within 14 d.`,
    });
  }
  if (never > 0)
    clauses.push({ tone: 'none', text: `When ${count(never, never === 1 ? 'was' : 'were')} rotated is not known.` });
  if (clauses.length > 0) return clauses;
  const total = counts.ok + counts.manual;
  return [{ tone: 'none', text: total === 0 ? 'No secret is in the register yet.' : 'No secret is due within 14 d.' }];
}
