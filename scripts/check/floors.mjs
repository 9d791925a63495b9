/**
 * Imports only go down. Fails on a breach, on any module on disk that was not looked at (a TypeScript the tool cannot
 * read makes it see nothing and call that clean), and on any rule that a seeded breach does not trip.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { at, filesUnder, root } from '../run/places.mjs';
import { seedBreaches } from './floors-breaches.mjs';

const configFile = at('.dependency-cruiser.cjs');
const ruleNames = createRequire(import.meta.url)(configFile).forbidden.map((rule) => rule.name);
const starts = ['apps', 'packages', 'e2e', 'bench'];

/** What the tool saw from a folder: `{ sources, violations }`. Throws when it did not run to its end. */
function cruise(cwd) {
  const cli = at('node_modules/.bin/depcruise');
  const args = ['--config', configFile, '--output-type', 'json', ...starts];
  const { stdout, stderr } = spawnSync(cli, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser did not answer: ${stderr || stdout}`);
  const { modules, summary } = JSON.parse(stdout);
  return { sources: new Set(modules.map((module) => module.source)), violations: summary.violations };
}

function modulesOnDisk() {
  return filesUnder(...starts.map((start) => at(start)))
    .map((file) => path.relative(root, file).replaceAll('\\', '/'))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('/drizzle/'));
}

function untrippedRules() {
  const folder = mkdtempSync(path.join(tmpdir(), 'qd-floors-'));
  try {
    seedBreaches(folder);
    const tripped = new Set(cruise(folder).violations.map((violation) => violation.rule.name));
    return ruleNames.filter((name) => !tripped.has(name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { sources, violations } = cruise(root);
const unseen = modulesOnDisk().filter((file) => !sources.has(file));
const untripped = untrippedRules();

for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`);
for (const file of unseen) console.error(`not looked at: ${file}`);
for (const name of untripped) console.error(`the seeded breach of ${name} went unnoticed`);
if (sources.size === 0) console.error('no module was seen');
if (violations.length + unseen.length + untripped.length > 0 || sources.size === 0) process.exit(1);
console.log(`${sources.size} modules, ${ruleNames.length} rules, each seeded breach caught`);
