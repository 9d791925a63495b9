/** However the starter ends, what it started ends too, and gets the chance to end well. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { at } from './places.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'qd-processes-'));
const started = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

const write = (name, text) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

/** Serves until it is asked to stop, then says goodbye: at once, or as `slow` after it has drained for a while. */
const server = write(
  'server.mjs',
  `import { spawn } from 'node:child_process';
   const [mode] = process.argv.slice(2);
   for (const signal of ['SIGINT', 'SIGTERM']) {
     process.on(signal, () => setTimeout(() => { console.log('drained ' + signal); process.exit(0); }, mode === 'slow' ? 2500 : 0));
   }
   if (mode === 'parent') console.log('grandchild ' + spawn('sleep', ['300'], { stdio: 'ignore' }).pid);
   console.log('server ' + process.pid);
   if (mode === 'parent') process.exit(0);
   setInterval(() => {}, 1000);`,
);
const starter = write(
  'starter.mjs',
  `import { run, superviseChildren } from ${JSON.stringify(at('scripts/run/processes.mjs'))};
   superviseChildren();
   const follow = ${JSON.stringify(at('scripts/run/follow-parent.mjs'))};
   const { code } = await run(process.execPath, ['--import', follow, ${JSON.stringify(server)}, ...process.argv.slice(2)]);
   console.log('ended ' + code);
   process.exit(code);`,
);

/** Starts a command; `told(word)` waits for a line `word REST` and gives REST. */
function launch(command, args, env = {}) {
  const { npm_lifecycle_event: _event, ...outer } = process.env;
  const child = spawn(command, args, { env: { ...outer, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const told = (word) =>
    vi.waitFor(() => {
      const rest = new RegExp(`^${word} (.+)$`, 'm').exec(text)?.[1];
      expect(rest, text).toBeDefined();
      return rest;
    }, 15_000);
  return { child, told };
}

function isAlive(pid) {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

const gone = (pid) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), 15_000);

it.each(['SIGINT', 'SIGTERM'])('passes %s on, and ends as well as the server did', async (signal) => {
  const { child, told } = launch(process.execPath, [starter]);
  const pid = await told('server');
  child.kill(signal);
  expect(await told('drained')).toBe(signal);
  expect(await told('ended')).toBe('0');
  await gone(pid);
});

it('counts a signal delivered twice at once as one', async () => {
  const { child, told } = launch(process.execPath, [starter]);
  await told('server');
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await told('ended')).toBe('0');
});

it('leaves no server behind when it is killed outright', async () => {
  const { child, told } = launch(process.execPath, [starter]);
  const pid = await told('server');
  child.kill('SIGKILL');
  await gone(pid);
});

it('follows npm down, whose own end does not reach it, and gives the server time to drain', async () => {
  const shell = `${process.execPath} ${starter} slow; true`;
  const { child, told } = launch('sh', ['-c', shell], { npm_lifecycle_event: 'start' });
  const pid = await told('server');
  child.kill('SIGTERM');
  expect(await told('drained')).toBe('SIGTERM');
  await gone(pid);
});

it('ends what a finished child left running', async () => {
  const { told } = launch(process.execPath, [starter, 'parent']);
  const pid = await told('grandchild');
  expect(await told('ended')).toBe('0');
  await gone(pid);
});
