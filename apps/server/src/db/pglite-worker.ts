import { randomBytes } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { asIs, pgliteOptions } from './pglite-options.ts';
import type { QueryResult, WireError, WorkerReply, WorkerRequest, WorkerStart } from './pglite-protocol.ts';
import { createStatements, type Statements } from './pglite-statements.ts';

/**
 * The embedded Postgres, alone in its thread, so that a long statement never holds the server's event loop.
 * Started as a process with a folder as its argument, it creates an empty cluster there and ends.
 */

const errorFields = ['code', 'severity', 'detail', 'hint', 'schema', 'table', 'column', 'constraint', 'where'] as const;

function wireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: wordsOf(error), fields: {} };
  const source = new Map(Object.entries(error));
  const fields: Record<string, string> = {};
  for (const name of errorFields) {
    const value: unknown = source.get(name);
    if (typeof value === 'string') fields[name] = value;
  }
  return { message: error.message, fields };
}

/** Numbers of the WebAssembly system interface that a person can do something about. */
const errnoWords = new Map<unknown, string>([
  [2, 'permission denied'],
  [51, 'the disk is full'],
  [63, 'not permitted'],
  [69, 'the disk is read-only'],
]);

/** WebAssembly's file system throws plain objects that carry little more than a number. */
function wordsOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if ('errno' in thrown) return errnoWords.get(thrown.errno) ?? `system error ${String(thrown.errno)}`;
  return 'message' in thrown ? String(thrown.message) : 'it gave no reason';
}

async function answer(pg: PGlite, statements: Statements, request: WorkerRequest): Promise<QueryResult | null> {
  switch (request.kind) {
    case 'query': {
      const parsers = Object.fromEntries(request.rawTypes.map((oid) => [oid, asIs]));
      const options = { rowMode: request.rowMode, parsers };
      const { rows, fields, affectedRows } = await statements.run(request.sql, request.params, options);
      return { rows, fields, ...(affectedRows === undefined ? {} : { affectedRows }) };
    }
    case 'exec':
      await pg.exec(request.sql);
      return null;
    case 'dump': {
      const dump = await pg.dumpDataDir('none');
      // Under a name of its own until complete: another process may be writing the same file.
      const partial = `${request.file}.${randomBytes(4).toString('hex')}.partial`;
      await writeFile(partial, Buffer.from(await dump.arrayBuffer()));
      await rename(partial, request.file);
      return null;
    }
    case 'close':
      await pg.close();
      return null;
  }
}

async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const send = (reply: WorkerReply): void => port.postMessage(reply);
  let pg: PGlite;
  try {
    pg = await PGlite.create(await pgliteOptions(start));
  } catch (error) {
    send({ ready: false, error: wireError(error) });
    return;
  }
  send({ ready: true });
  const statements = createStatements(pg);
  // One at a time, in the order sent: the server relies on it when it opens a transaction.
  let queue = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    queue = queue.then(async () => {
      try {
        send({ id: request.id, result: await answer(pg, statements, request) });
      } catch (error) {
        send({ id: request.id, error: wireError(error) });
      }
    });
  });
}

async function create(dataDir: string): Promise<void> {
  // The input ends when the server does, however it does: then nobody waits for this cluster any more.
  process.stdin.on('close', () => process.exit(1)).resume();
  try {
    const pg = await PGlite.create(await pgliteOptions({ dataDir, templateFile: null }));
    await pg.close();
    process.exit(0);
  } catch (error) {
    // The message alone: the stack of a bundled library is 60 kB of source.
    process.stderr.write(wireError(error).message);
    process.exit(1);
  }
}

const [, , dataDir] = process.argv;
if (parentPort) await serve(parentPort, workerData as WorkerStart);
else if (dataDir !== undefined) await create(dataDir);
else throw new Error('This program is started by the server; run the server instead.');
