import { DomainError } from '@qd/shared/errors';
import { PASSKEY_LIFE_MS, type PasskeyAssertion, type PasskeyRegistration } from '@qd/shared/users';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { PasskeyRow } from '../../queries/factors.ts';
import type { RelyingParty } from './relying-party.ts';

const RP_NAME = 'Quarterdeck';
/** EdDSA, ES256 and RS256 (COSE): what every authenticator speaks one of. Named, so that none is probed for at run time. */
const ALGORITHMS = [-8, -7, -257];

/** A passkey that was made and checked, without its owner. */
export type MadePasskey = Pick<PasskeyRow, 'id' | 'publicKey' | 'counter' | 'transports' | 'deviceType' | 'isBackedUp'>;

/** What a browser is asked in order to make a passkey that signs in by itself: kept by the device, its person verified. */
export function creationOptions(
  rp: RelyingParty,
  person: { id: string; email: string; name: string },
  known: readonly { id: string; transports: string[] }[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: rp.id,
    userID: Uint8Array.from(Buffer.from(person.id, 'utf8')),
    userName: person.email,
    userDisplayName: person.name,
    timeout: PASSKEY_LIFE_MS,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** What a browser is asked in order to use a passkey: one of `allowed`, or any it has for this console. */
export function requestOptions(
  rp: RelyingParty,
  allowed: readonly { id: string; transports: string[] }[] = [],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: rp.id,
    timeout: PASSKEY_LIFE_MS,
    userVerification: 'required',
    allowCredentials: allowed.map(({ id, transports }) => ({ id, transports })),
  });
}

/** The passkey a browser made for a challenge. Throws `invalid` when the answer does not fit what was asked. */
export async function verifyCreation(
  rp: RelyingParty,
  given: { response: PasskeyRegistration; challenge: string },
): Promise<MadePasskey> {
  const { transports, ...response } = given.response.response;
  const verified = await answered(() =>
    verifyRegistrationResponse({
      response: { ...plain(given.response), response },
      expectedChallenge: given.challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!verified?.verified) throw new DomainError('invalid', 'The passkey does not fit what was asked; start again.');
  const { credential, credentialDeviceType, credentialBackedUp } = verified.registrationInfo;
  return {
    id: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: transports ?? [],
    deviceType: credentialDeviceType,
    isBackedUp: credentialBackedUp,
  };
}

/** What a passkey answered to a challenge, its signature checked; null when it does not fit. Its counter is the caller's to check. */
export async function verifyUse(
  rp: RelyingParty,
  given: { response: PasskeyAssertion; challenge: string; passkey: Pick<PasskeyRow, 'id' | 'publicKey'> },
): Promise<{ counter: number; isBackedUp: boolean } | null> {
  const { userHandle: _known, ...response } = given.response.response;
  const verified = await answered(() =>
    verifyAuthenticationResponse({
      response: { ...plain(given.response), response },
      expectedChallenge: given.challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      requireUserVerification: true,
      // Zero, so that the library leaves a counter that went back to the caller, who must tell it from a wrong signature.
      credential: { id: given.passkey.id, publicKey: Uint8Array.from(given.passkey.publicKey), counter: 0 },
    }),
  );
  if (verified?.verified !== true) return null;
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  return { counter: newCounter, isBackedUp: credentialBackedUp };
}

function plain(response: { id: string; rawId: string; type: 'public-key' }) {
  const { id, rawId, type } = response;
  return { id, rawId, type, clientExtensionResults: {} };
}

/** The library throws for every kind of answer that does not fit; to the caller they are all alike. */
async function answered<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
