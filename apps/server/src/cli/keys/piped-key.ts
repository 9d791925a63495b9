import { crc32 } from 'node:zlib';
import { candidateOf, keyLike } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { CliIo } from '../io.ts';

/** A whole key from the standard input. Throws `invalid` for one that was typed as a word of the command. */
export async function pipedKey(io: CliIo, given: string): Promise<string> {
  if (given !== '-') throw typed();
  return (await io.readFile('-')).trim();
}

/** The id of a key as it was typed, or a whole key from the standard input. Throws `invalid` for a whole key that was typed. */
export async function idOrPipedKey(io: CliIo, given: string): Promise<string> {
  if (given === '-') return pipedKey(io, given);
  if (keyLike.test(given) || candidateOf(given, crc32) !== null) throw typed();
  return given;
}

function typed(): DomainError {
  const message = 'Give the key on the standard input and - in its place. The history of the shell would keep it.';
  return new DomainError('invalid', message);
}
