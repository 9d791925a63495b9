import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qd-main-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  err: string;
}

/** Starts the console as a process of its own; `ready` gives its address, `ended` how it ended. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', QD_DATA_DIR: join(folder, 'data'), QD_DEMO: '0', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ready = new Promise<string>((done, fail) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const url = /ready at (\S+)/.exec(out)?.[1];
      if (url !== undefined) done(url);
    });
    child.once('exit', () => fail(new Error(`it ended: ${err}`)));
  });
  ready.catch(() => undefined);
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code) => done({ code, err }));
  });
  return { child, ready, ended };
}

describe('starting', () => {
  it('reports every fault of the configuration at once and starts nothing', async () => {
    const { code, err } = await start({ PORT: 'x', QD_ROLE: 'boss', DATABASE_URL: 'mysql://h' }).ended;
    expect(code).toBe(1);
    for (const name of ['PORT', 'QD_ROLE', 'DATABASE_URL', 'SESSION_SECRET', 'ENCRYPTION_PASSWORD'])
      expect(err).toContain(`${name}: `);
  });

  it('says in one sentence that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => {
      taken.once('listening', done);
    });
    const { port } = taken.address() as AddressInfo;
    const { code, err } = await start({ PORT: String(port) }).ended;
    taken.close();
    expect(code).toBe(1);
    expect(err.trim()).toBe(`Port ${port} is taken. Stop what uses it, or name another port in PORT.`);
  });

  it('says in one sentence that Postgres does not answer, without its password', async () => {
    const secret = 's'.repeat(40);
    const { code, err } = await start({
      DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/db',
      SESSION_SECRET: secret,
      ENCRYPTION_PASSWORD: secret,
    }).ended;
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('127.0.0.1:1');
    expect(err).not.toContain('hunter2');
  });

  it('says in one sentence that the data folder cannot be used', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { code, err } = await start({ QD_DATA_DIR: file }).ended;
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('QD_DATA_DIR');
  });
});

describe('stopping', () => {
  it('ends cleanly on SIGTERM, refuses a second process on its folder meanwhile, and starts again after kill -9', async () => {
    const first = start({});
    expect((await fetch(`${await first.ready}/health`)).status).toBe(200);

    const second = await start({}).ended;
    expect(second.code).toBe(1);
    expect(second.err.trim().split('\n')).toHaveLength(1);

    first.child.kill('SIGKILL');
    await first.ended;
    const third = start({});
    await third.ready;
    third.child.kill('SIGTERM');
    expect((await third.ended).code).toBe(0);
  }, 240_000);
});
