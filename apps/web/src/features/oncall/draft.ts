import { spanFault, type CreateSlotInput, type SlotPerson, type SlotRole } from '@qd/shared/oncall';
import { HOUR_MS } from '@qd/shared/time';
import { fromLocalField, toLocalField } from '../../lib/local-field.ts';
import type { Zone } from '../../lib/zone.ts';

/** What stands in the form: text as typed, times by the wall clock of the reader's zone. */
export interface SlotDraft {
  platform: string;
  role: SlotRole;
  person: SlotPerson | null;
  /** `YYYY-MM-DDTHH:MM`. */
  starts: string;
  ends: string;
  note: string;
}

export type DraftFaults = Partial<Record<'platform' | 'role' | 'userId' | 'startsAt' | 'endsAt' | 'note', string>>;

const USUAL_MS = 12 * HOUR_MS;

/** A form about a stretch of time; from now for half a day where none is given. */
export function newDraft(
  about: { platform: string; startsAt?: number; endsAt?: number },
  at: { nowMs: number; zone: Zone },
): SlotDraft {
  const startsAt = Math.max(about.startsAt ?? at.nowMs, at.nowMs);
  const endsAt = about.endsAt ?? startsAt + USUAL_MS;
  return {
    platform: about.platform,
    role: 'primary',
    person: null,
    starts: toLocalField(startsAt, at.zone),
    ends: toLocalField(endsAt, at.zone),
    note: '',
  };
}

/** What is sent, or what is wrong first, field by field. */
export function readDraft(
  draft: SlotDraft,
  { nowMs, zone }: { nowMs: number; zone: Zone },
): { input: CreateSlotInput | null; faults: DraftFaults } {
  const { platform, role, person, note } = draft;
  const [startsAt, endsAt] = [fromLocalField(draft.starts, zone), fromLocalField(draft.ends, zone)];
  const faults: DraftFaults = {};
  if (platform === '') faults.platform = 'Choose a platform.';
  if (person === null) faults.userId = 'Choose who is on call.';
  if (startsAt === null) faults.startsAt = 'Say when it begins.';
  if (endsAt === null) faults.endsAt = 'Say when it ends.';
  if (person === null || startsAt === null || endsAt === null || platform === '') return { input: null, faults };
  const fault = spanFault({ startsAt, endsAt }, nowMs);
  if (fault !== null) return { input: null, faults: { [fault.field]: sentence(fault.message) } };
  return { input: { platform, role, userId: person.id, startsAt, endsAt, note: note.trim() }, faults };
}

/** Faults of the server beside their fields. */
export function refusedFaults(fields: readonly { field: string; message: string }[]): DraftFaults {
  return Object.fromEntries(fields.map(({ field, message }) => [field, sentence(message)]));
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
