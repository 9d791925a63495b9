/**
 * Load from a process of its own: as many connections as asked, each sending the same request again as soon as it was
 * answered. Arguments: one JSON object of type `LoadPlan`; prints one of type `LoadResult`.
 */
import { connect, type Socket } from 'node:net';
import { percentile } from '../measure/spread.ts';

export interface LoadPlan {
  port: number;
  path: string;
  headers: Record<string, string>;
  status: number;
  connections: number;
  seconds: number;
}

export interface LoadResult {
  requests: number;
  /** Answers with another status than the one expected. */
  wrong: number;
  p50Ms: number;
  p99Ms: number;
}

const plan = JSON.parse(process.argv[2] ?? '{}') as LoadPlan;
const headerLines = Object.entries({ host: `127.0.0.1:${plan.port}`, ...plan.headers }).map(
  ([k, v]) => `${k}: ${v}\r\n`,
);
const request = Buffer.from(`GET ${plan.path} HTTP/1.1\r\n${headerLines.join('')}\r\n`);
const expected = `HTTP/1.1 ${plan.status} `;
const endMs = performance.now() + plan.seconds * 1_000;
const latenciesMs: number[] = [];
let wrong = 0;

await Promise.all(Array.from({ length: plan.connections }, () => keepAsking(connect(plan.port, '127.0.0.1'))));
const result: LoadResult = {
  requests: latenciesMs.length,
  wrong,
  p50Ms: percentile(latenciesMs, 0.5),
  p99Ms: percentile(latenciesMs, 0.99),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function keepAsking(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sentMs = 0;
  /** Bytes of the answer still to come; null until its head was read. */
  let missing: number | null = null;
  let head = '';
  const ask = (): void => {
    missing = null;
    head = '';
    sentMs = performance.now();
    socket.write(request);
  };
  const answered = (): void => {
    const nowMs = performance.now();
    latenciesMs.push(nowMs - sentMs);
    if (nowMs < endMs) ask();
    else {
      socket.destroy();
      resolve();
    }
  };
  socket.setNoDelay(true);
  socket.on('connect', ask);
  socket.on('error', reject);
  socket.on('data', (chunk) => {
    if (missing === null) {
      const neck = chunk.indexOf('\r\n\r\n');
      head += chunk.toString('latin1', 0, neck === -1 ? chunk.length : neck);
      if (neck === -1) return;
      if (!head.startsWith(expected)) wrong += 1;
      missing = bodyBytes(head) - (chunk.length - neck - 4);
    } else missing -= chunk.length;
    if (missing <= 0) answered();
  });
  return promise;
}

function bodyBytes(head: string): number {
  const at = head.search(/\ncontent-length: /i);
  return at === -1 ? 0 : Number.parseInt(head.slice(at + 17), 10);
}
