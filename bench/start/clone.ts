import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runChild, startChild, type Child } from '../process/children.ts';
import { freePort, untilAnswers } from '../process/ports.ts';

const GIVE_UP_MS = 300_000;

/** A copy of the committed state in a folder of its own, with empty package caches. */
export interface Clone {
  folder: string;
  env: NodeJS.ProcessEnv;
}

/** Clones the repository and gives it a home without caches, so that everything has to be fetched again. */
export async function freshClone(scratch: string): Promise<Clone> {
  const folder = join(scratch, 'clone');
  const home = join(scratch, 'home');
  mkdirSync(home);
  await runChild('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), folder]);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // The packaged Node of this tree is not there on a fresh machine.
    PATH: (process.env['PATH'] ?? '')
      .split(':')
      .filter((part) => !part.includes('node_modules'))
      .join(':'),
    // Settings such as the registry stay the person's own.
    npm_config_userconfig: join(process.env['HOME'] ?? '', '.npmrc'),
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    npm_config_cache: join(home, 'npm'),
    QD_DATA_DIR: join(folder, '.data'),
  };
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'NODE_ENV']) delete env[name];
  return { folder, env };
}

export interface Started {
  npm: Child;
  url: string;
  /** Milliseconds from the command to the first byte of the first page. */
  firstByteMs: number;
}

/** `npm start` in the clone, until its first page begins to arrive. Throws with what it printed when it ends before. */
export async function npmStart({ folder, env }: Clone): Promise<Started> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const npm = startChild('npm', ['start'], { cwd: folder, env: { ...env, PORT: String(port) } });
  let ended: string | null = null;
  npm.ended.then(
    () => (ended = npm.output().slice(-1_500)),
    (error: unknown) => (ended = String(error)),
  );
  await untilAnswers(url, GIVE_UP_MS, () => ended);
  return { npm, url, firstByteMs: performance.now() - startedMs };
}

/** Asks it to stop as Ctrl-C does, and waits until nothing answers any more. */
export async function npmStop({ npm, url }: Started): Promise<void> {
  await npm.stop();
  while ((await fetch(url).catch(() => null)) !== null) await delay(50);
}

/** Process id of the server that `npm start` brought up. */
export function serverPidOf(npmPid: number): number {
  const parents = new Map<number, number>();
  const names = new Map<number, string>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      names.set(Number(entry), readFileSync(`/proc/${entry}/cmdline`, 'utf8'));
    } catch {
      // It ended while the list was read.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === npmPid) return true;
    return false;
  };
  const found = [...names].find(([pid, name]) => name.includes('dist/main.js') && isBelow(pid));
  if (found === undefined) throw new Error('the server process was not found below npm');
  return found[0];
}
