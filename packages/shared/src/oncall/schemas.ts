import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { platformId } from '../platforms/index.ts';
import { LAST_INSTANT_MS } from '../time/index.ts';
import { actReason, hiddenCharacterAt, userId, type UserState } from '../users/index.ts';
import type { CoverageGap } from './coverage.ts';
import { slotRoles, type SlotRole, type SlotState } from './slots.ts';

const MAX_NOTE = 500;

const instant = z.int('must be an instant in ms').min(0).max(LAST_INSTANT_MS, 'must be before the year 10000');

/** A line for whoever takes over; may be empty. */
const note = z
  .string()
  .trim()
  .max(MAX_NOTE, { error: `use at most ${MAX_NOTE} characters`, abort: true })
  .superRefine((text, context) => {
    const position = hiddenCharacterAt(text);
    if (position === null) return;
    context.addIssue({ code: 'custom', message: `has a hidden character at position ${position}; type it again` });
  });

/** Names one slot. */
export const slotId = z.string().regex(/^ocs_[\w-]{1,80}$/, 'names no slot');

/** A slot as it is entered; see `spanFault` for what its times must fit. Instants are epoch ms. */
export const createSlotInput = z.strictObject({
  platform: platformId,
  userId,
  role: z.enum(slotRoles),
  startsAt: instant,
  endsAt: instant,
  note: note.default(''),
});
export type CreateSlotInput = z.output<typeof createSlotInput>;

const version = z.int('must be the version that was seen').min(1);

/** Gives what is left of a slot to somebody else; `version` is the one the caller saw. */
export const handOverSlotInput = z.strictObject({ id: slotId, version, userId, reason: actReason });
export type HandOverSlotInput = z.output<typeof handOverSlotInput>;

/** Ends a slot now, or calls it off before it begins. */
export const endSlotInput = z.strictObject({ id: slotId, version, reason: actReason });
export type EndSlotInput = z.output<typeof endSlotInput>;

/** Slots held in a span, of a platform or a person, by their start; those that were called off only when asked for. */
export const listSlotsInput = pageInput
  .extend({
    platform: platformId.optional(),
    userId: userId.optional(),
    /** Held at this instant or later. */
    from: instant.optional(),
    /** Beginning before this instant. */
    to: instant.optional(),
    calledOff: z.boolean().default(false),
  })
  .strict()
  .superRefine(({ from, to }, context) => {
    if (from === undefined || to === undefined || from < to) return;
    context.addIssue({ code: 'custom', path: ['to'], message: 'must lie after from' });
  });
export type ListSlotsInput = z.output<typeof listSlotsInput>;

/** Of which platform; all that the caller may see when left out. */
export const coverageInput = z.strictObject({ platform: platformId.optional() });
export type CoverageInput = z.output<typeof coverageInput>;

/** Who can be put on call for a platform, by part of a name or address. */
export const slotPeopleInput = z.strictObject({
  platform: platformId,
  search: z.string().trim().max(100, 'use at most 100 characters').default(''),
});
export type SlotPeopleInput = z.output<typeof slotPeopleInput>;

/** Somebody who can be put on call. */
export interface SlotPerson {
  id: string;
  name: string;
  email: string;
}

/** A slot as people see it. Instants are epoch ms. */
export interface SlotView {
  id: string;
  platform: string;
  role: SlotRole;
  /** Anything but `active` is a warning: the person cannot come in. */
  person: { id: string; name: string; state: UserState };
  startsAt: number;
  /** When it ends or ended; before `plannedEndsAt` when it was given up early. */
  endsAt: number;
  plannedEndsAt: number;
  note: string;
  state: SlotState;
  version: number;
  /** How it was given up, null when it was not. */
  ended: { at: number; by: string | null; reason: string } | null;
  isDemo: boolean;
  createdAt: number;
}

/** Who is on call for a platform, and who comes next; null for nobody. */
export interface PlatformOnCall {
  platform: string;
  name: string;
  primary: SlotView | null;
  secondary: SlotView | null;
  nextPrimary: SlotView | null;
  nextSecondary: SlotView | null;
}

/** Time without a primary on a platform, in the next 14 days. */
export interface PlatformGaps {
  platform: string;
  name: string;
  /** The first of them, at most 50. */
  gaps: CoverageGap[];
  gapCount: number;
  /** Time without a primary, in all. */
  gapMs: number;
  /** Time of that with no secondary either. */
  nobodyMs: number;
}
