import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { askAbout, gatewayKey, readSlos, type Client } from '../fixtures/keys.ts';
import { ownReceiver } from '../fixtures/receiver.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const hook = ownReceiver();
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };

const NAME = 'Field ingest';
const EDGE: Client = { address: '198.51.100.7', agent: 'edge-gateway/4.2' };
const BATCH: Client = { address: '198.51.100.8', agent: 'batch-import/2.0' };
const STRANGER: Client = { address: '203.0.113.40', agent: 'curl/8.5.0' };

let gateway: string;
let oldKey: string;
let newKey: string;

test.describe.configure({ mode: 'serial' });
test.setTimeout(240_000);
test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test.beforeAll(async () => {
  const words = ['users', 'create', admin.email, '--name', 'Ada Berg', '--role', 'admin'];
  expect(await stack.qd(...words, '--password', admin.password)).toMatchObject({ code: 0 });
  gateway = await gatewayKey(stack);
});

async function openKeys(page: Page, path = '/keys'): Promise<void> {
  await signIn(page, stack, admin);
  await page.goto(`${stack.url}${path}`);
  await expect(page.getByRole('table', { name: 'API keys by platform' })).toContainText('HashInsight');
}

/** The platform's gateway is shown a key by somebody and asks about it. */
async function call(key: string, client: Client): Promise<number> {
  return (await askAbout(stack.url, gateway, { key, client, permission: 'miners:read' })).status;
}

async function addConsumer(form: Locator, name: string, client: Client): Promise<void> {
  await form.getByRole('button', { name: 'Add consumer' }).click();
  const fields = form.getByRole('group', { name: 'Consumer', exact: true });
  await fields.getByLabel('Name', { exact: true }).fill(name);
  await fields.getByLabel('Who answers for it').fill('Jonas Reef');
  await fields.getByLabel('Told by').selectOption('webhook');
  await fields.getByLabel('Address', { exact: true }).fill(hook.url);
  await fields.getByLabel('Calls as').fill(client.agent);
  await fields.getByRole('button', { name: 'Save consumer' }).click();
  await expect(fields).toHaveCount(0);
}

/** Copies the secret shown with its key, says that it is stored and leaves it, all by the keyboard. */
async function takeSecret(page: Page): Promise<string> {
  const secret = page.getByTestId('secret');
  await expect(secret).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByText('Copied. Paste it where it belongs')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe((await secret.innerText()).trim());
  await page.getByRole('checkbox', { name: 'I have stored it in a secret manager' }).press('Space');
  await page.keyboard.press('Enter');
  await expect(secret).toHaveCount(0);
  return copied;
}

/** Moves the cursor of the list to a key by J. */
async function moveTo(page: Page, name: string): Promise<void> {
  const row = page.getByRole('row', { name: new RegExp(name) });
  const isCurrent = async () => {
    await page.keyboard.press('j');
    return row.first().getAttribute('data-cursor');
  };
  await expect.poll(isCurrent).not.toBeNull();
}

test('an admin makes a key with two consumers, and sees its secret once', async ({ page }) => {
  await openKeys(page);
  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: /Create a key/ });
  await form.getByLabel('Name', { exact: true }).first().fill(NAME);
  await form.getByLabel('Platform', { exact: true }).selectOption('hashinsight');
  await form.getByRole('checkbox', { name: /^miners:read/ }).check();
  await form.getByRole('checkbox', { name: /^slo:read/ }).check();
  await form.getByText('Delivery, owner, limits and consumers').click();
  await addConsumer(form, 'edge-gw', EDGE);
  await addConsumer(form, 'batch-import', BATCH);
  await page.keyboard.press('Control+Enter');
  await prove(page, admin.password);
  await expectAccessible(page);
  oldKey = await takeSecret(page);
  expect(oldKey).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
  await expect(page.getByRole('row', { name: new RegExp(NAME) })).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText(oldKey);
  expect(await call(oldKey, EDGE)).toBe(200);
  expect(await call(oldKey, STRANGER)).toBe(200);
  expect((await readSlos(stack.url, oldKey)).status).toBe(200);
});

test('the key is found and rotated by keys alone, and both keys work', async ({ page }) => {
  await openKeys(page);
  await moveTo(page, NAME);
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: `Rotate ${NAME}` });
  await expect(dialog.getByLabel('Overlap, in days')).toHaveValue('7');
  await expect(dialog.getByText(/2 consumers are told/)).toBeVisible();
  await dialog.getByLabel(/^Reason/).fill('the quarter ends');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await prove(page, admin.password);
  newKey = await takeSecret(page);
  expect(newKey).not.toBe(oldKey);
  for (const key of [oldKey, newKey]) expect(await call(key, EDGE)).toBe(200);
  expect(await call(newKey, BATCH)).toBe(200);
});

test('the board tells who sends which key, and who knows', async ({ page, browser }) => {
  await openKeys(page, `/keys/${oldKey.slice(-46, -38)}`);
  const rotation = page.getByRole('region', { name: 'Rotation' });
  const row = (name: string) => rotation.getByRole('row', { name: new RegExp(name) });
  await expect(row('edge-gw')).toContainText('Both', { timeout: 90_000 });
  await expect(row('batch-import')).toContainText('New key');
  await expect(row('203.0.113.40')).toContainText('Old key');
  await expect(rotation.getByText('Not safe to close')).toBeVisible();

  await page.getByRole('button', { name: 'Remind owners' }).click();
  await expect(page.getByText(/are reminded/)).toBeVisible();
  const link = () =>
    hook
      .messages()
      .flatMap(({ title, text, url }) => /https?:\S+\/acknowledge#\S+/.exec(`${title} ${text} ${url}`) ?? []);
  await expect.poll(() => link().length, { timeout: 90_000 }).toBeGreaterThan(0);
  const consumer = await (await browser.newContext()).newPage();
  await consumer.goto(link()[0] ?? '');
  await consumer.getByRole('button', { name: 'I know, and will move' }).click();
  await expect(consumer.getByText(/^Thank you\./)).toBeVisible();
  await expectAccessible(consumer);
  await consumer.context().close();
  await expect(rotation.getByText(/Knows/).first()).toBeVisible({ timeout: 60_000 });
});

test('ending the old key says whom it costs, and afterwards only the new one works', async ({ page }) => {
  await openKeys(page, `/keys/${oldKey.slice(-46, -38)}`);
  const ending = page.getByRole('region', { name: 'Ending the old key now' });
  await ending.getByRole('button', { name: 'End old key' }).click();
  const dialog = page.getByRole('dialog', { name: `End the old key of ${NAME}?` });
  await expect(dialog.getByRole('list', { name: 'Who would be refused' })).toContainText('203.0.113.40');
  await expectAccessible(page);
  await dialog.getByLabel(/^Reason/).fill('all consumers have moved');
  await dialog.getByLabel(/^Type/).fill(NAME);
  await dialog.getByRole('button', { name: 'End old key' }).click();
  await prove(page, admin.password);
  await expect(page.getByRole('region', { name: 'Rotation' }).getByText('Old key ended')).toBeVisible();
  expect(await call(oldKey, EDGE)).toBe(401);
  expect((await readSlos(stack.url, oldKey)).status).toBe(401);
  expect(await call(newKey, EDGE)).toBe(200);
  expect((await readSlos(stack.url, newKey)).status).toBe(200);
});
