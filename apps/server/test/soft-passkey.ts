import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PasskeyAssertion, PasskeyRegistration } from '@qd/shared/users';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

/** What one answer of the authenticator claims; true to the request unless a test says otherwise. */
export interface Claim {
  challenge: string;
  origin?: string;
  rpId?: string;
  isVerified?: boolean;
  /** Signature counter; one more than the last by default. */
  counter?: number;
}

/** An authenticator in software, with one ES256 passkey: it answers as a browser would. */
export interface SoftPasskey {
  id: string;
  create(claim: Claim): PasskeyRegistration;
  use(claim: Claim): PasskeyAssertion;
}

/** A fresh passkey. */
export function createSoftPasskey(): SoftPasskey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rawId = randomBytes(32);
  const id = rawId.toString('base64url');
  let counter = 0;
  const authenticatorData = (claim: Claim, flags: number): Buffer => {
    counter = claim.counter ?? counter + 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const user = claim.isVerified === false ? PRESENT : PRESENT | VERIFIED;
    return Buffer.concat([sha256(claim.rpId ?? 'localhost'), Buffer.of(flags | user), count]);
  };
  return {
    id,
    create(claim) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(rawId.length);
      const key = publicKey.export({ format: 'jwk' });
      // COSE_Key of an ES256 key (RFC 9053 §7.1.1): kty EC2, alg, crv P-256, x, y.
      const cose = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Uint8Array.from(Buffer.from(key.x ?? '', 'base64url'))],
        [-3, Uint8Array.from(Buffer.from(key.y ?? '', 'base64url'))],
      ]);
      const authData = Buffer.concat([
        authenticatorData(claim, ATTESTED),
        Buffer.alloc(16),
        length,
        rawId,
        isoCBOR.encode(cose),
      ]);
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', Uint8Array.from(authData)],
      ]);
      return {
        ...credential(id),
        response: {
          clientDataJSON: clientData('webauthn.create', claim).toString('base64url'),
          attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    use(claim) {
      const client = clientData('webauthn.get', claim);
      const authData = authenticatorData(claim, 0);
      const signature = sign(
        'sha256',
        Buffer.concat([authData, createHash('sha256').update(client).digest()]),
        privateKey,
      );
      return {
        ...credential(id),
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      };
    },
  };
}

function credential(id: string) {
  return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
}

function clientData(type: string, { challenge, origin = 'http://localhost:5080' }: Claim): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }), 'utf8');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
