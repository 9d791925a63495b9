import type { Exclusion, ExclusionCategory, ExclusionInput } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { fromLocalField, toLocalField } from '../../../lib/local-field.ts';
import { localZone } from '../../../lib/zone.ts';
import { draftOfRule, onceDraft, recurrenceDraftFault, ruleOf, type RecurrenceDraft } from './recurrence-draft.ts';

/** What stands in the form: text as typed, local times in the zone of the exclusion. */
export interface ExclusionDraft {
  platformId: string;
  sloId: string | null;
  category: ExclusionCategory;
  reason: string;
  /** `YYYY-MM-DDTHH:MM` by the wall clock of `timeZone`. */
  starts: string;
  ends: string;
  recurrence: RecurrenceDraft;
  timeZone: string;
}

export type DraftField = 'platformId' | 'reason' | 'starts' | 'ends' | 'recurrence' | 'timeZone';
export type DraftFaults = Partial<Record<DraftField, string>>;

const MAX_DURATION_MS = 31 * DAY_MS;
const LEAST_REASON = 3;

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** An empty form about a stretch of time. */
export function newDraft(about: {
  platformId: string;
  sloId: string | null;
  startAt: number;
  endAt: number;
  reason: string;
  timeZone: string;
}): ExclusionDraft {
  const { platformId, sloId, startAt, endAt, reason, timeZone } = about;
  return {
    platformId,
    sloId,
    category: 'maintenance',
    reason,
    starts: toLocalField(startAt, localZone(timeZone)),
    ends: toLocalField(endAt, localZone(timeZone)),
    recurrence: onceDraft,
    timeZone,
  };
}

/** A stored exclusion as the form shows it. */
export function draftOf(exclusion: Exclusion): ExclusionDraft {
  const { platformId, sloId, category, reason, startsAt, durationMs, rrule, timeZone } = exclusion;
  const starts = toLocalField(startsAt, localZone(timeZone));
  return {
    platformId,
    sloId,
    category,
    reason,
    starts,
    ends: toLocalField(startsAt + durationMs, localZone(timeZone)),
    recurrence: draftOfRule(rrule, starts.slice(0, 10)),
    timeZone,
  };
}

function timeFaults({ starts, ends, timeZone }: ExclusionDraft): DraftFaults {
  const start = fromLocalField(starts, localZone(timeZone));
  const end = fromLocalField(ends, localZone(timeZone));
  const faults: DraftFaults = {};
  if (start === null) faults.starts = 'Give the day and the time of the start.';
  if (end === null) faults.ends = 'Give the day and the time of the end.';
  if (start === null || end === null) return faults;
  if (end - start < MINUTE_MS) return { ends: 'The end must be at least a minute after the start.' };
  return end - start > MAX_DURATION_MS ? { ends: 'At most 31 days at once.' } : faults;
}

/** What keeps a draft from being sent, by field, in words that say what to do. */
export function draftFaults(draft: ExclusionDraft): DraftFaults {
  const faults: DraftFaults = {};
  if (draft.platformId === '') faults.platformId = 'Choose a platform.';
  if (draft.reason.trim().length < LEAST_REASON) faults.reason = 'Say why, in at least 3 characters.';
  if (!isZone(draft.timeZone)) faults.timeZone = 'Write a time zone such as Europe/Berlin, or UTC.';
  else Object.assign(faults, timeFaults(draft));
  const rule = recurrenceDraftFault(draft.recurrence, draft.starts.slice(0, 10));
  if (rule !== null) faults.recurrence = rule;
  return faults;
}

/** What is sent, or null while the draft has faults. */
export function inputOf(draft: ExclusionDraft): ExclusionInput | null {
  if (Object.keys(draftFaults(draft)).length > 0) return null;
  const zone = localZone(draft.timeZone);
  const startsAt = fromLocalField(draft.starts, zone);
  const endsAt = fromLocalField(draft.ends, zone);
  if (startsAt === null || endsAt === null) return null;
  return {
    platformId: draft.platformId,
    sloId: draft.sloId,
    category: draft.category,
    reason: draft.reason.trim(),
    startsAt,
    durationMs: endsAt - startsAt,
    rrule: ruleOf(draft.recurrence, draft.starts.slice(0, 10)),
    timeZone: draft.timeZone,
  };
}
