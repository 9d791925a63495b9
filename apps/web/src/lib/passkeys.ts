import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { ApiOutputs } from './api.ts';

type AskedFor = NonNullable<ApiOutputs['session']['stepUpOptions']['passkey']>;
type CreationAskedFor = ApiOutputs['account']['startPasskey']['options'];

/**
 * Has the browser use a passkey. The library that speaks to it comes with the first call. Rejects with the browser's own
 * error when the person turns it down.
 */
export async function answerWithPasskey(asked: AskedFor): Promise<AuthenticationResponseJSON> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  return startAuthentication({ optionsJSON: requestOptions(asked) });
}

/** True when this browser knows passkeys, and this address is one it lets them be used at. */
export function knowsPasskeys(): boolean {
  return window.isSecureContext && 'PublicKeyCredential' in window;
}

/** True when the browser can offer its passkeys in the list under a field, before anybody asks. */
export async function offersPasskeys(): Promise<boolean> {
  if (!knowsPasskeys() || !('isConditionalMediationAvailable' in PublicKeyCredential)) return false;
  return PublicKeyCredential.isConditionalMediationAvailable();
}

/**
 * Waits until somebody picks a passkey in the list under the user name. Rejects as soon as another passkey is asked for, or
 * `forgetPasskeys` is called.
 */
export async function awaitPickedPasskey(asked: AskedFor): Promise<AuthenticationResponseJSON> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  return startAuthentication({ optionsJSON: requestOptions(asked), useBrowserAutofill: true });
}

/** Takes back whatever was asked of the browser. */
export async function forgetPasskeys(): Promise<void> {
  const { WebAuthnAbortService } = await import('@simplewebauthn/browser');
  WebAuthnAbortService.cancelCeremony();
}

/** Has the browser make a passkey. Rejects with the browser's own error when the person turns it down. */
export async function makePasskey(asked: CreationAskedFor): Promise<RegistrationResponseJSON> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  return startRegistration({ optionsJSON: creationOptions(asked) });
}

const browserWords: Readonly<Record<string, string>> = {
  NotAllowedError: 'The browser did not confirm the passkey.',
  AbortError: 'The browser did not confirm the passkey.',
  InvalidStateError: 'This device holds a passkey of yours already.',
  SecurityError: 'The browser does not let passkeys be used at this address.',
  NotSupportedError: 'This browser cannot make such a passkey.',
};

/** What the browser itself refused, in words; null when the refusal is not the browser's. */
export function browserRefusal(error: unknown): string | null {
  return error instanceof Error ? (browserWords[error.name] ?? null) : null;
}

/** The server sends the library's own JSON; on its way through JSON only the names of the transports lose their type. */
function requestOptions(asked: AskedFor): PublicKeyCredentialRequestOptionsJSON {
  return asked as PublicKeyCredentialRequestOptionsJSON;
}

/** As above, for making one. */
function creationOptions(asked: CreationAskedFor): PublicKeyCredentialCreationOptionsJSON {
  return asked as PublicKeyCredentialCreationOptionsJSON;
}
