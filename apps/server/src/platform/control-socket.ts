import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** What the command line asks a running console to do on its behalf. */
export interface ControlRequest {
  argv: string[];
  /** Files named in argv, read by the caller, by the name it used. */
  files: Record<string, string>;
}

/** What comes back, line by line, until `exit`. */
export type ControlReply = { out: string } | { err: string } | { exit: number };

const MAX_REQUEST_BYTES = 16 * 1_024 * 1_024;
/** Unix socket paths end at 107 bytes on Linux and 103 on macOS. */
const MAX_PATH_BYTES = 100;

/** Where the console of a data folder listens for its own command line. */
export function controlPath(dataDir: string): string {
  const path = join(resolve(dataDir), 'qd.sock');
  if (process.platform === 'win32') return `\\\\.\\pipe\\qd-${digest(path)}`;
  return Buffer.byteLength(path) <= MAX_PATH_BYTES ? path : join(tmpdir(), `qd-${digest(path)}.sock`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Lets the command line work while the console holds the embedded database. The socket is readable by its owner
 * alone, who could read the data folder anyway.
 */
export async function listenForControl(
  path: string,
  run: (request: ControlRequest, reply: (r: ControlReply) => void) => Promise<number>,
): Promise<{ close(): Promise<void> }> {
  await rm(path, { force: true });
  const server = createServer((socket) => serve(socket));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, () => done());
  });
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
      }),
  };

  function serve(socket: Socket): void {
    let text = '';
    const reply = (r: ControlReply): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(r)}\n`);
    };
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MAX_REQUEST_BYTES) socket.destroy();
      else if (text.endsWith('\n')) {
        const request = parseRequest(text);
        text = '';
        if (request === null) {
          socket.destroy();
          return;
        }
        run(request, reply).then(
          (exit) => reply({ exit }),
          (error: unknown) => {
            reply({ err: error instanceof Error ? error.message : String(error) });
            reply({ exit: 1 });
          },
        );
      }
    });
  }
}

function parseRequest(text: string): ControlRequest | null {
  try {
    const value = JSON.parse(text) as Partial<ControlRequest>;
    return Array.isArray(value.argv) && typeof value.files === 'object'
      ? { argv: value.argv, files: value.files }
      : null;
  } catch {
    return null;
  }
}

/** Asks the running console; gives its exit code, or null when none is running on that data folder. */
export function askConsole(
  path: string,
  request: ControlRequest,
  onReply: (r: ControlReply) => void,
): Promise<number | null> {
  return new Promise((done) => {
    const socket = createConnection(path);
    let exit: number | null = null;
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      socket.write(`${JSON.stringify(request)}\n`);
    });
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const reply = JSON.parse(line) as ControlReply;
        if ('exit' in reply) exit = reply.exit;
        else onReply(reply);
      }
      if (exit !== null) socket.end();
    });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => {
      if (connected && exit === null) onReply({ err: 'The console stopped before it answered.\n' });
      done(connected ? (exit ?? 1) : null);
    });
  });
}
