/** The Node that runs the product: the one the packages bring, else the one that runs this script. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './console.mjs';
import { at, readJson, root } from './places.mjs';

const packaged = `node-${process.platform}-${process.arch}`;

/** Says no before anything is downloaded, on machines for which no Node comes with the packages. */
export function refuseOldNode() {
  const { optionalDependencies } = readJson(at('package.json'));
  if (!(packaged in optionalDependencies) && !newEnough(process.versions.node)) throw tooOld();
}

/**
 * Environment for everything that is started: the repository's tools first on PATH, so that `node` is the packaged one.
 * Also gives the path of that Node. Throws a Refusal when there is none that is new enough.
 */
export function runtime() {
  const node = pickNode();
  const folders = [path.dirname(node), at('node_modules/.bin')];
  const env = { ...process.env, PATH: [...folders, process.env.PATH ?? ''].join(path.delimiter) };
  for (const name of Object.keys(env)) if (/^npm_(package|config|lifecycle)_/.test(name)) delete env[name];
  return { node, env, root };
}

/** The packaged Node may be there and still not run (a C library other than glibc), so it is asked once. */
function pickNode() {
  const file = at('node_modules', packaged, 'bin', 'node');
  if (existsSync(file) && runs(file)) return file;
  if (newEnough(process.versions.node)) return process.execPath;
  throw tooOld();
}

function runs(file) {
  try {
    return newEnough(execFileSync(file, ['--version'], { encoding: 'utf8' }).trim().slice(1));
  } catch {
    return false;
  }
}

function newEnough(version) {
  const [wantedMajor, wantedMinor] = wantedNode();
  const [major, minor] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function wantedNode() {
  return readJson(at('package.json'))
    .engines.node.replace(/[^\d.]/g, '')
    .split('.')
    .map(Number);
}

function tooOld() {
  const wanted = wantedNode().slice(0, 2).join('.');
  return new Refusal(
    `Quarterdeck needs Node ${wanted} or newer and this is ${process.versions.node}: install Node 24 (nodejs.org, or "nvm install 24") and run it again.`,
  );
}
