import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A port of the loopback address that was free a moment ago, for programs that cannot be told to pick one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Asks again and again until the address answers 200. Throws after the time given, or when `hasEnded` says so. */
export async function untilAnswers(url: string, withinMs: number, hasEnded: () => string | null): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    const end = hasEnded();
    if (end !== null) throw new Error(`it ended before it answered: ${end}`);
    if (Date.now() > deadline) throw new Error(`${url} did not answer within ${withinMs / 1_000} s`);
    await delay(20);
  }
}

/** Absolute path of a program on PATH, or null. */
export function programOnPath(name: string): string | null {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
