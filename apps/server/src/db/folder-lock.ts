import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DomainError } from '@qd/shared/errors';

/**
 * Keeps a data folder to one process: two on one folder would destroy it.
 * Holds the operating system's lock on `<folder>/pg.lock` through SQLite, the only door Node has to such locks. The
 * kernel lets go when the process ends, however it ends, so there is no stale lock and no process id to trust.
 * Nothing else in this process may open that file: POSIX drops the lock when any descriptor of it is closed.
 * Throws DomainError `precondition` when another process holds it.
 */
export function lockFolder(folder: string): { release(): void } {
  const owner = join(folder, 'pg.owner');
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(join(folder, 'pg.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(owner, String(process.pid));
  } catch (error) {
    lock?.close();
    throw refusal(folder, owner, error);
  }
  const held = lock;
  return {
    release: () => {
      if (held.isOpen) held.close();
    },
  };
}

const SQLITE_BUSY = 5;

function refusal(folder: string, owner: string, error: unknown): DomainError {
  const isBusy = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
  const message = isBusy
    ? `The data folder ${folder} is in use by ${ownerOf(owner)}; stop it first, or choose another folder with QD_DATA_DIR.`
    : `The data folder ${folder} cannot be locked (${error instanceof Error ? error.message : String(error)}); give this user write access on a disk that knows file locks, or choose another folder with QD_DATA_DIR.`;
  return new DomainError('precondition', message, { cause: error });
}

/** Only for the message; the lock itself never depends on it. */
function ownerOf(file: string): string {
  try {
    return `another process (pid ${Number.parseInt(readFileSync(file, 'utf8'), 10)})`;
  } catch {
    return 'another process';
  }
}
