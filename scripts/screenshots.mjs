#!/usr/bin/env node
/**
 * Takes the pictures of the README from the running product: builds it, starts it on data of its own with the demo, and
 * looks at it as a browser does. Afternoon pictures at any hour: the console's clock is set to 14:45 UTC, and the demo told
 * from the moment the console has measured itself. `node scripts/screenshots.mjs` writes e2e/screenshots/*.png; with words
 * behind it, only the pictures whose names begin with one of them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from './run/build.mjs';
import { findChromium } from './run/chromium.mjs';
import { say } from './run/console.mjs';
import { at, root } from './run/places.mjs';
import { run } from './run/processes.mjs';
import { runtime } from './run/runtime.mjs';
import { encodePalettePng } from './screenshots/palette-png.mjs';

const FOLDER = at('e2e/screenshots');
const SHOWN_AT_UTC = [14, 45];
const desk = { width: 1280, height: 860, deviceScaleFactor: 1.5 };
const phone = { width: 390, height: 844, deviceScaleFactor: 2 };

/** The directory with somebody beside it. */
const users = {
  as: 'owner',
  path: '/users/usr_demo_marek_novak',
  async ready(page) {
    await page.getByRole('heading', { name: 'Marek Novak' }).waitFor();
    await page.getByRole('table', { name: 'People' }).waitFor();
  },
};

/** All keys on their axis of time. */
const keys = {
  as: 'owner',
  path: '/keys',
  async ready(page) {
    const table = page.getByRole('table', { name: 'API keys by platform' });
    await table.getByRole('row', { name: /Admin/ }).waitFor();
  },
};

/** The log, with what an invitation wrote open over it. */
const audit = {
  as: 'auditor',
  path: '/audit',
  async ready(page) {
    await page
      .getByRole('button', { name: /invited/ })
      .first()
      .click();
    await page.getByRole('dialog').getByText('Place in the chain').waitFor();
  },
};

const pictures = [
  ...['dark', 'light'].flatMap((theme) => [
    { file: `overview-${theme}.png`, screen: 'overview', theme, ...desk },
    { file: `slo-${theme}.png`, screen: 'slo', theme, ...desk },
    { file: `users-${theme}.png`, screen: users, theme, ...desk },
    { file: `roles-${theme}.png`, screen: 'roles', theme, ...desk },
    { file: `keys-${theme}.png`, screen: keys, theme, ...desk, height: 1_060 },
    { file: `audit-${theme}.png`, screen: audit, theme, ...desk },
  ]),
  { file: 'slos-light.png', screen: 'slos', theme: 'light', ...desk },
  { file: 'phone-dark.png', screen: 'overview', theme: 'dark', ...phone },
];

const words = process.argv.slice(2);
const isWanted = ({ file }) => words.length === 0 || words.some((word) => file.startsWith(word));
const forms = ['dark', 'light'].map((theme) => ({ file: `new-slo-${theme}.png`, theme, ...desk })).filter(isWanted);

const { node, env } = runtime();
// The fixtures are TypeScript, which older Nodes do not read.
if (!process.features.typescript) {
  const { code } = await run(node, [at('scripts/screenshots.mjs'), ...words], { cwd: root, env });
  process.exit(code);
}
process.env.QD_E2E_HOME = path.join(tmpdir(), `qd-screenshots-${process.pid}`);
const { openStack, owner } = await import('../e2e/fixtures/stack.ts');
const { ask, ownerLink, provenRpc, rpc, signIn } = await import('../e2e/fixtures/sign-in.ts');
const { screens } = await import('../e2e/fixtures/screens.ts');
const { openShop } = await import('../e2e/fixtures/prometheus.ts');
const { chromium } = await import(path.join(FOLDER, '../node_modules/@playwright/test/index.mjs'));

/** How far the clock must be ahead for it to be the time of day the pictures show. */
function untilShownMs(nowMs) {
  const shown = new Date(nowMs).setUTCHours(...SHOWN_AT_UTC, 0, 0);
  return shown >= nowMs ? shown - nowMs : shown - nowMs + 24 * 3_600_000;
}

/** Pixels of a PNG, read by the browser itself. */
async function pixelsOf(browser, png) {
  const page = await browser.newPage();
  const read = async (source) => {
    const picture = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    let text = '';
    for (let i = 0; i < data.length; i += 32_768) text += String.fromCharCode(...data.subarray(i, i + 32_768));
    return { width: picture.width, height: picture.height, base64: btoa(text) };
  };
  const { width, height, base64 } = await page.evaluate(read, `data:image/png;base64,${png.toString('base64')}`);
  await page.close();
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}

/** Waits, asking like an open page, until the console has seen its first own minutes; then its demo begins. */
async function measureItself(request, stack) {
  const hasData = async () => {
    const { result } = await (await ask(request, stack, 'slo.list', { platform: 'quarterdeck' })).json();
    return result.data.rows.every((slo) => slo.dataAt !== null);
  };
  while (!(await hasData())) await sleep(2_000);
  await stack.qd('demo', 'remove');
  await stack.qd('demo', 'load');
}

/** A new objective on a Prometheus, with what it would have shown. */
const form = {
  as: owner,
  path: '/slos/new',
  async ready(page) {
    await page.getByLabel('Platform').selectOption({ label: 'Shop' });
    await page.getByLabel('Bad events').fill('shop_requests_total{status=~"5.."}');
    await page.getByLabel('All events').fill('shop_requests_total');
    await page.getByLabel('Name', { exact: true }).fill('Availability');
    await page.getByText(/of the budget would be left/).waitFor();
    await page.getByLabel('Name', { exact: true }).blur();
    await page.evaluate(() => window.scrollTo(0, 0));
  },
};

async function takeForm(browser) {
  const shop = await openShop(35, [
    { fromMinutesAgo: 12 * 1_440, toMinutesAgo: 12 * 1_440 - 14, failedRatio: 0.4 },
    { fromMinutesAgo: 4 * 1_440, toMinutesAgo: 4 * 1_440 - 35, failedRatio: 0.3 },
  ]);
  const stack = await openStack('form', 'embedded', null);
  try {
    const { request } = await browser.newContext();
    const token = new URL(await ownerLink(stack)).hash.slice(1);
    await rpc(request, stack, 'session.createOwner', { token, ...owner });
    await stack.qd('demo', 'remove');
    const source = { platform: 'shop', platformName: 'Shop', kind: 'prometheus', url: shop.url, intervalMs: 5_000 };
    await rpc(request, stack, 'slo.definitions.addSource', source);
    for (const picture of forms) await take(browser, stack, { ...picture, screen: form });
  } finally {
    await stack.close();
    await shop.stop();
  }
}

async function take(browser, stack, { file, screen: wanted, theme, width, height, deviceScaleFactor }) {
  const screen = typeof wanted === 'string' ? screens.find(({ name }) => name === wanted) : wanted;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, deviceScaleFactor });
  const page = await context.newPage();
  await signIn(page, stack, screen.as);
  await page.goto(`${stack.url}${screen.path}`);
  await screen.ready(page);
  await page.evaluate(() => document.fonts.ready);
  const { rgba, ...size } = await pixelsOf(browser, await page.screenshot());
  const png = encodePalettePng(rgba, size.width, size.height);
  writeFileSync(path.join(FOLDER, file), png);
  say(`  ${file}: ${size.width} x ${size.height}, ${Math.round(png.length / 1_024)} KiB`);
  await context.close();
}

await ensureBuilt({ env });
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: await findChromium({ node, env }),
  args: ['--no-sandbox', '--disable-gpu'],
});
const stack = await openStack('pictures', 'embedded', null, { aheadMs: untilShownMs(Date.now()) });
try {
  const { request } = await browser.newContext();
  const token = new URL(await ownerLink(stack)).hash.slice(1);
  await rpc(request, stack, 'session.createOwner', { token, ...owner });
  await measureItself(request, stack);
  const guest = { name: 'Ida Marsh', email: 'ida@example.test', role: 'operator', platform: 'hashinsight' };
  const input = { ...guest, reason: 'on call from Monday' };
  await provenRpc(request, stack, 'users.invite', { input, password: owner.password });
  for (const picture of pictures.filter(isWanted)) await take(browser, stack, picture);
  if (forms.length > 0) await takeForm(browser);
} finally {
  await stack.close();
  await browser.close();
  rmSync(process.env.QD_E2E_HOME, { recursive: true, force: true });
}
