import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const CONNECT_AT_ONCE = 200;

/** Open streams that note when each event reached them. */
export interface Subscribers {
  /** Instants (ns) at which the current event reached each stream, in order of arrival. */
  arrivals: bigint[];
  /** Forgets arrivals and waits until `count` new ones came, or the time is over. */
  next(count: number, withinMs: number): Promise<void>;
  close(): void;
}

/** Opens `count` streams on a path. An event is known by `marker`, which occurs once in each and nowhere else. */
export async function subscribe(port: number, path: string, count: number, marker: string): Promise<Subscribers> {
  const needle = Buffer.from(marker);
  const sockets: Socket[] = [];
  const state = { arrivals: [] as bigint[], wanted: Infinity, done: () => undefined as void };
  const onData = (chunk: Buffer): void => {
    if (!chunk.includes(needle)) return;
    state.arrivals.push(process.hrtime.bigint());
    if (state.arrivals.length >= state.wanted) state.done();
  };
  for (let opened = 0; opened < count; opened += CONNECT_AT_ONCE) {
    const batch = Array.from({ length: Math.min(CONNECT_AT_ONCE, count - opened) }, () => open(port, path));
    for (const socket of await Promise.all(batch)) {
      socket.on('data', onData);
      sockets.push(socket);
    }
  }
  return {
    get arrivals() {
      return state.arrivals;
    },
    next(wanted, withinMs) {
      state.arrivals = [];
      state.wanted = wanted;
      return new Promise((resolve) => {
        const late = setTimeout(resolve, withinMs);
        state.done = () => {
          clearTimeout(late);
          resolve();
        };
      });
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Resolves when the head of the answer is there, so that the stream is surely open. */
async function open(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: text/event-stream\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}
