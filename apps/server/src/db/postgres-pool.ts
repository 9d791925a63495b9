import { DomainError } from '@qd/shared/errors';
import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { Pool, type PoolClient } from 'pg';
import { createStatementNames, nameStatements } from './named-statements.ts';
import type { TransactionScope } from './transaction-scope.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 2_000;

/** Settings of every connection, pooled or not. */
export const connectionSettings = {
  application_name: 'quarterdeck',
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  keepAlive: true,
} as const;

export interface PoolOptions {
  url: string;
  /** Words for messages, without the password. */
  place: string;
  scope: TransactionScope;
  /** A connection broke, idle or lent; the next query gets another one. */
  onBroken(error: Error): void;
}

/**
 * A pool whose every way to a connection, also its own `query`, refuses inside a transaction's callback and fails at
 * once, with DomainError `upstream`, while Postgres has not been answering.
 */
export function createPool({ url, place, scope, onBroken }: PoolOptions): Pool {
  const pool = new Pool({
    ...connectionSettings,
    connectionString: url,
    max: 10,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    // A little longer than the server's own limit: it catches a server that stopped answering at all.
    query_timeout: 35_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // Unheard, these events would end the process. The pool hears its connections only while they are idle: a lent one that
  // Postgres ends between two statements of a transaction would have no listener.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', onBroken));
  const names = createStatementNames();
  pool.on('connect', (client) => nameStatements(client, names));

  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const open = async (): Promise<PoolClient> => {
    try {
      return await breaker.execute(() => connect());
    } catch (error) {
      throw notAnswering(place, error);
    }
  };
  return Object.assign(pool, { connect: guardedConnect(open, scope) as Pool['connect'] });
}

type Callback = (error: Error | undefined, client?: PoolClient, done?: PoolClient['release']) => void;

function guardedConnect(open: () => Promise<PoolClient>, scope: TransactionScope) {
  return (callback?: Callback): Promise<PoolClient> | undefined => {
    scope.assertOutside();
    if (callback === undefined) return open();
    open().then(
      (client) => callback(undefined, client, (reason) => client.release(reason)),
      (error: Error) => callback(error),
    );
    return undefined;
  };
}

/** One sentence for a Postgres that lets nobody in, whatever the reason. */
export function notAnswering(place: string, cause: unknown): DomainError {
  return new DomainError(
    'upstream',
    `Postgres at ${place} lets nobody in (${reasonOf(cause)}); start it, or correct DATABASE_URL.`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return [code, error.message].filter((part) => part !== '').join(': ');
}
