import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clockOf, clockOfAll, type CpuClock } from '../measure/cpu.ts';
import { startChild } from '../process/children.ts';
import { freePort, untilAnswers } from '../process/ports.ts';
import type { Store } from './stores.ts';

const program = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** A running console: the built server as a process of its own. */
export interface RunningConsole {
  url: string;
  pid: number;
  /** Of its process and of the database backends that work for it. */
  cpu: CpuClock;
  stop(): Promise<void>;
}

/** Starts the built server over a store, as `npm start` does, without the demo. */
export async function startConsole(store: Store, scratch: string): Promise<RunningConsole> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild(process.execPath, [program], {
    quiet: true,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      QD_DATA_DIR: mkdtempSync(join(scratch, 'console-')),
      ...store.env,
      PORT: String(port),
      QD_DEMO: '0',
    },
  });
  let ended: string | null = null;
  child.ended.then(
    () => (ended = child.output()),
    (error: unknown) => (ended = String(error)),
  );
  await untilAnswers(`${url}/health/ready`, 30_000, () => ended);
  return { url, pid: child.pid, cpu: clockOfAll(clockOf(child.pid), store.cpu), stop: child.stop };
}
