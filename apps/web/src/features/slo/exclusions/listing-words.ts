import type { Exclusion, ExclusionView } from '@qd/shared/slo';
import { formatDateTime, formatDuration } from '../../../lib/format.ts';
import { toLocalField } from '../../../lib/local-field.ts';
import { localZone } from '../../../lib/zone.ts';
import type { GlyphName } from '../../../ui/glyph.tsx';
import type { Tone } from '../../../ui/tone.ts';
import { instantWords, type Moment } from '../moment.ts';
import { spanWords } from '../span-words.ts';
import { recurrenceWords } from './recurrence-draft.ts';

/** When it is in force: once with its day, or how it recurs by its own clock. */
export function whenWords(exclusion: Exclusion, { zone, nowMs }: Moment): string {
  const { startsAt, durationMs, rrule, timeZone } = exclusion;
  if (rrule === null) return spanWords({ startAt: startsAt, endAt: startsAt + durationMs }, zone, nowMs);
  const starts = toLocalField(startsAt, localZone(timeZone));
  const often = recurrenceWords(rrule, starts.slice(0, 10));
  const capital = often.charAt(0).toUpperCase() + often.slice(1);
  return `${capital} at ${starts.slice(11)} ${timeZone}, for ${formatDuration(durationMs)}`;
}

export interface ExclusionLook {
  word: string;
  tone: Tone;
  glyph: GlyphName;
}

/** Where an exclusion stands: in force, planned, past, or withdrawn. */
export function exclusionLook(exclusion: ExclusionView): ExclusionLook {
  if (exclusion.withdrawnAt !== null) return { word: 'Withdrawn', tone: 'none', glyph: 'closed' };
  if (exclusion.inForce) return { word: 'In force', tone: 'info', glyph: 'half' };
  if (exclusion.next !== null) return { word: 'Planned', tone: 'info', glyph: 'planned' };
  return { word: 'Past', tone: 'none', glyph: 'done' };
}

/** What comes next: `until 03:00 UTC`, `22 Nov, 02:00 UTC`, or nothing. */
export function nextWords({ next, inForce, withdrawnAt }: ExclusionView, now: Moment): string {
  if (next === null || withdrawnAt !== null) return '';
  return inForce ? `until ${instantWords(next.endAt, now)}` : formatDateTime(next.startAt, now.zone, now.nowMs);
}

/** The call of the page: what is excluded now, and what is planned. */
export function exclusionsCall(rows: readonly ExclusionView[], hasMore: boolean): { lead: string; rest: string } {
  const live = rows.filter((row) => row.withdrawnAt === null);
  const inForce = live.filter((row) => row.inForce).length;
  const planned = live.filter((row) => !row.inForce && row.next !== null).length;
  if (inForce === 0 && planned === 0) return { lead: 'Nothing is excluded now, and nothing is planned.', rest: '' };
  const lead =
    inForce === 0
      ? 'Nothing is excluded now.'
      : `${inForce === 1 ? 'One exclusion is' : `${inForce} exclusions are`} in force.`;
  const more = hasMore ? ' among the newest' : '';
  const rest = planned === 0 ? 'Nothing else is planned' : `${planned === 1 ? 'One is' : `${planned} are`} planned`;
  return { lead, rest: `${rest}${more}.` };
}
