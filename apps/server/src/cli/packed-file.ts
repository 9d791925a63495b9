import { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';

/** A file of any bytes as text, for the way into the running console: compressed, in base64. */
export function packFile(bytes: Uint8Array): string {
  return gzipSync(bytes).toString('base64');
}

/** The bytes of a packed file, piece by piece: whoever reads them decides how many are too many. */
export function unpackFile(text: string): AsyncIterable<Uint8Array> {
  return Readable.from([Buffer.from(text, 'base64')]).pipe(createGunzip());
}
