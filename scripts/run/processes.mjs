/** Child processes that never outlive this one: own groups, signals passed on, the parent followed down. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { progressFd } from './console.mjs';

const POLL_PARENT_MS = 500;
const GRACE_MS = 35_000;
/** npm and the terminal may both deliver one Ctrl-C; two within this time count as one. */
const SAME_SIGNAL_MS = 1_000;

const windows = process.platform === 'win32';
const groups = new Set();
let firstSignal = null;

/** Passes a signal on to every child group; a repeat after a second, or the end of the grace time, kills. */
export function endChildren(signal) {
  const nowMs = Date.now();
  if (firstSignal && nowMs - firstSignal.atMs < SAME_SIGNAL_MS) return;
  const killNow = firstSignal !== null;
  firstSignal ??= { signal, atMs: nowMs };
  for (const child of groups) signalGroup(child, killNow ? 'SIGKILL' : signal);
  if (groups.size === 0) process.exit(exitCodeOf(signal));
  if (!killNow) setTimeout(() => groups.forEach((child) => signalGroup(child, 'SIGKILL')), GRACE_MS).unref();
}

function signalGroup(child, signal) {
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    else if (child.ownGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 1);
}

/** True once this process was asked to stop. */
export function stopping() {
  return firstSignal !== null;
}

/**
 * Installs the signal handlers. Under npm it also watches the parent: a SIGTERM to npm ends npm and its shell but not
 * this process, which then follows.
 */
export function superviseChildren() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => endChildren(signal));
  process.on('exit', () => groups.forEach((child) => signalGroup(child, 'SIGKILL')));
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    if (!stopping()) endChildren('SIGTERM');
  }, POLL_PARENT_MS).unref();
}

/**
 * Starts a command in its own process group and resolves to `{ code, output }` when it has ended; what it left running
 * in its group is ended too. `output` is filled only with `quiet: true` (both streams, in order of arrival); otherwise
 * the streams are this process's own. `terminal: true` keeps the child in this group, so that it may ask at the
 * terminal.
 */
export function run(command, args, { env = process.env, cwd, quiet = false, terminal = false } = {}) {
  const ownGroup = !windows && !terminal;
  const output = quiet ? 'pipe' : progressFd();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: ownGroup,
      shell: windows && /\.(cmd|bat)$/.test(command),
      stdio: terminal ? 'inherit' : ['ignore', output, quiet ? 'pipe' : 'inherit'],
    });
    child.ownGroup = ownGroup;
    groups.add(child);
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => {
      groups.delete(child);
      reject(error);
    });
    child.on('exit', () => {
      if (ownGroup) signalGroup(child, 'SIGKILL');
    });
    child.on('close', (code, signal) => {
      groups.delete(child);
      resolve({ code: code ?? exitCodeOf(signal), output: Buffer.concat(chunks).toString() });
    });
  });
}
