import { DomainError } from '@qd/shared/errors';

/** Codes of Node and Postgres that mean "nobody there" or "not now", never "your statement is wrong". */
const outages = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN 08000 08001 08003 08006 53300 57P01 57P02 57P03'.split(
    ' ',
  ),
);
/** What the driver says without a code. */
const lostConnection = /^(Connection terminated|timeout exceeded when trying to connect)/;
const MAX_DEPTH = 5;

/**
 * The failure a caller may see when a statement failed because the database does not answer, or null for any other error.
 * The words name neither host nor statement; those are in the cause.
 */
export function storeOutage(error: unknown): DomainError | null {
  let cause: unknown = error;
  for (let depth = 0; depth < MAX_DEPTH && cause instanceof Error; depth += 1) {
    if (isOutage(cause)) {
      const words = 'The database does not answer; the console goes on trying.';
      return new DomainError('upstream', words, { cause: error });
    }
    cause = cause.cause;
  }
  return null;
}

function isOutage(error: Error): boolean {
  if (error instanceof DomainError) return error.code === 'upstream';
  const code = 'code' in error ? String(error.code) : '';
  return outages.has(code) || lostConnection.test(error.message);
}
