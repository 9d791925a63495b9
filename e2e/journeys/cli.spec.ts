import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { home } from '../fixtures/databases.ts';
import { minutesOf, platformFile, push } from '../fixtures/factories.ts';
import { signIn } from '../fixtures/sign-in.ts';
import { ownStack, type Stack } from '../fixtures/stack.ts';

const stack = ownStack();

test.describe.configure({ mode: 'serial' });

/** What a command prints with `--json`. */
async function json<T>(from: Stack, ...argv: string[]): Promise<T> {
  const result = await from.qd(...argv, '--json');
  expect(result, result.err).toMatchObject({ code: 0 });
  return JSON.parse(result.out) as T;
}

async function fileOf(name: string, content: string): Promise<string> {
  const file = path.join(home(), `${stack.stores}-${name}`);
  await writeFile(file, content);
  return file;
}

interface SloLine {
  id: string;
  name: string;
  platformId: string;
  state: string;
  budget: { leftRatio: number | null };
}

test('a platform file becomes objectives, and applying it again changes nothing', async () => {
  const file = await fileOf('bakery.yaml', platformFile('bakery', ['Oven', 'Counter']));
  const first = await json<{ created: string[]; updated: string[]; unchanged: string[] }>(
    stack,
    'slo',
    'apply',
    '-f',
    file,
  );
  expect(first).toMatchObject({ updated: [], unchanged: [] });
  expect(first.created).toHaveLength(2);
  const second = await json<{ unchanged: string[] }>(stack, 'slo', 'apply', '-f', file);
  expect(second).toMatchObject({ created: [], updated: [] });
  expect(second.unchanged.toSorted()).toEqual(first.created.toSorted());
});

test('a faulty file names every fault and stores nothing', async () => {
  const file = await fileOf(
    'faulty.yaml',
    'platform: cellar\npush: true\nslos:\n  - { name: Door, target: 100.5 }\n  - { name: "" }\n',
  );
  const refused = await stack.qd('slo', 'apply', '-f', file);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('slos[0].target');
  expect(refused.err).toContain('slos[1].name');
  expect(await json<SloLine[]>(stack, 'slo', 'list', '--platform', 'cellar')).toEqual([]);
  expect(await stack.qd('slo', 'apply', '-f', path.join(home(), 'absent.yaml'))).toMatchObject({ code: 1 });
  expect(await stack.qd('slo', 'appply')).toMatchObject({ code: 2 });
});

test('a key is shown once, sends counts, and is over when revoked', async () => {
  const slos = await json<SloLine[]>(stack, 'slo', 'list', '--platform', 'bakery');
  const oven = slos.find((slo) => slo.name === 'Oven');
  const { id, key } = await json<{ id: string; key: string }>(
    stack,
    'keys',
    'create',
    'Oven door',
    '--platform',
    'bakery',
    '--scope',
    'sli:write',
  );
  expect((await push(stack, key, oven?.id, minutesOf(99, 100, 20))).status).toBe(200);

  const listed = await stack.qd('keys', 'list', '--json');
  expect(listed.out).toContain(id);
  expect(listed.out).not.toContain(key);

  const after = await json<SloLine[]>(stack, 'slo', 'list', '--platform', 'bakery');
  expect(after.find((slo) => slo.name === 'Oven')?.budget.leftRatio).not.toBeNull();

  await json(stack, 'keys', 'revoke', id);
  expect((await push(stack, key, oven?.id, minutesOf(99, 100, 5))).status).toBe(401);
});

test('what was done on the command line is in the audit log, and its chain holds', async ({ page }) => {
  const verdict = await json<{ ok: boolean; rows: number }>(stack, 'audit', 'verify');
  expect(verdict.ok).toBe(true);
  expect(verdict.rows).toBeGreaterThan(3);
  await signIn(page, stack, 'auditor');
  await page.goto(`${stack.url}/audit`);
  const log = page.getByRole('table', { name: /^Audit log/ });
  await expect(log.getByRole('row', { name: /The command line/ }).first()).toBeVisible();
});

test('the demo goes with one command', async ({ page }) => {
  await signIn(page, stack, { email: 'mara@example.test', password: 'four plain words here' });
  await page.goto(stack.url);
  await expect(page.getByRole('region', { name: /^HashInsight:/ })).toBeVisible();
  expect(await json<{ state: string }>(stack, 'demo', 'status')).toEqual({ state: 'loaded' });
  expect(await json<{ platforms: number }>(stack, 'demo', 'remove')).toMatchObject({ platforms: 3 });
  expect(await json<{ state: string }>(stack, 'demo', 'status')).toEqual({ state: 'removed' });
  await expect(page.getByRole('region', { name: /^HashInsight:/ })).toHaveCount(0, { timeout: 60_000 });
  const platforms = new Set((await json<SloLine[]>(stack, 'slo', 'list')).map((slo) => slo.platformId));
  expect([...platforms].toSorted()).toEqual(['bakery', 'quarterdeck']);
});

test('the same commands work while the console does not run', async () => {
  const before = await json<SloLine[]>(stack, 'slo', 'list');
  await stack.stop();
  const alone = await json<SloLine[]>(stack, 'slo', 'list');
  expect(alone.map((slo) => slo.id)).toEqual(before.map((slo) => slo.id));
  await stack.start();
});

test('the demo comes back, figures and all, in one command', async () => {
  expect((await stack.qd('demo', 'load')).out).toContain('The demo is loaded.');
  const availability = (await json<SloLine[]>(stack, 'slo', 'list', '--platform', 'hashinsight')).find(
    (slo) => slo.name === 'Availability',
  );
  expect(availability?.state).toMatch(/freeze|overspent/);
  expect(await stack.qd('demo', 'load')).toMatchObject({ code: 1 });
});
