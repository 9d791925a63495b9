import { Worker } from 'node:worker_threads';
import type { QueryResult, WireError, WorkerCall, WorkerReply, WorkerStart } from './pglite-protocol.ts';
import { workerFile } from './pglite-worker-file.ts';
import type { TransactionScope } from './transaction-scope.ts';

export interface QueryOptions {
  rowMode?: 'array' | 'object';
  /** Drizzle asks for some types unparsed; only the type numbers cross the thread. */
  parsers?: Record<number, unknown>;
}

/** Statements of one connection: outside a transaction each stands alone, inside they belong to it. */
export interface PgliteQueries {
  query(sql: string, params?: unknown[], options?: QueryOptions): Promise<QueryResult>;
  exec(sql: string): Promise<void>;
}

/** The embedded Postgres as the server sees it; what drizzle's PGlite session needs and a little more. */
export interface PgliteClient extends PgliteQueries {
  /** Runs `fn` between BEGIN and COMMIT; statements of other callers wait meanwhile. Rolls back when it throws. */
  transaction<T>(fn: (tx: PgliteQueries) => Promise<T>): Promise<T>;
  /** Writes the whole cluster as a tar file that `templateFile` accepts. */
  dump(file: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the worker thread, waits until the cluster is open, and returns its client. Throws the reason when it is not. */
export async function startPglite(start: WorkerStart, scope: TransactionScope): Promise<PgliteClient> {
  const channel = await openChannel(start);
  const gate = createGate();
  const inner = queriesOver(channel.call);
  return {
    query: async (sql, params, options) => {
      scope.assertOutside();
      return gate.pass(() => inner.query(sql, params, options));
    },
    exec: async (sql) => {
      scope.assertOutside();
      return gate.pass(() => inner.exec(sql));
    },
    transaction: async (fn) => {
      scope.assertOutside();
      return gate.hold(() => transact(inner, () => scope.run(() => fn(inner))));
    },
    dump: (file) => gate.hold(async () => void (await channel.call({ kind: 'dump', file }))),
    close: () => gate.hold(() => channel.close()),
  };
}

async function transact<T>(queries: PgliteQueries, fn: () => Promise<T>): Promise<T> {
  await queries.exec('BEGIN');
  let result: T;
  try {
    result = await fn();
  } catch (error) {
    await queries.exec('ROLLBACK');
    throw error;
  }
  await queries.exec('COMMIT');
  return result;
}

function queriesOver(call: Channel['call']): PgliteQueries {
  return {
    query: async (sql, params = [], options = {}) => {
      const rawTypes = Object.keys(options.parsers ?? {}).map(Number);
      const rowMode = options.rowMode ?? 'object';
      const result = await call({ kind: 'query', sql, params, rowMode, rawTypes });
      if (result === null) throw new Error('The embedded database answered a query without a result.');
      return result;
    },
    exec: async (sql) => {
      await call({ kind: 'exec', sql });
    },
  };
}

/** Any number may pass together; one who holds waits for nobody after him and everybody before. First come, first served. */
function createGate(): { pass<T>(fn: () => Promise<T>): Promise<T>; hold<T>(fn: () => Promise<T>): Promise<T> } {
  let held: Promise<void> = Promise.resolve();
  return {
    pass: async (fn) => {
      await held;
      return fn();
    },
    hold: async (fn) => {
      const before = held;
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      try {
        await before;
        return await fn();
      } finally {
        resolve();
      }
    },
  };
}

interface Channel {
  call(request: WorkerCall): Promise<QueryResult | null>;
  close(): Promise<void>;
}

async function openChannel(start: WorkerStart): Promise<Channel> {
  const worker = new Worker(workerFile(), { workerData: start, execArgv: [], name: 'pglite' });
  const waiting = new Map<number, { resolve: (result: QueryResult | null) => void; reject: (error: Error) => void }>();
  const opened = Promise.withResolvers<void>();
  let stopped: Error | null = null;
  let lastId = 0;

  const stop = (error: Error): void => {
    stopped ??= error;
    opened.reject(stopped);
    for (const { reject } of waiting.values()) reject(stopped);
    waiting.clear();
  };
  worker.on('error', (error) => {
    const reason = error instanceof Error ? error.message.slice(0, 500) : String(error);
    stop(new Error(`The embedded database stopped: ${reason}. Restart the server.`, { cause: error }));
  });
  worker.on('exit', () => stop(new Error('The embedded database is closed.')));
  worker.on('message', (reply: WorkerReply) => {
    if ('ready' in reply) {
      if (reply.ready) opened.resolve();
      else opened.reject(postgresError(reply.error));
      return;
    }
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) call?.reject(postgresError(reply.error));
    else call?.resolve(reply.result);
  });

  const call = async (request: WorkerCall): Promise<QueryResult | null> => {
    if (stopped) throw stopped;
    lastId += 1;
    const answer = Promise.withResolvers<QueryResult | null>();
    waiting.set(lastId, answer);
    worker.postMessage({ ...request, id: lastId });
    return answer.promise;
  };

  try {
    await opened.promise;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    call,
    close: async () => {
      if (stopped) return;
      await call({ kind: 'close' });
      await worker.terminate();
    },
  };
}

function postgresError({ message, fields }: WireError): Error {
  return Object.assign(new Error(message), fields);
}
