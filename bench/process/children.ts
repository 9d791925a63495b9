import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const GRACE_MS = 10_000;

/** A process this bench started. */
export interface Child {
  pid: number;
  /** Settles when it has ended, with its exit code; null after a signal. */
  ended: Promise<number | null>;
  /** Everything it printed so far, at most the last 20 kB. */
  output(): string;
  /** Asks it to end, and after ten seconds makes it. */
  stop(): Promise<void>;
}

interface StartOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Drops standard output, for servers that log every request; errors are still kept. */
  quiet?: boolean;
}

const running = new Set<ChildProcess>();

/** Starts a program; whatever still runs when the bench ends is ended by `stopAll`. */
export function startChild(command: string, args: readonly string[], options: StartOptions = {}): Child {
  const { cwd, env = process.env, quiet = false } = options;
  const child = spawn(command, [...args], { cwd, env, stdio: ['ignore', quiet ? 'ignore' : 'pipe', 'pipe'] });
  running.add(child);
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-20_000)));
  }
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', (code) => {
    running.delete(child);
    resolve(code);
  });
  // A program that cannot be started has no pid; `ended` then says why.
  ended.catch(() => running.delete(child));
  return { pid: child.pid ?? -1, ended, output: () => tail, stop: () => stop(child) };
}

/** Runs a program to its end. Throws with what it printed when it fails. */
export async function runChild(command: string, args: readonly string[], options: StartOptions = {}): Promise<string> {
  const child = startChild(command, args, options);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ''} ended with ${code}: ${child.output().trim()}`);
  return child.output();
}

async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await closed;
  clearTimeout(kill);
}

/** Ends everything that was started here and still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(stop));
}

/** The same at once, for the end of this process itself. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
