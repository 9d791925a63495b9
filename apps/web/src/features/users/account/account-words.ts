import type { AccountView } from '@qd/shared/users';
import type { Tone } from '../../../ui/tone.ts';

/** The sentence over the account, in two parts: the second carries the state. */
export interface AccountCall {
  lead: string;
  rest: string;
  tone: Tone | null;
}

function count(number: number, one: string, many: string): string[] {
  return number === 0 ? [] : [number === 1 ? `1 ${one}` : `${number} ${many}`];
}

/** Number of codes at which one is told to make new ones. */
const FEW_CODES = 3;

/** How well the account is protected; `by` names the instant a factor must be set up by, as the reader writes it. */
export function accountCall(account: AccountView, by: string | null): AccountCall {
  const { totp, passkeys, recoveryCodesLeft, isFactorRequired, hasPassword } = account;
  const factors = [
    ...count(totp.length, 'authenticator app', 'authenticator apps'),
    ...count(passkeys.length, 'passkey', 'passkeys'),
  ].join(' and ');
  if (factors === '') {
    const lead = hasPassword
      ? 'A password alone opens your account.'
      : 'Your identity provider alone opens your account.';
    if (by !== null) return { lead, rest: `Your role asks for a second factor by ${by}.`, tone: 'crit' };
    return isFactorRequired
      ? { lead, rest: 'Your role asks for a second factor.', tone: 'crit' }
      : { lead, rest: 'Add a second factor.', tone: 'warn' };
  }
  const lead = `Your account is protected by ${factors}.`;
  if (recoveryCodesLeft === 0) return { lead, rest: 'No recovery code is left.', tone: 'warn' };
  if (recoveryCodesLeft <= FEW_CODES) {
    return {
      lead,
      rest: `Only ${count(recoveryCodesLeft, 'recovery code is', 'recovery codes are')[0]} left.`,
      tone: 'warn',
    };
  }
  return { lead, rest: `${recoveryCodesLeft} recovery codes are left.`, tone: null };
}

/** An instant the server noted, never ahead of a clock that ticks only now and then. */
export function pastOf(at: number, now: number): number {
  return Math.min(at, now);
}

const networkWords = {
  'this machine': 'this machine',
  'private network': 'private network',
  internet: 'internet',
  unknown: 'unknown network',
} as const;

/** Where a session is used from: `10.0.0.4, private network`. */
export function placeWords(session: { address: string; network: keyof typeof networkWords }): string {
  return `${session.address}, ${networkWords[session.network]}`;
}

const methodWords = {
  password: 'Password',
  passkey: 'Passkey',
  oidc: 'Identity provider',
  link: 'One-time link',
} as const;

/** How a session was begun: `Password and second factor`. */
export function methodOf(session: { method: keyof typeof methodWords; assurance: 1 | 2 }): string {
  const first = methodWords[session.method];
  return session.assurance === 2 && session.method !== 'passkey' ? `${first} and second factor` : first;
}
