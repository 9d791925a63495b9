import { EXPIRES_SOON_MS, UNUSED_MS, type KeyListRow } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { formatAge, formatCount, formatDay, formatDecimal, formatDuration } from '../../../lib/format.ts';
import { utc, type Zone } from '../../../lib/zone.ts';
import type { GlyphName } from '../../../ui/glyph.tsx';
import type { Tone } from '../../../ui/tone.ts';

/** A state as words: the state itself, and what follows from it. */
export interface StateWords {
  tone: Tone;
  glyph?: GlyphName;
  word: string;
  second: string;
}

/** The look of a row is about now and its days are days of the reader. */
export interface At {
  nowMs: number;
  zone: Zone;
}

/** How long a key counts as just rotated. */
const JUST_ROTATED_MS = 14 * DAY_MS;

/** Length of time in whole days, or in its largest unit below one: `6 d`, `5 h`. */
export function daysWords(ms: number): string {
  return formatDuration(ms, { parts: 1 });
}

/** True for a key that ends soon by its own expiry. */
export function isEndingSoon(row: Pick<KeyListRow, 'state' | 'expiresAt'>, nowMs: number): boolean {
  return row.state === 'active' && row.expiresAt !== null && row.expiresAt - nowMs <= EXPIRES_SOON_MS;
}

/** True for a key that works and that nobody used for a month. */
export function isUnused(row: Pick<KeyListRow, 'state' | 'lastUsedAt' | 'activatedAt'>, nowMs: number): boolean {
  const works = row.state === 'active' || row.state === 'rotating';
  return works && nowMs - (row.lastUsedAt ?? row.activatedAt ?? nowMs) > UNUSED_MS;
}

/** Where a key stands, in a word and a line under it. */
export function stateWords(row: KeyListRow, at: At): StateWords {
  const { nowMs, zone } = at;
  const day = (instant: number) => formatDay(instant, zone, nowMs);
  const ended = row.endedAt === null ? '' : ` ${day(row.endedAt)}`;
  switch (row.state) {
    case 'active':
      return activeWords(row, at);
    case 'rotating':
      return rotatingWords(row, nowMs);
    case 'pending':
      return { tone: 'info', glyph: 'planned', word: 'Waits for its link', second: 'not drawn yet' };
    case 'quarantined':
      return { tone: 'crit', word: 'Quarantined', second: becauseOf(row) };
    case 'owner_suspended':
      return { tone: 'warn', word: 'Owner suspended', second: row.owner?.name ?? 'its owner is gone' };
    case 'revoked':
      return { tone: 'none', word: `Revoked${ended}`, second: becauseOf(row) };
    case 'rotated':
      return { tone: 'none', word: `Ended${ended}`, second: 'by its rotation' };
    case 'expired':
      return { tone: 'none', word: `Expired${ended}`, second: 'by its own date' };
  }
}

function activeWords(row: KeyListRow, at: At): StateWords {
  return dueWords(row, at) ?? calmWords(row, at);
}

/** What is wrong or about to be; null while nothing is. */
function dueWords(row: KeyListRow, { nowMs }: At): StateWords | null {
  const { rotationDueAt: due, expiresAt } = row;
  if (due !== null && due <= nowMs) {
    return { tone: 'crit', word: `Overdue by ${daysWords(nowMs - due)}`, second: `was due ${policyDay(due, nowMs)}` };
  }
  if (expiresAt !== null && isEndingSoon(row, nowMs)) {
    const second = isUnused(row, nowMs) ? 'let it lapse, or rotate' : 'rotate it before';
    return { tone: 'warn', word: `Expires in ${daysWords(expiresAt - nowMs)}`, second };
  }
  if (due === null || !row.isDue) return null;
  return { tone: 'warn', word: `Due in ${daysWords(due - nowMs)}`, second: `rotate by ${policyDay(due, nowMs)}` };
}

function calmWords({ rotationDueAt: due, expiresAt, previous }: KeyListRow, { nowMs, zone }: At): StateWords {
  const rotatedAt = previous?.endedAt ?? null;
  if (rotatedAt !== null && nowMs - rotatedAt <= JUST_ROTATED_MS) {
    const second = due === null ? '' : `next ${policyDay(due, nowMs)}`;
    return { tone: 'ok', word: `Rotated ${formatDay(rotatedAt, zone, nowMs)}`, second };
  }
  const second = expiresAt === null ? 'does not expire' : `expires in ${daysWords(expiresAt - nowMs)}`;
  return { tone: 'ok', word: 'Active', second };
}

/** Days of a policy are days of UTC. */
function policyDay(due: number, nowMs: number): string {
  return formatDay(due, utc, nowMs);
}

function rotatingWords(row: KeyListRow, nowMs: number): StateWords {
  const left = row.stopsAt === null ? '' : `, ${daysWords(row.stopsAt - nowMs)} left`;
  const moved = row.rotation?.moved ?? 0;
  const second =
    row.consumers === 0
      ? 'no consumer is named'
      : `${formatCount(moved)} of ${formatCount(row.consumers)} ${row.consumers === 1 ? 'consumer' : 'consumers'} moved`;
  return { tone: 'info', word: `Rotating${left}`, second };
}

function becauseOf({ endReason, endedByName }: KeyListRow): string {
  const parts = [endReason, endedByName].filter((part) => part !== null && part !== '');
  return parts.length === 0 ? 'no reason is recorded' : parts.join(', ');
}

/** Calls a minute: `4,120 / min`, `0.4 / min`, `21 / min of 60`. */
export function rateWords({ ratePerMin, rateLimitPerMin }: Pick<KeyListRow, 'ratePerMin' | 'rateLimitPerMin'>): string {
  const rate = ratePerMin >= 10 ? formatCount(Math.round(ratePerMin)) : formatDecimal(ratePerMin, 1);
  const of = rateLimitPerMin === null ? '' : ` of ${formatCount(rateLimitPerMin)}`;
  return `${rate} / min${of}`;
}

/** The column of requests: the rate now, and since when there is none. */
export function requestWords(row: KeyListRow, nowMs: number): { words: string; second: string | null } {
  const refused = row.refusedToday === 0 ? null : `${formatCount(row.refusedToday)} refused today`;
  if (row.endedAt !== null || row.state === 'quarantined' || row.state === 'owner_suspended') {
    return { words: refused ?? 'none today', second: null };
  }
  if (row.activatedAt === null) return { words: 'not drawn yet', second: refused };
  if (row.ratePerMin > 0) return { words: rateWords(row), second: refused };
  if (row.lastUsedAt === null) return { words: '0, never used', second: refused };
  if (isUnused(row, nowMs)) return { words: `0, unused ${daysWords(nowMs - row.lastUsedAt)}`, second: refused };
  return { words: '0 / min', second: refused ?? `last ${formatAge(nowMs - row.lastUsedAt)}` };
}

/** What the bars of a row show, for those who do not see them. */
export function barWords(row: KeyListRow, at: At): string {
  const day = (instant: number) => formatDay(instant, at.zone, at.nowMs);
  const began = row.activatedAt === null ? 'Not drawn yet' : `Works since ${day(row.activatedAt)}`;
  if (row.endedAt !== null) {
    return row.activatedAt === null
      ? `Never drawn, ended ${day(row.endedAt)}.`
      : `Worked ${day(row.activatedAt)} to ${day(row.endedAt)}.`;
  }
  const until = row.stopsAt === null ? 'does not end by itself' : `ends ${day(row.stopsAt)}`;
  const due =
    row.rotationDueAt !== null && row.rotationDueAt < at.nowMs ? `, overdue since ${day(row.rotationDueAt)}` : '';
  return `${began}, ${until}${due}.${pairWords(row, day)}`;
}

function pairWords({ rotation, previous }: KeyListRow, day: (instant: number) => string): string {
  if (rotation !== null) {
    const { activatedAt, stopsAt } = rotation.successor;
    const since = activatedAt === null ? 'not drawn yet' : `works since ${day(activatedAt)}`;
    return ` Its successor ${since}${stopsAt === null ? '' : ` and ends ${day(stopsAt)}`}.`;
  }
  return previous?.endedAt == null ? '' : ` The key before ended ${day(previous.endedAt)}.`;
}
