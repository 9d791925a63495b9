import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../drizzle');

/** Short hash of all migrations and of the driver's version; a template made from others is not used. */
export function migrationsHash(): string {
  const hash = createHash('sha256');
  const pglite = join(import.meta.dirname, '../node_modules/@electric-sql/pglite/package.json');
  hash.update(readFileSync(pglite));
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  hash.update(readFileSync(join(folder, 'meta/_journal.json')));
  return hash.digest('hex').slice(0, 12);
}
