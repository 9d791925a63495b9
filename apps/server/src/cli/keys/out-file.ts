import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { DomainError } from '@qd/shared/errors';

/** Where the output of a command goes that names a file for it. */
export interface OutFile {
  write(text: string): void;
  /** Closes it; a file nothing was written to is removed. */
  close(): void;
}

/**
 * Opens the file `qd keys create --out FILE` names, before any key is made: a new one, which only its owner may read. Null for
 * other commands. Throws `invalid` when it cannot be made.
 */
export function openOutFile(argv: readonly string[]): OutFile | null {
  const path = namedOut(argv);
  if (path === null) return null;
  const file = opened(path);
  let isEmpty = true;
  return {
    write: (text) => {
      isEmpty = false;
      writeSync(file, text);
    },
    close: () => {
      closeSync(file);
      if (isEmpty) rmSync(path);
    },
  };
}

function namedOut(argv: readonly string[]): string | null {
  if (argv[0] !== 'keys' || argv[1] !== 'create') return null;
  const at = argv.indexOf('--out');
  const joined = argv.map((word) => /^--out=(.+)$/.exec(word)?.[1]).find((path) => path !== undefined);
  return joined ?? (at < 0 ? null : (argv[at + 1] ?? null));
}

function opened(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'is there already; name a new file' : 'cannot be written';
    throw new DomainError('invalid', `${path} ${why}.`, { cause: error });
  }
}
