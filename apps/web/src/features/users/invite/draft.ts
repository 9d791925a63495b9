import { DAY_MS } from '@qd/shared/time';
import { inviteInput, type InviteInput } from '@qd/shared/users';
import type { Zone } from '../../../lib/zone.ts';
import { endOfDay } from '../day-end.ts';

/** What the form of an invitation says, as typed. */
export interface InviteDraft {
  name: string;
  email: string;
  role: string;
  platform: string;
  /** Days the link works. */
  days: string;
  /** Last day of the role; empty for no end. */
  until: string;
  reason: string;
  sendMail: boolean;
}

export const emptyDraft: InviteDraft = {
  name: '',
  email: '',
  role: '',
  platform: '*',
  days: '3',
  until: '',
  reason: '',
  sendMail: true,
};

export const linkDays = ['1', '3', '7', '14'] as const;

type Faults = Partial<Record<keyof InviteInput, string>>;

/** The input the draft stands for, or what is wrong with which field. */
export function readInvite(draft: InviteDraft, zone: Zone): { input: InviteInput } | { faults: Faults } {
  const { days, until, ...rest } = draft;
  const read = inviteInput.safeParse({
    ...rest,
    lifeMs: Number(days) * DAY_MS,
    grantExpiresAt: until === '' ? null : endOfDay(until, zone),
  });
  if (read.success) return { input: read.data };
  const faults: Faults = {};
  for (const { path, message } of read.error.issues) {
    const field = path[0] as keyof InviteInput;
    faults[field] ??= `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.');
  }
  return { faults };
}
