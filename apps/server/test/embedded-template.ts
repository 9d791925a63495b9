import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../src/db/migrate.ts';
import { openInMemory } from '../src/db/open-embedded.ts';
import { migrationsHash } from './migrations-hash.ts';

const cache = join(import.meta.dirname, '../../../node_modules/.cache/qd-test-stores');

/** Tar of an embedded database migrated to the present tables; made once for each state of the migrations. */
export async function embeddedTemplate(): Promise<string> {
  const file = join(cache, `embedded-${migrationsHash()}.tar`);
  if (!existsSync(file)) await makeTemplate(file);
  return file;
}

async function makeTemplate(file: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const database = await openInMemory(null);
  try {
    await migrate(database);
    await database.dump(file);
  } finally {
    await database.close();
  }
  for (const old of readdirSync(cache)) {
    if (old.endsWith('.tar') && join(cache, old) !== file) rmSync(join(cache, old));
  }
}
