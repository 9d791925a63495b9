import * as crypto from 'node:crypto';
import { availableParallelism } from 'node:os';
import { DomainError } from '@qd/shared/errors';
import { argon2id } from 'hash-wasm';
import { formatPhc, parsePhc, type Argon2Params } from './password-phc.ts';

/** Strength of new hashes: argon2id with 19 MiB and two passes (OWASP Password Storage, first choice of the minimum settings). */
export const currentParams: Argon2Params = { memoryKib: 19_456, passes: 2, lanes: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const MAX_RUNNING = 4;
const MAX_WAITING = 64;
const RETRY_SECONDS = 2;

/** Computes argon2id; resolves to `length` bytes. */
export type Argon2id = (input: Argon2Input) => Promise<Uint8Array>;

export interface Argon2Input {
  password: string;
  salt: Uint8Array;
  params: Argon2Params;
  length: number;
}

/** Hashes and checks passwords, a few at a time. */
export interface Passwords {
  /** PHC string of a password. */
  hash(password: string): Promise<string>;
  /**
   * True if the password fits. With `null` (no such account, or none set) it works as long as for a real one and gives false,
   * so that the time of an answer does not tell which accounts exist.
   */
  verify(phc: string | null, password: string): Promise<boolean>;
  /** True if a hash was made with other settings than today's and should be renewed at the next sign-in. */
  isOutdated(phc: string): boolean;
}

/** Node's own argon2id, in its thread pool; undefined before Node 24.7. */
export const nativeArgon2id: Argon2id | undefined = hasNativeArgon2(crypto) ? fromNode(crypto.argon2) : undefined;

/** argon2id in WebAssembly: the same bytes, on the main thread. */
export const wasmArgon2id: Argon2id = ({ password, salt, params, length }) =>
  argon2id({
    password,
    salt,
    memorySize: params.memoryKib,
    iterations: params.passes,
    parallelism: params.lanes,
    hashLength: length,
    outputType: 'binary',
  });

/**
 * Passwords over an implementation of argon2id (by default the fastest there is). Each hash takes 19 MiB and a core for about
 * 20 ms, so at most four run and 64 wait; more are refused with `rate_limited`.
 */
export function createPasswords(compute: Argon2id = nativeArgon2id ?? wasmArgon2id): Passwords {
  const gate = createGate(Math.min(MAX_RUNNING, availableParallelism()));
  const dummy = formatPhc({
    params: currentParams,
    salt: crypto.randomBytes(SALT_BYTES),
    hash: crypto.randomBytes(HASH_BYTES),
  });
  return {
    hash: (password) =>
      gate(async () => {
        const salt = crypto.randomBytes(SALT_BYTES);
        const hash = await compute({ password, salt, params: currentParams, length: HASH_BYTES });
        return formatPhc({ params: currentParams, salt, hash });
      }),
    verify: (phc, password) =>
      gate(async () => {
        const { params, salt, hash } = parsePhc(phc ?? dummy);
        const found = await compute({ password, salt, params, length: hash.length });
        return crypto.timingSafeEqual(found, hash) && phc !== null;
      }),
    isOutdated: (phc) => {
      const { params } = parsePhc(phc);
      return (
        params.memoryKib !== currentParams.memoryKib ||
        params.passes !== currentParams.passes ||
        params.lanes !== currentParams.lanes
      );
    },
  };
}

function createGate(maxRunning: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= maxRunning) {
      if (waiting.length >= MAX_WAITING) {
        throw new DomainError('rate_limited', 'Too many people are signing in at once; try again in a moment.', {
          retryAfterSeconds: RETRY_SECONDS,
        });
      }
      // Whoever finishes hands its place over, so the number of running ones stays as it is.
      await new Promise<void>((start) => void waiting.push(start));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

type NodeArgon2 = (
  algorithm: 'argon2id',
  parameters: {
    message: Uint8Array;
    nonce: Uint8Array;
    parallelism: number;
    tagLength: number;
    memory: number;
    passes: number;
  },
  callback: (error: Error | null, key: Uint8Array) => void,
) => void;

function hasNativeArgon2(module: object): module is { argon2: NodeArgon2 } {
  return 'argon2' in module && typeof module.argon2 === 'function';
}

function fromNode(argon2: NodeArgon2): Argon2id {
  return ({ password, salt, params, length }) =>
    new Promise((done, fail) => {
      argon2(
        'argon2id',
        {
          message: Buffer.from(password, 'utf8'),
          nonce: salt,
          parallelism: params.lanes,
          tagLength: length,
          memory: params.memoryKib,
          passes: params.passes,
        },
        (error, key) => (error ? fail(error) : done(key)),
      );
    });
}
