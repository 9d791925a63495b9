import { MAX_GRACE_HOURS, MAX_OVERLAP_DAYS, type RotationPreview } from '@qd/shared/api-keys';
import { emailAddress } from '@qd/shared/users';
import { isReason, REASON_MISSING } from '../../../lib/reason.ts';

/** A rotation as it is typed. */
export interface Draft {
  isEmergency: boolean;
  days: string;
  hasGrace: boolean;
  hours: string;
  scopes: readonly string[];
  reason: string;
  delivery: 'show' | 'claim';
  recipientName: string;
  recipientEmail: string;
}

/** The draft a rotation begins with: what the policy says. */
export function draftOf(preview: RotationPreview, isEmergency: boolean): Draft {
  return {
    isEmergency,
    days: String(preview.policyOverlapDays),
    hasGrace: false,
    hours: '24',
    scopes: preview.scopes,
    reason: '',
    delivery: preview.delivery.canShow ? 'show' : 'claim',
    recipientName: preview.delivery.recipients[0]?.name ?? '',
    recipientEmail: preview.delivery.recipients[0]?.email ?? '',
  };
}

/** A whole number a text stands for, or null. */
export function wholeOf(text: string): number | null {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : null;
}

/** Days of overlap meant by the draft; null when they cannot be read. */
export function overlapOf({ isEmergency, days }: Draft): number | null {
  const wanted = isEmergency ? 0 : wholeOf(days);
  return wanted === null || wanted > MAX_OVERLAP_DAYS ? null : wanted;
}

/** What is wrong with a draft, by field. */
export type Faults = Partial<
  Record<'days' | 'hours' | 'scopes' | 'reason' | 'recipientName' | 'recipientEmail', string>
>;

export function faultsOf(draft: Draft): Faults {
  const faults: Faults = {};
  if (overlapOf(draft) === null) faults.days = `Give whole days, 0 to ${MAX_OVERLAP_DAYS}.`;
  const hours = wholeOf(draft.hours);
  if (!draft.isEmergency && draft.hasGrace && (hours === null || hours > MAX_GRACE_HOURS)) {
    faults.hours = `Give whole hours, 0 to ${MAX_GRACE_HOURS}.`;
  }
  if (draft.scopes.length === 0) faults.scopes = 'Leave at least one scope.';
  if (!isReason(draft.reason)) faults.reason = REASON_MISSING;
  if (draft.delivery === 'claim') {
    if (draft.recipientName.trim() === '') faults.recipientName = 'Say who is to draw the key.';
    if (!emailAddress.safeParse(draft.recipientEmail).success)
      faults.recipientEmail = 'Give an address like ops@example.com.';
  }
  return faults;
}

/** What is sent for a draft without faults. */
export function inputOf(draft: Draft, preview: RotationPreview) {
  const { recipientName, recipientEmail } = draft;
  return {
    overlapDays: overlapOf(draft) ?? 0,
    graceHours: !draft.isEmergency && draft.hasGrace ? wholeOf(draft.hours) : null,
    reason: draft.reason.trim(),
    ...(draft.scopes.length < preview.scopes.length && { scopes: [...draft.scopes] }),
    delivery:
      draft.delivery === 'show'
        ? ({ kind: 'show' } as const)
        : ({ kind: 'claim', recipientName: recipientName.trim(), recipientEmail: recipientEmail.trim() } as const),
  };
}
