import type { Logger } from 'pino';
import type { DatabaseHandle } from './handle.ts';

export interface OpenOptions {
  /** Postgres URL; null opens the embedded database in `dataDir`. */
  url: string | null;
  dataDir: string;
  log: Logger;
}

/**
 * Opens Postgres by URL, or the embedded one under `<dataDir>/pg`, creating it on first use.
 * Throws DomainError: `upstream` when Postgres does not answer, `precondition` when the folder cannot be written or
 * another process uses it, `invalid` when the URL is none. Each message is one sentence with the remedy.
 */
export async function openDatabase({ url, dataDir, log }: OpenOptions): Promise<DatabaseHandle> {
  // Each driver is loaded only where it is used: a server on Postgres never reads the embedded one into memory.
  if (url !== null) return (await import('./open-postgres.ts')).openPostgres(url, log);
  return (await import('./open-embedded.ts')).openEmbedded(dataDir, log);
}
