import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askConsole, controlPath, listenForControl, type ControlReply } from './control-socket.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qd-control-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function ask(path: string, argv: string[]): Promise<{ exit: number | null; replies: ControlReply[] }> {
  const replies: ControlReply[] = [];
  const exit = await askConsole(path, { argv, files: { 'a.yaml': 'text' } }, (r) => replies.push(r));
  return { exit, replies };
}

describe('the control socket', () => {
  it('says that no console runs', async () => {
    expect(await ask(controlPath(folder), ['users'])).toEqual({ exit: null, replies: [] });
  });

  it('hands over words and files, and gives back what was printed and the exit code', async () => {
    const path = controlPath(folder);
    const control = await listenForControl(path, ({ argv, files }, reply) => {
      reply({ out: argv.join(' ') });
      reply({ err: files['a.yaml'] ?? 'no file' });
      return Promise.resolve(3);
    });
    expect(await ask(path, ['slo', 'list'])).toEqual({ exit: 3, replies: [{ out: 'slo list' }, { err: 'text' }] });
    await control.close();
  });

  it('reports a command that throws, and goes on serving', async () => {
    const path = controlPath(folder);
    const control = await listenForControl(path, ({ argv }) =>
      argv[0] === 'bad' ? Promise.reject(new Error('it broke')) : Promise.resolve(0),
    );
    expect(await ask(path, ['bad'])).toEqual({ exit: 1, replies: [{ err: 'it broke' }] });
    expect((await ask(path, ['good'])).exit).toBe(0);
    await control.close();
  });

  it('hands over files of many megabytes as they are', async () => {
    const path = controlPath(folder);
    const text = 'é,1\n'.repeat(5_000_000);
    const control = await listenForControl(path, ({ files }) => Promise.resolve(files['a'] === text ? 0 : 2));
    expect(await askConsole(path, { argv: ['x'], files: { a: text } }, () => undefined)).toBe(0);
    await control.close();
  });

  it('says what fits and what to do when a file is too large, and goes on serving', async () => {
    const path = controlPath(folder);
    const limit = 1_024 * 1_024;
    const control = await listenForControl(path, () => Promise.resolve(0), limit);
    const words =
      'The files of this command take 1.2 MB on their way into the running console, and at most 1 MB fit. Split the file, or send it on its page of the console.\n';
    const big = { argv: ['users', 'import'], files: { a: 'x'.repeat(1.15 * limit) } };
    // Whether the caller knows the limit or not.
    for (const known of [limit, undefined]) {
      const replies: ControlReply[] = [];
      expect(await askConsole(path, big, (r) => replies.push(r), known)).toBe(1);
      expect(replies).toEqual([{ err: known === undefined ? expect.stringContaining('at most 1 MB fit') : words }]);
    }
    expect((await ask(path, ['good'])).exit).toBe(0);
    await control.close();
  });

  it('survives rubbish on the socket', async () => {
    const path = controlPath(folder);
    const control = await listenForControl(path, () => Promise.resolve(0));
    await new Promise<void>((done) => {
      const socket = createConnection(path);
      socket.on('connect', () => socket.write('this is not json\n'));
      socket.on('error', () => undefined);
      socket.on('close', () => done());
    });
    expect((await ask(path, ['good'])).exit).toBe(0);
    await control.close();
  });

  it('belongs to its owner alone, and takes over from a console that was killed', async () => {
    const path = controlPath(folder);
    const first = await listenForControl(path, () => Promise.resolve(1));
    expect((await stat(path)).mode & 0o077).toBe(0);
    const second = await listenForControl(path, () => Promise.resolve(2));
    expect((await ask(path, ['x'])).exit).toBe(2);
    await Promise.all([first.close(), second.close()]);
  });

  it('keeps the path short enough for the system in a deep folder', () => {
    const deep = join(folder, 'x'.repeat(90), 'y'.repeat(90));
    expect(Buffer.byteLength(controlPath(deep))).toBeLessThanOrEqual(104);
    expect(controlPath(deep)).not.toBe(controlPath(`${deep}z`));
  });
});
