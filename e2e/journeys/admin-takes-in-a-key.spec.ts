import { readFile } from 'node:fs/promises';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { archivePlaces, browserPlaces, watchAddresses } from '../fixtures/browser-places.ts';
import { readSlos } from '../fixtures/keys.ts';
import { ownMailServer } from '../fixtures/mail-server.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';
import { filesBelow, sweep, type Place } from '../fixtures/sweep.ts';

const mail = ownMailServer();
const stack = ownStack({ logLevel: 'trace', env: mail.env });
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };

const FOREIGN = 'partner-Zk83hQ7vLw2Xn5Rt9Yb4';
const places: Place[] = [];

test.describe.configure({ mode: 'serial' });
test.setTimeout(240_000);

test.beforeAll(async () => {
  const words = ['users', 'create', admin.email, '--name', 'Ada Berg', '--role', 'admin'];
  expect(await stack.qd(...words, '--password', admin.password)).toMatchObject({ code: 0 });
});

const importForm = (page: Page) => page.getByRole('dialog', { name: /Take in an existing key/ });

async function addConsumer(page: Page, name: string): Promise<void> {
  const form = importForm(page);
  await form.getByText('Owner, limits and consumers').click();
  await form.getByRole('button', { name: 'Add consumer' }).click();
  const fields = form.getByRole('group', { name: 'Consumer', exact: true });
  await fields.getByLabel('Name', { exact: true }).fill(name);
  await fields.getByLabel('Who answers for it').fill('Jonas Reef');
  await fields.getByLabel('Told by').selectOption('email');
  await fields.getByLabel('Address', { exact: true }).fill(`${name}@example.test`);
  await fields.getByRole('button', { name: 'Save consumer' }).click();
  await expect(fields).toHaveCount(0);
}

/** Takes a key in on the screen that stands open. */
async function takeIn(page: Page, name: string): Promise<void> {
  const form = importForm(page);
  await form.getByLabel('The key', { exact: true }).fill(FOREIGN);
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Platform', { exact: true }).selectOption('hashinsight');
  await form.getByRole('checkbox', { name: /^slo:read/ }).check();
}

/** Does work in a browser of its own whose traffic is recorded, and adds all it kept to what is searched. */
async function recorded(browser: Browser, work: (page: Page) => Promise<void>): Promise<void> {
  const har = test.info().outputPath('admin.har');
  const context = await browser.newContext({ recordHar: { path: har, content: 'embed' } });
  const page = await context.newPage();
  const addresses = watchAddresses(page);
  await signIn(page, stack, admin);
  await work(page);
  places.push(...(await browserPlaces(page)), addresses());
  await context.close();
  places.push(...(await archivePlaces(har)));
}

test('an admin takes in a key made elsewhere, and it works', async ({ browser }) => {
  await recorded(browser, async (page) => {
    await page.goto(`${stack.url}/keys/new`);
    await page.getByRole('button', { name: 'Take in an existing one' }).click();
    await expect(page).toHaveURL(/\/keys\/import/);
    const field = importForm(page).getByLabel('The key', { exact: true });
    await expect(field).toHaveAttribute('type', 'password');
    await field.fill(`ｈ${FOREIGN}`);
    await expect(importForm(page).getByText(/Look-alike character at position 1/)).toBeVisible();
    await expectAccessible(page);
    await takeIn(page, 'Partner feed');
    await expect(importForm(page).getByText(/^Made elsewhere, 28 characters/)).toBeVisible();
    await addConsumer(page, 'edge');
    await importForm(page).getByRole('button', { name: 'Take in key' }).click();
    await prove(page, admin.password);
    const done = page.getByRole('dialog', { name: /The key is taken in/ });
    await expect(done.getByRole('status')).toContainText('Only a keyed hash of it was stored');
    await expectAccessible(page);
    await done.getByRole('link', { name: 'Open the key' }).click();
    await expect(page.getByRole('region', { name: 'Partner feed' })).toBeVisible();
  });
  expect((await readSlos(stack.url, FOREIGN)).status).toBe(200);
});

test('the same key is refused the second time, and the form stays', async ({ browser }) => {
  await recorded(browser, async (page) => {
    await page.goto(`${stack.url}/keys/import`);
    await takeIn(page, 'Once more');
    await importForm(page).getByRole('button', { name: 'Take in key' }).click();
    await prove(page, admin.password);
    await expect(
      importForm(page)
        .getByText(/is a key here already/)
        .first(),
    ).toBeVisible();
    await expect(importForm(page).getByLabel('Name', { exact: true })).toHaveValue('Once more');
    await page.keyboard.press('Escape');
    await expect(importForm(page)).toHaveCount(0);
  });
});

test('keys chosen are rotated together, and the new ones are drawn by links nobody here sees', async ({ browser }) => {
  await recorded(browser, async (page) => {
    await page.goto(`${stack.url}/keys`);
    for (const name of ['Partner feed', 'Billing sync']) {
      await page.getByRole('checkbox', { name: `Select ${name}` }).check();
    }
    await page.getByRole('region', { name: 'Acts on those chosen' }).getByRole('button', { name: 'Rotate' }).click();
    const asked = page.getByRole('dialog', { name: 'Rotate 1 key?' });
    await expect(
      asked.getByText(/^Link to edge@example\.test\. The old key ends .*, the policy says 7 d/),
    ).toBeVisible();
    await expect(asked.getByText(/^Billing sync is of the demo/)).toBeVisible();
    await asked.getByLabel(/^Reason/).fill('the partner made it');
    await expectAccessible(page);
    await asked.getByRole('button', { name: 'Rotate' }).click();
    await prove(page, admin.password);
    const done = page.getByRole('dialog', { name: 'Rotate: started for 1 of 1 key' });
    await expect(done.getByRole('row', { name: /Partner feed/ })).toContainText('Started');
    await expectAccessible(page);
    const saving = page.waitForEvent('download');
    await done.getByRole('button', { name: 'CSV: download the rotations' }).click();
    const file = await readFile(await (await saving).path(), 'utf8');
    expect(file).toMatch(/,Partner feed,started,,[A-Za-z0-9]{8},edge@example\.test,/);
    await done.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('region', { name: 'Acts on those chosen' })).toHaveCount(0);
  });
  const links = () => mail.mails().flatMap(({ text }) => /http\S+\/claim#\S+/.exec(text) ?? []);
  await expect.poll(links, { timeout: 90_000 }).toHaveLength(1);
  const [link = ''] = links();
  expect(sweep(places, [{ name: 'the link', text: link.slice(link.indexOf('#') + 1) }])).toEqual([]);
  const recipient = await (await browser.newContext()).newPage();
  await recipient.goto(link);
  await recipient.getByRole('button', { name: 'Show my key' }).click();
  const text = (await recipient.getByTestId('secret').innerText()).trim();
  await recipient.context().close();
  for (const key of [FOREIGN, text]) expect((await readSlos(stack.url, key)).status).toBe(200);
});

test('of the key taken in nothing is anywhere but where it was sent', async () => {
  await stack.stop();
  places.push({ name: 'the log', content: stack.output() });
  places.push({ name: 'the database', content: await readFile(await stack.writeRows(), 'utf8') });
  places.push(...(await filesBelow(stack.dataDir, 'the data folder')));
  expect(sweep(places, [{ name: 'the key', text: FOREIGN }])).toEqual([
    'the key in what was sent to /trpc/apiKeys.import',
  ]);
});
