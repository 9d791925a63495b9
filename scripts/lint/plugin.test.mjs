/** Each house rule reports its breach and leaves the right way alone. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { at } from '../run/places.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'qd-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = path.join(folder, 'oxlintrc.json');
const rules = ['env-is-read-once', 'no-ambient-clock', 'no-vague-name'];
writeFileSync(
  config,
  JSON.stringify({
    jsPlugins: [at('scripts/lint/plugin.mjs')],
    categories: { correctness: 'off' },
    rules: Object.fromEntries(rules.map((rule) => [`qd/${rule}`, 'error'])),
  }),
);

function faults(name, code) {
  const file = path.join(folder, 'src', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, code);
  const { stdout } = spawnSync(at('node_modules/.bin/oxlint'), ['-c', config, '--format=json', file], {
    encoding: 'utf8',
  });
  return JSON.parse(stdout).diagnostics.map((diagnostic) => diagnostic.code);
}

it.each([
  ['clock.ts', 'export const a = Date.now();', 'qd(no-ambient-clock)'],
  ['clock-new.ts', 'export const a = new Date();', 'qd(no-ambient-clock)'],
  ['chance.ts', 'export const a = Math.random();', 'qd(no-ambient-clock)'],
  ['stopwatch.ts', 'export const a = performance.now();', 'qd(no-ambient-clock)'],
  ['reader.ts', 'export const a = process.env.HOME;', 'qd(env-is-read-once)'],
  ['utils.ts', 'export const a = 1;', 'qd(no-vague-name)'],
  ['slo/slo-helpers.ts', 'export const a = 1;', 'qd(no-vague-name)'],
  ['common/budget.ts', 'export const a = 1;', 'qd(no-vague-name)'],
])('%s breaks its rule', (name, code, rule) => {
  expect(faults(name, code)).toEqual([rule]);
});

it.each([
  ['instant.ts', 'export const a = (nowMs: number) => new Date(nowMs);'],
  ['config.ts', 'export const a = process.env.HOME;'],
  ['slo/budget.ts', 'export const a = Date.UTC(2026, 0);'],
])('%s is left alone', (name, code) => {
  expect(faults(name, code)).toEqual([]);
});
