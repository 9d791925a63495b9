import { z } from 'zod';
import { isBuiltInRole, type GrantScope, type Permission } from '../permissions/index.ts';
import { DAY_MS, HOUR_MS, LAST_INSTANT_MS, MINUTE_MS } from '../time/index.ts';
import { emailAddress } from './email.ts';
import { newPassword } from './password.ts';
import { actReason, userId } from './people.ts';
import { grantPlatform } from './schemas.ts';
import { personName } from './text.ts';

/** How long an invitation may be open, and how long it is unless said otherwise. */
export const MIN_INVITATION_MS = HOUR_MS;
export const MAX_INVITATION_MS = 14 * DAY_MS;
export const INVITATION_MS = 3 * DAY_MS;
/** How long a link back in works. */
export const RESET_LINK_MS = 30 * MINUTE_MS;

/** The secret of a link: 256 bits. */
export const linkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'open the whole link again; part of it is missing');

/** The name of a built-in role, or the id of a custom one. */
export const roleName = z
  .string()
  .max(50)
  .refine(
    (text) => isBuiltInRole(text) || /^role_[A-Za-z0-9_-]{4,40}$/.test(text),
    'name a role; see the list of roles',
  );

/** A role on a platform (`*`: all) someone might be invited to. */
export const previewInviteInput = z.strictObject({ role: roleName, platform: grantPlatform });
export type PreviewInviteInput = z.output<typeof previewInviteInput>;

/** What an invited person will be able to do, and whether the caller may invite to it. */
export interface InvitePreview {
  role: string;
  title: string;
  platform: string;
  /** Names of the platforms they will see, in order of name. */
  platforms: string[];
  permissions: { permission: Permission; sentence: string }[];
  /** The same as grants, to tell which pages will be open to them. */
  grants: GrantScope[];
  /** Why the caller may not invite to this role, or null when they may. */
  refusal: string | null;
  /** True when somebody else has to approve the invitation first. */
  needsApproval: boolean;
}

/** A new person, what they are invited to, and why. */
export const inviteInput = z.strictObject({
  name: personName,
  email: emailAddress,
  role: roleName,
  platform: grantPlatform,
  reason: actReason,
  /** How long the link works (ms). */
  lifeMs: z
    .number()
    .int()
    .min(MIN_INVITATION_MS, 'use at least an hour')
    .max(MAX_INVITATION_MS, 'use at most 14 days')
    .default(INVITATION_MS),
  /** End of the role (epoch ms); null: until it is taken back. */
  grantExpiresAt: z.number().int().max(LAST_INSTANT_MS, 'must be before the year 10000').nullable().default(null),
  /** Mail the link where a mail server is configured; otherwise it is shown to the inviter once. */
  sendMail: z.boolean().default(true),
});
export type InviteInput = z.output<typeof inviteInput>;

/** Which invited person; the newest invitation of theirs is meant. */
export const resendInviteInput = z.strictObject({
  id: userId,
  lifeMs: inviteInput.shape.lifeMs,
  sendMail: inviteInput.shape.sendMail,
});
export type ResendInviteInput = z.output<typeof resendInviteInput>;

export const revokeInviteInput = z.strictObject({ id: userId, reason: actReason });
export type RevokeInviteInput = z.output<typeof revokeInviteInput>;

/** A link that was made. Instants are epoch ms. */
export interface NewLink {
  userId: string;
  /** Path and fragment on this console, e.g. `/invite#…`, shown this once; null when the link was mailed to the person. */
  path: string | null;
  expiresAt: number;
}

export const invitationInput = z.strictObject({ token: linkToken });

/** What the person invited sees before they accept. Instants are epoch ms. */
export interface InvitationView {
  invitedBy: string;
  name: string;
  email: string;
  role: string;
  title: string;
  platform: string;
  /** What people call the platform; null where the role is for all. */
  platformName: string | null;
  permissions: { permission: Permission; sentence: string }[];
  expiresAt: number;
}

export const acceptInviteInput = z.strictObject({ token: linkToken, name: personName, password: newPassword });
export type AcceptInviteInput = z.output<typeof acceptInviteInput>;

export const resetLinkKinds = ['password', 'factors'] as const;
export type ResetLinkKind = (typeof resetLinkKinds)[number];

/** A way back in for somebody: `password` lets them set a new one, `factors` takes their second factors off. */
export const sendResetLinkInput = z.strictObject({
  id: userId,
  kind: z.enum(resetLinkKinds, 'use password or factors'),
  reason: actReason,
});
export type SendResetLinkInput = z.output<typeof sendResetLinkInput>;

/** What the person sees before they use a link back in. Instants are epoch ms. */
export interface ResetLinkView {
  kind: ResetLinkKind;
  name: string;
  expiresAt: number;
}

/** `password` is needed for links of that kind, and refused with others. */
export const applyResetLinkInput = z.strictObject({ token: linkToken, password: newPassword.optional() });
export type ApplyResetLinkInput = z.output<typeof applyResetLinkInput>;
