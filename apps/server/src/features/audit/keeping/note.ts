import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** First line of every checkpoint: what it is a statement about. */
const ORIGIN = 'quarterdeck audit';
const KEY_NAME = 'quarterdeck-audit';
/** Type of key (C2SP signed-note): Ed25519. */
const ED25519 = 1;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;

/** Where the chain stood: number and hash (32 bytes) of a row. */
export interface Checkpoint {
  seq: number;
  hash: Uint8Array;
}

/** A checkpoint as it was found, with its signature. */
export interface SignedCheckpoint extends Checkpoint {
  /** The text the signature is over. */
  text: string;
  /** 8 hex digits. */
  keyId: string;
  signature: Uint8Array;
}

/** What checks signatures; `text` is how it is written down: `name+key id+base64` (C2SP signed-note verifier key). */
export interface Verifier {
  text: string;
  keyId: string;
  key: KeyObject;
}

/** Signs checkpoints as text that can be kept anywhere (C2SP signed-note). */
export interface NoteSigner {
  verifier: Verifier;
  sign(checkpoint: Checkpoint): string;
}

/** A new key pair; the private part as PKCS #8 in PEM. */
export function generateNoteKey(): { privateKey: string; verifierKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    verifierKey: verifierText(publicKey),
  };
}

/** Signs with a private key in PEM. */
export function createNoteSigner(privateKeyPem: string): NoteSigner {
  const privateKey = createPrivateKey(privateKeyPem);
  const verifier = readVerifier(verifierText(createPublicKey(privateKey)));
  if (verifier === null) throw new Error('a key of our own must be readable');
  return {
    verifier,
    sign({ seq, hash }) {
      const text = `${ORIGIN}\n${seq}\n${base64(hash)}\n`;
      const signature = sign(null, Buffer.from(text, 'utf8'), privateKey);
      return `${text}\n— ${KEY_NAME} ${base64(Buffer.concat([Buffer.from(verifier.keyId, 'hex'), signature]))}\n`;
    },
  };
}

function verifierText(publicKey: KeyObject): string {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const typed = Buffer.concat([Buffer.of(ED25519), raw]);
  return `${KEY_NAME}+${keyIdOf(typed)}+${base64(typed)}`;
}

/** First bytes of SHA-256 over the name and the key, hex. */
function keyIdOf(typedKey: Uint8Array): string {
  const digest = createHash('sha256').update(`${KEY_NAME}\n`).update(typedKey).digest();
  return digest.subarray(0, KEY_ID_BYTES).toString('hex');
}

/** Reads a verifier key; null for anything that is not one of a console. */
export function readVerifier(text: string): Verifier | null {
  const [, keyId, encoded] = /^quarterdeck-audit\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? [];
  if (keyId === undefined || encoded === undefined) return null;
  const typed = Buffer.from(encoded, 'base64');
  if (typed[0] !== ED25519 || keyIdOf(typed) !== keyId) return null;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') };
  return { text: text.trim(), keyId, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

const note = /quarterdeck audit\n([1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n\n— quarterdeck-audit ([A-Za-z0-9+/]{91}=)\n/g;

/** Every whole note in a text; what stands between them is passed over. */
export function* readNotes(text: string): Generator<SignedCheckpoint> {
  for (const [, seq = '', hash = '', signed = ''] of text.matchAll(note)) {
    const bytes = Buffer.from(signed, 'base64');
    yield {
      seq: Number(seq),
      hash: Buffer.from(hash, 'base64'),
      text: `${ORIGIN}\n${seq}\n${hash}\n`,
      keyId: bytes.subarray(0, KEY_ID_BYTES).toString('hex'),
      signature: bytes.subarray(KEY_ID_BYTES, KEY_ID_BYTES + SIGNATURE_BYTES),
    };
  }
}

/** True if the holder of the key signed the checkpoint. */
export function isSignedBy({ text, keyId, signature }: SignedCheckpoint, { keyId: expected, key }: Verifier): boolean {
  return keyId === expected && verify(null, Buffer.from(text, 'utf8'), key, signature);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
