import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { askAbout, createKey, gatewayKey, type ShownKey } from '../fixtures/keys.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, owner, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };

let gateway: string;
let prod: ShownKey;
let dev: ShownKey;

test.describe.configure({ mode: 'serial' });
test.setTimeout(240_000);

test.beforeAll(async ({ browser }) => {
  const words = ['users', 'create', admin.email, '--name', 'Ada Berg', '--role', 'admin'];
  expect(await stack.qd(...words, '--password', admin.password)).toMatchObject({ code: 0 });
  gateway = await gatewayKey(stack);
  const page = await browser.newPage();
  await signIn(page, stack, owner);
  prod = await createKey(page.request, stack, { name: 'Uploader' });
  dev = await createKey(page.request, stack, { name: 'Uploader sandbox', environment: 'dev' });
  await page.close();
});

const status = async (key: string): Promise<number> =>
  (await askAbout(stack.url, gateway, { key, client: { address: '203.0.113.99', agent: 'thief/1.0' } })).status;

/** A log as it is found somewhere, with the key behind percent signs. */
const logWith = (key: string): string =>
  `10:02 GET /health 200\n10:03 POST /upload?auth=${[...key].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')} 200\n`;

async function searchFor(page: Page, text: string, place: string): Promise<void> {
  await page.goto(`${stack.url}/keys/leaks`);
  await page.getByLabel('Text that may hold keys').fill(text);
  await page.getByLabel('Where it was found').fill(place);
  await page.getByRole('button', { name: 'Search for keys' }).click();
}

test('an operator pastes a log: the key in it is found behind its disguise and stopped at once', async ({ page }) => {
  expect(await status(prod.text)).toBe(200);
  await signIn(page, stack, 'operator');
  await searchFor(page, logWith(prod.text), 'Ticket 4711');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('One key in');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('1 quarantined');
  expect(await status(prod.text)).toBe(401);
  const report = page.getByRole('article', { name: 'Ticket 4711' });
  await expect(report.getByText('Quarantined', { exact: true })).toBeVisible();
  await expect(report.getByRole('link', { name: 'Uploader', exact: true })).toBeVisible();
  await expect(page.getByLabel('Text that may hold keys')).toHaveValue('');
  await expectAccessible(page);
});

test('the Overview names the key that is stopped, and leads to it', async ({ page }) => {
  await signIn(page, stack, 'operator');
  await page.goto(stack.url);
  await expect(page.getByRole('main')).toContainText('Uploader of HashInsight is quarantined');
});

test('what cannot be a key is no hit, and a key for development is reported by policy and goes on', async ({
  page,
}) => {
  await signIn(page, stack, 'operator');
  await searchFor(page, prod.text.slice(0, -3), 'a torn note');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('No key in');
  await searchFor(page, `token: ${Buffer.from(dev.text).toString('base64')}`, 'a public repository');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('1 still works');
  expect(await status(dev.text)).toBe(200);
});

test('an operator ends the leaked development key at once and gets its successor', async ({ page }) => {
  await signIn(page, stack, 'operator');
  await page.goto(`${stack.url}/keys/leaks`);
  const report = page.getByRole('article', { name: 'a public repository' });
  await report.getByRole('button', { name: 'Rotate at once' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate Uploader sandbox' });
  await expect(dialog.getByText('The old key ends at once. This cannot be undone.')).toBeVisible();
  await dialog.getByLabel(/^Reason/).fill('lay in a public repository');
  await dialog.getByRole('button', { name: 'End the old key and rotate' }).click();
  await prove(page, demoPassword);
  const next = (await page.getByTestId('secret').innerText()).trim();
  expect(await status(dev.text)).toBe(401);
  expect(await status(next)).toBe(200);
});

test('an admin finds that the log was a false alarm and lets the key go on', async ({ page }) => {
  await signIn(page, stack, admin);
  await page.goto(`${stack.url}/keys/leaks`);
  const report = page.getByRole('article', { name: 'Ticket 4711' });
  await report.getByRole('button', { name: 'False alarm, release' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release Uploader?' });
  await dialog.getByLabel(/^Reason/).fill('the log never left the house');
  await dialog.getByRole('button', { name: 'Release key' }).click();
  await prove(page, admin.password);
  await expect(report.getByText('Released', { exact: true })).toBeVisible();
  expect(await status(prod.text)).toBe(200);
});
