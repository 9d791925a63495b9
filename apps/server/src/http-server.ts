import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@qd/shared/errors';

const DEFAULT_PORT = 5_080;
const PORTS_TRIED = 20;
/** How long a request may take to arrive; a file of people is read no faster than its rows are checked. */
const ARRIVES_WITHIN_MS = 60_000;
const FILE_ARRIVES_WITHIN_MS = 20 * 60_000;
const FILE_PATH = '/users/import';

export interface Listening {
  server: Server;
  port: number;
}

/**
 * Listens on the wanted port, or, when none is named, on 5080 or the next free one.
 * Throws `precondition` when the named port is taken or the address is not this machine's.
 */
export async function listen(app: RequestListener, host: string, wanted: number | undefined): Promise<Listening> {
  const ports = wanted === undefined ? Array.from({ length: PORTS_TRIED }, (_, i) => DEFAULT_PORT + i) : [wanted];
  for (const port of ports) {
    const server = createServer(
      { requestTimeout: FILE_ARRIVES_WITHIN_MS, headersTimeout: 15_000, keepAliveTimeout: 65_000 },
      cutSlowOnes(app),
    );
    const error = await tryListen(server, host, port);
    if (error === null) return { server, port: (server.address() as AddressInfo).port };
    if (error.code !== 'EADDRINUSE') throw refused(error, host, port);
  }
  const what =
    wanted === undefined
      ? `The ports ${DEFAULT_PORT} to ${DEFAULT_PORT + PORTS_TRIED - 1} are taken`
      : `Port ${wanted} is taken`;
  throw new DomainError(
    'precondition',
    `${what}. Stop what uses ${wanted === undefined ? 'one of them' : 'it'}, or name another port in PORT.`,
  );
}

/** The server's own limit is for files; everything else with a body must arrive sooner. */
function cutSlowOnes(app: RequestListener): RequestListener {
  return (req, res) => {
    if (req.method !== 'GET' && !isFile(req)) {
      const cut = setTimeout(() => {
        if (!req.complete) req.destroy();
      }, ARRIVES_WITHIN_MS);
      cut.unref();
      res.once('close', () => clearTimeout(cut));
    }
    app(req, res);
  };
}

function isFile({ url }: IncomingMessage): boolean {
  return url === FILE_PATH || (url?.startsWith(`${FILE_PATH}?`) ?? false);
}

function tryListen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((done) => {
    server.once('error', (error) => done(error));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      done(null);
    });
  });
}

function refused(error: NodeJS.ErrnoException, host: string, port: number): DomainError {
  const remedy: Record<string, string> = {
    EACCES: `Port ${port} needs more rights. Name a port above 1023 in PORT.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Name another in HOST.`,
    ENOTFOUND: `${host} is not an address of this machine. Name another in HOST.`,
  };
  return new DomainError(
    'precondition',
    remedy[error.code ?? ''] ?? `Listening on ${host}:${port} failed: ${error.message}.`,
    { cause: error },
  );
}

/** Stops accepting, lets running requests end within the time given, then cuts what is left. */
export function drain(server: Server, withinMs: number): Promise<void> {
  return new Promise((done) => {
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(cut);
      done();
    });
    server.closeIdleConnections();
  });
}
