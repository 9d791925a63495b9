import { onCallAt, type PlatformGaps, type PlatformOnCall, type SlotRole, type SlotView } from '@qd/shared/oncall';
import { formatDateTime, formatDuration } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import type { Tone } from '../../ui/tone.ts';

/** When something is said, and by whose clock. */
export interface SaidAt {
  zone: Zone;
  nowMs: number;
}

/** A clause of the call. */
export interface Clause {
  text: string;
  tone: Tone;
}

export const roleWords: Readonly<Record<SlotRole, string>> = { primary: 'Primary', secondary: 'Secondary' };

/** Who holds a role at the instant on screen: the answer of the server may be a hand-over old. */
export function holderAt(row: PlatformOnCall, role: SlotRole, nowMs: number): SlotView | null {
  const [held, next] = role === 'primary' ? [row.primary, row.nextPrimary] : [row.secondary, row.nextSecondary];
  return onCallAt(
    [held, next].filter((slot) => slot !== null),
    role,
    nowMs,
  );
}

/** Who holds a role after whoever does at the instant; null where nothing is planned within 14 days. */
export function nextAfter(row: PlatformOnCall, role: SlotRole, nowMs: number): SlotView | null {
  const next = role === 'primary' ? row.nextPrimary : row.nextSecondary;
  return next === null || next.startsAt <= nowMs ? null : next;
}

/** That who holds a slot cannot come, or null when they can. */
export function absence({ person }: Pick<SlotView, 'person'>): string | null {
  return person.state === 'active' ? null : `${person.name} is ${person.state} and cannot come`;
}

/** `3 Oct, 14:47 UTC to 4 Oct, 09:00 UTC`. */
export function spanWords(span: { startsAt: number; endsAt: number }, { zone, nowMs }: SaidAt): string {
  return `${formatDateTime(span.startsAt, zone, nowMs)} to ${formatDateTime(span.endsAt, zone, nowMs)}`;
}

/** The same of a gap; one that has begun is told from now. */
export function gapSpanWords(gap: { startsAt: number; endsAt: number }, at: SaidAt): string {
  return gap.startsAt > at.nowMs ? spanWords(gap, at) : `now until ${formatDateTime(gap.endsAt, at.zone, at.nowMs)}`;
}

/** `until 4 Oct, 09:00 UTC, in 18 h`. */
export function untilWords(atMs: number, { zone, nowMs }: SaidAt): string {
  return `until ${formatDateTime(atMs, zone, nowMs)}, in ${formatDuration(Math.max(atMs - nowMs, 60_000), { parts: 1 })}`;
}

/** `2 gaps, 2 d in all`. */
export function gapWords({ gapCount, gapMs }: Pick<PlatformGaps, 'gapCount' | 'gapMs'>): string {
  if (gapCount === 0) return 'no gap in 14 d';
  return `${gapCount === 1 ? '1 gap' : `${gapCount} gaps`}, ${formatDuration(gapMs)} in all`;
}

const listed = (names: readonly string[]): string =>
  names.length < 3 ? names.join(' and ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;

/** The sentence of the page: where nobody is, who cannot come, until when somebody is, and the next gap. */
export function onCallCall(rows: readonly PlatformOnCall[], gaps: readonly PlatformGaps[], at: SaidAt): Clause[] {
  const { nowMs } = at;
  if (rows.length === 0) return [{ tone: 'none', text: 'No platform is open to you.' }];
  const held = rows.map((row) => ({
    name: row.name,
    primary: holderAt(row, 'primary', nowMs),
    secondary: holderAt(row, 'secondary', nowMs),
  }));
  const clauses: Clause[] = [];
  const nobody = held.filter(({ primary, secondary }) => primary === null && secondary === null);
  if (nobody.length > 0) {
    clauses.push({ tone: 'crit', text: `Nobody is on call for ${listed(nobody.map(({ name }) => name))}.` });
  }
  for (const { name, primary, secondary } of held) {
    if (primary === null && secondary !== null) {
      clauses.push({ tone: 'warn', text: `${name} has no primary, only ${secondary.person.name} as secondary.` });
    }
    const away = primary === null ? null : absence(primary);
    if (away !== null) clauses.push({ tone: 'warn', text: `${away}, though primary for ${name}.` });
  }
  if (clauses.length === 0) clauses.push(covered(held, at));
  const gap = nextGap(gaps, at);
  return gap === null ? clauses : [...clauses, gap];
}

function covered(held: readonly { name: string; primary: SlotView | null }[], at: SaidAt): Clause {
  const [first] = held;
  if (held.length === 1 && first?.primary) {
    const { person, endsAt } = first.primary;
    return { tone: 'none', text: `${person.name} is on call for ${first.name} ${untilWords(endsAt, at)}.` };
  }
  return { tone: 'none', text: `All ${held.length} platforms have somebody on call.` };
}

function nextGap(gaps: readonly PlatformGaps[], { zone, nowMs }: SaidAt): Clause | null {
  const coming = gaps.flatMap(({ name, gaps: own }) => own.map((gap) => ({ ...gap, name })));
  const next = coming.filter((gap) => gap.startsAt > nowMs).toSorted((a, b) => a.startsAt - b.startsAt)[0];
  if (next === undefined) return null;
  const from = formatDateTime(next.startsAt, zone, nowMs);
  const length = formatDuration(next.endsAt - next.startsAt);
  return { tone: 'none', text: `The next gap is ${next.name}, from ${from} for ${length}.` };
}
