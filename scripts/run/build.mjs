/** The two bundles, built only when what they are made of has changed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Refusal, say, step } from './console.mjs';
import { at, filesUnder, fingerprint, root, stampIs, writeStamp } from './places.mjs';
import { run } from './processes.mjs';

const bundles = {
  web: { folder: 'apps/web', outputs: ['dist/index.html'] },
  server: { folder: 'apps/server', outputs: ['dist/main.js', 'dist/qd.js'] },
};

const isTest = (file) => /\.test\.tsx?$/.test(path.relative(root, file));

/** Builds the named bundles where they are missing or stale, both at once. Throws a Refusal with the tool's output. */
export async function ensureBuilt({ env }, names = ['web', 'server']) {
  const stale = names.map((name) => ({ name, ...bundles[name], print: printOf(bundles[name].folder) })).filter(isStale);
  if (stale.length === 0) return;
  say(`Building ${stale.map(({ name }) => name).join(' and ')} (again only when the sources change)`);
  const builds = stale.map((bundle) => step(`build ${bundle.name}`, () => build(bundle, env)));
  const faults = (await Promise.allSettled(builds)).filter(({ status }) => status === 'rejected');
  if (faults.length > 0) throw new Refusal(faults.map(({ reason }) => reason.message).join('\n'));
}

function printOf(folder) {
  const parts = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => at(folder, name));
  const shared = [at('packages/shared/src'), at('pnpm-lock.yaml'), at('tsconfig.base.json')];
  return fingerprint(filesUnder(...parts, ...shared).filter((file) => !isTest(file)));
}

/** The stamp lies inside the output folder: a build made by hand empties that folder and so takes the stamp away. */
const stampOf = (folder) => at(folder, 'dist/.stamp');

function isStale({ folder, outputs, print }) {
  return !stampIs(stampOf(folder), print) || !outputs.every((file) => existsSync(at(folder, file)));
}

async function build({ name, folder, print }, env) {
  const vite = at(folder, 'node_modules/.bin/vite');
  const { code, output } = await run(vite, ['build'], { cwd: at(folder), env: { ...env, NO_COLOR: '1' }, quiet: true });
  const told = stripVTControlCharacters(output)
    .trim()
    .replaceAll(/\n\s+at .*/g, '');
  if (code !== 0) throw new Refusal(`The ${name} bundle could not be built:\n${told}`);
  writeStamp(stampOf(folder), print);
}
