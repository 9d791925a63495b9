import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What the figures depend on. */
export interface MachineFacts {
  at: string;
  cpu: string;
  cores: number;
  memoryGib: number;
  os: string;
  node: string;
  /** Load of the last minute when the run began: above the number of cores, timings are pessimistic. */
  load: number;
  commit: string;
}

export function machineFacts(): MachineFacts {
  const [first] = cpus();
  return {
    at: new Date().toISOString(),
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    commit: commitOf(),
  };
}

/** The commit measured; `+` says that the tree differs from it. */
function commitOf(): string {
  try {
    const dirty = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+';
    return git('rev-parse', '--short', 'HEAD') + dirty;
  } catch {
    return 'unknown';
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
