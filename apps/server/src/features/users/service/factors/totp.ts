import { TOTP_STEP_MS } from '@qd/shared/users';
import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Quarterdeck';
/** RFC 4226 §4 R6 recommends 160 bits. */
const SECRET_BYTES = 20;
/** Steps a clock may be off either way (RFC 6238 §5.2). */
const DRIFT_STEPS = 1;

/** A fresh secret of an authenticator app, base 32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The `otpauth://` address that puts a secret into an app. */
export function totpUri(secret: string, email: string): string {
  return totpOf(secret, email).toString();
}

/** The time step (RFC 6238) whose code this is, at most one away from the instant; null when it is none of them. */
export function totpStep(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = totpOf(secret, '').validate({ token: code, timestamp, window: DRIFT_STEPS });
  return delta === null ? null : Math.floor(timestamp / TOTP_STEP_MS) + delta;
}

function totpOf(secret: string, label: string): TOTP {
  const period = TOTP_STEP_MS / 1_000;
  return new TOTP({ issuer: ISSUER, label, secret, algorithm: 'SHA1', digits: 6, period });
}
