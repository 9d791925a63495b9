import { readFile } from 'node:fs/promises';
import { PGlite, types, type PGliteOptions } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { durableFiles } from './pglite-durable-files.ts';
import type { WorkerStart } from './pglite-protocol.ts';

/** Leaves a value as the text Postgres sent. */
export const asIs = (value: string): string => value;

/** 16 MB of buffers instead of 128 and a short log: the process and its folder stay small, recovery is quick. */
const small = ['shared_buffers=16MB', 'max_wal_size=64MB', 'min_wal_size=32MB'];
/** `-F` would switch fsync off; of its methods only plain `fsync` is passed on to the file system. */
const durable = ['fsync=on', 'wal_sync_method=fsync'];

/** How the embedded Postgres is started: small, and safe against a power cut where it lives on disk. */
export async function pgliteOptions({ dataDir, templateFile }: WorkerStart): Promise<PGliteOptions> {
  const settings = [...small, ...(dataDir === null ? [] : durable)];
  return {
    extensions: { pg_trgm },
    ...(dataDir === null ? {} : { fs: durableFiles(dataDir) }),
    ...(templateFile === null ? {} : { loadDataDir: new Blob([await readFile(templateFile)]) }),
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== '-F' || dataDir === null),
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    // int8 arrives as text, exactly as node-postgres hands it over.
    parsers: { [types.INT8]: asIs },
  };
}
