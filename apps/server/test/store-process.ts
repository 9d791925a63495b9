import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Another process that opens the embedded database of a folder; see store-child.ts for what it does and says. */
export interface StoreProcess {
  readonly pid: number;
  /** Next line it says; null when it has ended. */
  line(): Promise<string | null>;
  /** Ends it as a power switch would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Everything it wrote to stderr so far. */
  complaints(): string;
}

export function startStoreProcess(dataDir: string, task: 'write' | 'hold'): StoreProcess {
  const script = join(import.meta.dirname, 'store-child.ts');
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [script, dataDir, task], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    line: async () => {
      const next = await lines.next();
      return next.done === true ? null : next.value;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    complaints: () => complaints,
  };
}
