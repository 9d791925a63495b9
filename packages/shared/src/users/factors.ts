import { z } from 'zod';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../time/index.ts';
import { presentedPassword } from './password.ts';

/** A password was right and a second factor is asked for: the ticket between the two lives this long. */
export const TICKET_LIFE_MS = 5 * MINUTE_MS;
/** Guesses at a second factor one ticket allows. */
export const TICKET_TRIES = 5;
/** How long a browser may take to answer for a passkey. */
export const PASSKEY_LIFE_MS = 5 * MINUTE_MS;
/** How long the proof of an act waits for the act. */
export const PROOF_LIFE_MS = 2 * MINUTE_MS;
/** Seconds a code of an authenticator app stands, as ms (RFC 6238 §5.2 recommends 30 s). */
export const TOTP_STEP_MS = 30 * SECOND_MS;
/** Factors of one kind a person may have. */
export const MAX_TOTP_FACTORS = 5;
export const MAX_PASSKEYS = 20;
/** Recovery codes a person is given at once. */
export const RECOVERY_CODES = 10;
/** Longest time of grace a policy may give. */
export const MAX_GRACE_MS = 90 * DAY_MS;

/** What signs a person in after the password. */
export const secondFactors = ['totp', 'passkey', 'recovery'] as const;
export type SecondFactor = (typeof secondFactors)[number];

/** What proves a person again before a dangerous act; a password only for people who have no second factor. */
export const proofMethods = [...secondFactors, 'password'] as const;
export type ProofMethod = (typeof proofMethods)[number];

const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is damaged; start again');
/** A ticket that this console sealed; longer than a plain token. */
const sealedTicket = z.string().regex(/^[A-Za-z0-9_-]{20,2000}$/, 'is damaged; start again');

/** A code of an authenticator app: six digits, blanks ignored. */
export const totpCode = z
  .string()
  .max(40, 'give the six digits')
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/, 'give the six digits the app shows'));

/** Letters of recovery codes (Crockford's base 32): none that looks like another. */
export const recoveryAlphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** The form in which recovery codes are hashed: lower case, no dashes or blanks, look-alikes read as what they look like. */
export function normalRecoveryCode(text: string): string {
  return text.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
}

/** A recovery code as printed or retyped: 16 letters and digits. */
export const recoveryCode = z
  .string()
  .max(80, 'give one code')
  .transform(normalRecoveryCode)
  .pipe(z.string().regex(/^[0-9a-hjkmnp-tv-z]{16}$/, 'give the 16 letters and digits of one code'));

const base64url = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/, 'is not what a browser sends');
const credential = {
  id: base64url(1_400),
  rawId: base64url(1_400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  // What extensions answered decides nothing here and is dropped.
  clientExtensionResults: z
    .unknown()
    .transform((): Record<string, never> => ({}))
    .optional()
    .default({}),
};

/** What a browser answers when it made a passkey (RegistrationResponseJSON of WebAuthn). */
export const passkeyRegistration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(8_000),
    attestationObject: base64url(40_000),
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
});
export type PasskeyRegistration = z.output<typeof passkeyRegistration>;

/** What a browser answers when it used a passkey (AuthenticationResponseJSON of WebAuthn). */
export const passkeyAssertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(8_000),
    authenticatorData: base64url(8_000),
    signature: base64url(4_000),
    userHandle: base64url(200).nullish(),
  }),
});
export type PasskeyAssertion = z.output<typeof passkeyAssertion>;

/** Answer of a sign-in with a password: in, or a ticket for the second factor. */
export type SignInAnswer = { ok: true } | { next: 'second_factor'; ticket: string; methods: SecondFactor[] };

/** The second factor of a sign-in. Passkeys come through `signInWithPasskey`. */
export const secondFactorInput = z.union(
  [z.strictObject({ ticket: secret, code: totpCode }), z.strictObject({ ticket: secret, recoveryCode })],
  'give the ticket, and either a code or a recovery code',
);
export type SecondFactorInput = z.output<typeof secondFactorInput>;

/** Answer of a second factor that fitted. */
export interface SecondFactorAnswer {
  ok: true;
  /** Codes left after one was used; null when none was. */
  recoveryCodesLeft: number | null;
}

export const passkeySignInInput = z.strictObject({ ticket: sealedTicket, response: passkeyAssertion });
export type PasskeySignInInput = z.output<typeof passkeySignInInput>;

/**
 * Acts that set up a second factor. Nobody who lacks one could prove themselves by one, so a password will do for these even
 * where a role requires a factor.
 */
export const enrolmentActs: readonly string[] = ['account.startTotp', 'account.startPasskey'];

/** Hash of an act, as the refusal `step_up` names it. */
export const actHash = z.string().regex(/^[0-9a-f]{64}$/, 'give the act the refusal named');

export const stepUpOptionsInput = z.strictObject({ act: actHash });

/** Proof of oneself for one act. A passkey answers what `stepUpOptions` asked. */
export const stepUpInput = z.strictObject({
  act: actHash,
  proof: z.discriminatedUnion('method', [
    z.strictObject({ method: z.literal('totp'), code: totpCode }),
    z.strictObject({ method: z.literal('recovery'), code: recoveryCode }),
    z.strictObject({ method: z.literal('password'), password: presentedPassword }),
    z.strictObject({ method: z.literal('passkey'), response: passkeyAssertion }),
  ]),
});
export type StepUpInput = z.output<typeof stepUpInput>;
export type StepUpProof = StepUpInput['proof'];

/** Which people of a role must use a second factor. */
export const setFactorPolicyInput = z.strictObject({
  role: z.string().regex(/^([a-z]{2,20}|role_[A-Za-z0-9_-]{4,40})$/, 'name a role'),
  isRequired: z.boolean(),
  graceMs: z.number().int().min(0).max(MAX_GRACE_MS, 'use at most 90 days'),
  /** Version of the policy the change was made on; 0 where there is none yet. */
  version: z.number().int().min(0),
});
export type SetFactorPolicyInput = z.output<typeof setFactorPolicyInput>;

/**
 * From when the grace of a changed rule runs: from the change where it asks for more than before, otherwise as before.
 * Instants are epoch ms; `before` is null for a role without a rule.
 */
export function graceSince(
  before: { isRequired: boolean; graceMs: number; since: number } | null,
  after: { isRequired: boolean; graceMs: number },
  nowMs: number,
): number {
  if (before === null || !before.isRequired) return nowMs;
  return after.isRequired && after.graceMs < before.graceMs ? nowMs : before.since;
}

/** The rule of one role. Instants are epoch ms. */
export interface FactorPolicyView {
  role: string;
  title: string;
  isRequired: boolean;
  graceMs: number;
  /** Grace runs from here, or from a person's grant if that is later; null where no rule was ever set. */
  since: number | null;
  version: number;
}

/** How far the people of one role have come; counts of active people. */
export interface FactorCoverage {
  role: string;
  title: string;
  isRequired: boolean;
  people: number;
  withFactor: number;
  /** Without a factor, and still in grace. */
  inGrace: number;
  /** Without a factor, and grace is over: they can do nothing but set one up. */
  overdue: number;
}
