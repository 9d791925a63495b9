import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { DirectoryRow, SignInWays, UserState } from '@qd/shared/users';
import { formatAge, formatClock, formatDateTime, formatDay, formatDuration } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import type { GlyphName } from '../../ui/glyph.tsx';
import type { Tone } from '../../ui/tone.ts';

/** A state as shape, colour and word. `tone` null: plain text. */
export interface Look {
  tone: Tone | null;
  glyph?: GlyphName;
  word: string;
}

export const stateLooks: Readonly<Record<UserState, Look>> = {
  active: { tone: 'ok', word: 'Active' },
  invited: { tone: 'info', glyph: 'info', word: 'Invited' },
  suspended: { tone: 'warn', word: 'Suspended' },
  offboarded: { tone: 'none', word: 'Has left' },
};

/** How somebody signs in, in a word: two-step, or what stands in its place. */
export function signInWord({ password, oidc, factors }: SignInWays): string {
  if (factors.some((kind) => kind !== 'recovery')) return '2-step';
  if (password) return 'No 2-step';
  return oidc ? 'Provider' : 'Link';
}

/** What the sign-in column says of a person: what needs a look comes before how they sign in. */
export function signInLook(row: DirectoryRow, now: number): Look {
  if (row.state !== 'active') return stateLooks[row.state];
  if (row.attention.includes('owner_without_second_factor')) return { tone: 'crit', word: 'No 2-step' };
  if (row.attention.includes('idle')) {
    const days = Math.floor((now - (row.lastSeenAt ?? row.createdAt)) / DAY_MS);
    return { tone: 'warn', word: `Idle ${days} d` };
  }
  return { tone: null, word: signInWord(row.signIn) };
}

/** The same in full, for the drawer: `Password and two-step`. */
export function signInSentence({ password, oidc, factors }: SignInWays): string {
  const ways = [password ? 'password' : '', oidc ? 'identity provider' : ''].filter(Boolean);
  const steps = [factors.includes('totp') ? 'two-step' : '', factors.includes('passkey') ? 'passkey' : ''].filter(
    Boolean,
  );
  const all = [...ways, ...steps];
  if (all.length === 0) return 'By link only';
  const text = all.length === 1 ? `${all[0]} only` : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** When somebody was last seen: relative under an hour, the clock today, else the day. */
export function seenWords(at: number | null, zone: Zone, now: number): string {
  if (at === null) return 'never';
  const age = now - at;
  if (age < 2 * MINUTE_MS) return 'just now';
  if (age < HOUR_MS) return formatAge(age);
  const day = formatDay(at, zone, now);
  return day === formatDay(now, zone, now) ? formatClock(at, zone, { withZone: true }) : day;
}

/** What the last column says: when an invitation ends, else when the person was last seen. */
export function lastColumnWords(row: DirectoryRow, zone: Zone, now: number): { words: string; title: string } {
  if (row.invitation !== null) {
    const left = row.invitation.expiresAt - now;
    const words = left > 0 ? `expires in ${formatDuration(left, { parts: 1 })}` : 'has expired';
    return { words, title: formatDateTime(row.invitation.expiresAt, zone, now) };
  }
  return {
    words: seenWords(row.lastSeenAt, zone, now),
    title: row.lastSeenAt === null ? 'Has never signed in' : formatDateTime(row.lastSeenAt, zone, now),
  };
}

/** Two letters for a platform: `HashInsight` → `HI`, `Web3 Audit` → `W3`. */
export function platformShort(name: string): string {
  const marks = name.replaceAll(/[^\p{Lu}\p{Nd}]/gu, '');
  return (marks.length >= 2 ? marks : name.toUpperCase()).slice(0, 2);
}

/** Titles of somebody's roles in the console, each once; wide ones first as the server gives them. */
export function roleTitlesOf(grants: readonly { title: string }[]): string[] {
  return [...new Set(grants.map((grant) => grant.title))];
}
