import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { passkeyRegistration, totpCode } from './factors.ts';
import { newPassword, presentedPassword } from './password.ts';
import { personName } from './text.ts';

const id = z.string().min(1).max(1_400);
const ticket = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is damaged; start again');

export const updateAccountInput = z.strictObject({ name: personName, version: z.number().int().min(1) });
export type UpdateAccountInput = z.output<typeof updateAccountInput>;

export const changePasswordInput = z.strictObject({ password: presentedPassword, newPassword });
export type ChangePasswordInput = z.output<typeof changePasswordInput>;

export const startTotpInput = z.strictObject({ label: personName.default('Authenticator app') });
export const confirmTotpInput = z.strictObject({ id, code: totpCode });
export type ConfirmTotpInput = z.output<typeof confirmTotpInput>;
export const factorIdInput = z.strictObject({ id });
export const finishPasskeyInput = z.strictObject({ ticket, label: personName, response: passkeyRegistration });
export type FinishPasskeyInput = z.output<typeof finishPasskeyInput>;
export const renamePasskeyInput = z.strictObject({ id, label: personName });
export type RenamePasskeyInput = z.output<typeof renamePasskeyInput>;
export const sessionIdInput = z.strictObject({ id: z.string().max(60) });
export const accountSessionsInput = pageInput.strict();

/** An authenticator app as its owner sees it. Instants are epoch ms. */
export interface TotpView {
  id: string;
  label: string;
  createdAt: number;
  lastUsedAt: number | null;
}

/** A passkey as its owner sees it. Instants are epoch ms. */
export interface PasskeyView extends TotpView {
  /** True when the passkey is kept by a service that copies it to other devices. */
  isSynced: boolean;
}

/** What a person sees of their own account. Instants are epoch ms. */
export interface AccountView {
  id: string;
  name: string;
  email: string;
  version: number;
  hasPassword: boolean;
  totp: TotpView[];
  passkeys: PasskeyView[];
  recoveryCodesLeft: number;
  /** True when a role of the person asks for a second factor: the last one then cannot be removed. */
  isFactorRequired: boolean;
  /** Instant by which a factor must be set up; null when none is missing. */
  enrolBy: number | null;
  /** Why passkeys cannot be used at this address, or null when they can. */
  passkeyObstacle: string | null;
}

/** A started authenticator app. The secret is shown this once. */
export interface StartedTotp {
  id: string;
  /** Base 32, for typing in. */
  secret: string;
  /** `otpauth://` address for a QR code. */
  uri: string;
}

/** Codes for the day the phone is lost, shown this once; null when the person has codes already. */
export interface NewFactor {
  id: string;
  recoveryCodes: string[] | null;
}

/** Where a session is used from. */
export const networkKinds = ['this machine', 'private network', 'internet', 'unknown'] as const;
export type NetworkKind = (typeof networkKinds)[number];

/** A signed-in browser. Instants are epoch ms. */
export interface SessionRow {
  id: string;
  /** E.g. `Firefox on Linux`. */
  device: string;
  network: NetworkKind;
  address: string;
  method: 'password' | 'passkey' | 'oidc' | 'link';
  assurance: 1 | 2;
  createdAt: number;
  lastSeenAt: number;
  /** When it ends at the latest if it is not used. */
  idleExpiresAt: number;
  expiresAt: number;
  isCurrent: boolean;
}
