/** Packages: installed once, and again only when the lockfile or a manifest has changed. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Refusal, say, step } from './console.mjs';
import { at, fingerprint, readJson, root, stampIs, workspaceFolders, writeStamp } from './places.mjs';
import { run } from './processes.mjs';

const stamp = at('node_modules/.cache/quarterdeck/install');
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';

/** Installs what the lockfile names unless that was done already. Throws a Refusal when it cannot. */
export async function ensureInstalled() {
  const print = manifestsPrint();
  if (stampIs(stamp, print) && nothingMissing()) return;
  const [command, ...first] = pnpmCommand();
  say('Installing packages (once, and again only when the lockfile changes)');
  await step('packages', async () => {
    const { code } = await run(command, [...first, 'install', '--frozen-lockfile', '--reporter=append-only'], {
      cwd: root,
      env: { ...process.env, CI: 'true', npm_config_loglevel: 'error' },
    });
    if (code !== 0) throw new Refusal('The packages could not be installed: see the lines above, then run it again.');
  });
  writeStamp(stamp, print);
}

function manifestsPrint() {
  const manifests = ['package.json', ...workspaceFolders().map((folder) => `${folder}/package.json`)];
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests].map((file) => at(file));
  return fingerprint(files, process.platform, process.arch);
}

function nothingMissing() {
  return ['.', ...workspaceFolders()].every((folder) => existsSync(at(folder, 'node_modules')));
}

/** pnpm of the pinned major from PATH, else the pinned release through npx. */
function pnpmCommand() {
  const pin = readJson(at('package.json')).packageManager;
  const major = pin.replace(/^pnpm@/, '').split('.')[0];
  const found = versionOf('pnpm');
  return found?.startsWith(`${major}.`) ? ['pnpm'] : [npx, '--yes', pin];
}

function versionOf(command) {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], shell: process.platform === 'win32' };
    return execFileSync(command, ['--version'], options).trim();
  } catch {
    return null;
  }
}
