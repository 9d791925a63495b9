/** Cost of an argon2id hash. */
export interface Argon2Params {
  memoryKib: number;
  passes: number;
  lanes: number;
}

/** What a PHC string of argon2id says. */
export interface Phc {
  params: Argon2Params;
  salt: Uint8Array;
  hash: Uint8Array;
}

const shape =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,128})$/;

/** A stored string may ask for at most this much, so that a planted row cannot exhaust the machine. */
const MAX_MEMORY_KIB = 262_144;
const MAX_PASSES = 16;

/** PHC string (version 1.3 of argon2), base64 without padding. */
export function formatPhc({ params, salt, hash }: Phc): string {
  const { memoryKib, passes, lanes } = params;
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Takes a PHC string apart. Throws when it is not argon2id or asks for more than this console allows. */
export function parsePhc(text: string): Phc {
  const [, memory, passes, lanes, salt, hash] = shape.exec(text) ?? [];
  if (!memory || !passes || !lanes || !salt || !hash)
    throw new Error('a stored password hash is not an argon2id PHC string');
  const params = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  if (params.memoryKib > MAX_MEMORY_KIB || params.passes > MAX_PASSES) {
    throw new Error('a stored password hash asks for more memory or passes than allowed');
  }
  return { params, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
