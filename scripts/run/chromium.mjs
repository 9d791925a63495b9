/** A Chromium for the browser journeys: the one named, the system's, Playwright's own, else the distribution's package. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal, say, step } from './console.mjs';
import { at, root } from './places.mjs';
import { run } from './processes.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const remedy =
  'No Chromium was found for the browser journeys: install Chromium or Chrome, or set PLAYWRIGHT_CHROMIUM to its path, and run it again.';

/** Path of a browser that can be started. Throws a Refusal that says what to do when there is none. */
export async function findChromium({ node, env }) {
  const named = env.PLAYWRIGHT_CHROMIUM;
  if (named && !isProgram(named)) throw new Refusal(`PLAYWRIGHT_CHROMIUM names ${named}, which cannot be run.`);
  return named || onThisMachine(env) || (await playwrightsOwn(node, env)) || (await fromDebian(env));
}

/** First program of these names on PATH, or null. */
export function onPath(env, ...programs) {
  const folders = (env.PATH ?? '').split(path.delimiter);
  return programs.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram) ?? null;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onThisMachine(env) {
  return onPath(env, ...names) ?? applications.find(isProgram);
}

async function playwrightsOwn(node, env) {
  const ask = "import('@playwright/test').then((p) => console.log(p.chromium.executablePath()))";
  const { output } = await run(node, ['-e', ask], { cwd: at('e2e'), env, quiet: true });
  const file = output.trim().split('\n').at(-1);
  return isProgram(file) ? file : null;
}

async function fromDebian(env) {
  const debian = existsSync('/etc/debian_version') && onPath(env, 'apt-get');
  if (!debian || process.getuid() !== 0) throw new Refusal(remedy);
  say(`Debian ${readFileSync('/etc/debian_version', 'utf8').trim()} and no browser: installing its chromium`);
  await step('chromium', async () => {
    const quietly = { cwd: root, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true };
    await run('apt-get', ['update'], quietly);
    const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quietly);
    if (code !== 0) throw new Refusal(`${remedy}\n${output.trim().split('\n').slice(-3).join('\n')}`);
  });
  const installed = onThisMachine(env);
  if (!installed) throw new Refusal(remedy);
  return installed;
}
