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

const MEBIBYTE = 1_024 * 1_024;
/** Most a request may be with the files in it; a packed file of a million people takes about half. */
const MAX_REQUEST_BYTES = 64 * MEBIBYTE;
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
 * alone, who could read the data folder anyway. A request larger than `maxBytes` is refused with an answer that says so.
 */
export async function listenForControl(
  path: string,
  run: (request: ControlRequest, reply: (r: ControlReply) => void) => Promise<number>,
  maxBytes = MAX_REQUEST_BYTES,
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
    // Joined once, at the end: to look at the whole with every piece would take minutes for a large file.
    let pieces: Buffer[] = [];
    let size = 0;
    const reply = (r: ControlReply): void => {
      if (!socket.destroyed) socket.write(`${JSON.stringify(r)}\n`);
    };
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece: Buffer) => {
      // What follows a refusal is read and forgotten, or the caller would never get to read it.
      if (size > maxBytes) return;
      size += piece.length;
      if (size > maxBytes) {
        pieces = [];
        reply({ err: tooLarge(size, maxBytes) });
        reply({ exit: 1 });
        return;
      }
      pieces.push(piece);
      if (piece.at(-1) !== END_OF_LINE) return;
      const request = parseRequest(Buffer.concat(pieces).toString('utf8'));
      [pieces, size] = [[], 0];
      if (request === null) socket.destroy();
      else answer(request, reply);
    });
  }

  function answer(request: ControlRequest, reply: (r: ControlReply) => void): void {
    run(request, reply).then(
      (exit) => reply({ exit }),
      (error: unknown) => {
        reply({ err: error instanceof Error ? error.message : String(error) });
        reply({ exit: 1 });
      },
    );
  }
}

const END_OF_LINE = 0x0a;

function tooLarge(bytes: number, maxBytes: number): string {
  const inMebibytes = (n: number): string => `${Math.ceil((n / MEBIBYTE) * 10) / 10} MB`;
  return `The files of this command take ${inMebibytes(bytes)} on their way into the running console, and at most ${inMebibytes(maxBytes)} fit. Split the file, or send it on its page of the console.\n`;
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

/**
 * Asks the running console; gives its exit code, or null when none is running on that data folder. A request larger than
 * `maxBytes` is not sent: the answer says so.
 */
export function askConsole(
  path: string,
  request: ControlRequest,
  onReply: (r: ControlReply) => void,
  maxBytes = MAX_REQUEST_BYTES,
): Promise<number | null> {
  return new Promise((done) => {
    const socket = createConnection(path);
    let exit: number | null = null;
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      const line = Buffer.from(`${JSON.stringify(request)}\n`);
      if (line.length <= maxBytes) {
        socket.write(line);
        return;
      }
      onReply({ err: tooLarge(line.length, maxBytes) });
      exit = 1;
      socket.end();
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
