import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The program of the embedded Postgres: beside this file when run from source, beside or above it in the bundle. */
export function workerFile(): string {
  const candidates = ['pglite-worker.ts', 'pglite-worker.js', '../pglite-worker.js'].map((file) =>
    fileURLToPath(new URL(file, import.meta.url)),
  );
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(`The build is incomplete: none of ${candidates.join(', ')} exists. Build again.`);
  }
  return found;
}
