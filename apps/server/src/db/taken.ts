/** What Postgres says when a row with the same key is there. */
const DUPLICATE = '23505';
const MAX_DEPTH = 5;

/** True if a statement failed because of a row that the named unique index allows only once. */
export function isTaken(error: unknown, index: string): boolean {
  let cause: unknown = error;
  for (let depth = 0; depth < MAX_DEPTH && cause instanceof Error; depth += 1) {
    if ('code' in cause && cause.code === DUPLICATE && 'constraint' in cause) return cause.constraint === index;
    cause = cause.cause;
  }
  return false;
}
