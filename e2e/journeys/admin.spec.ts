import { expect, test, type Page } from '@playwright/test';
import { ask, demoAddress, fillSignIn, rpc, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };

test.describe.configure({ mode: 'serial' });

async function openAsAdmin(page: Page, path: string): Promise<void> {
  await signIn(page, stack, admin);
  await page.goto(`${stack.url}${path}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

test.beforeAll(async () => {
  const words = ['users', 'create', admin.email, '--name', 'Ada Berg', '--role', 'admin'];
  expect(await stack.qd(...words, '--password', admin.password)).toMatchObject({ code: 0 });
});

test('the demo says what it is, and removing it says what it costs', async ({ page }) => {
  await openAsAdmin(page, '/');
  await expect(page.getByRole('banner')).toContainText('Demo data');
  await page.getByRole('button', { name: 'Remove demo' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove the demo?' });
  await expect(dialog).toContainText('3 platforms');
  await expect(dialog).toContainText(/\d+ objectives/);
  await expect(dialog).toContainText('This cannot be undone.');

  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('region', { name: /^HashInsight:/ })).toBeVisible();
});

test('an admin removes the demo, and only what is real stays', async ({ page }) => {
  await openAsAdmin(page, '/');
  await page.getByRole('button', { name: 'Remove demo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove demo' }).click();
  await expect(page.getByText('The demo is removed.')).toBeVisible({ timeout: 60_000 });

  await expect(page.getByRole('region', { name: /^Quarterdeck:/ })).toBeVisible();
  for (const name of ['HashInsight', 'StellarEscrow', 'Web3 Audit']) {
    await expect(page.getByRole('region', { name: new RegExp(`^${name}:`) })).toHaveCount(0);
  }
  await expect(page.getByRole('banner')).not.toContainText('Demo data');
  await expect(page.getByRole('heading', { name: 'Point Quarterdeck at your Prometheus' })).toBeVisible();
});

test('the audit log tells who removed it, and its chain holds', async ({ page }) => {
  await openAsAdmin(page, '/audit?action=settings');
  const log = page.getByRole('table', { name: /^Audit log/ });
  const removal = log.getByRole('row', { name: /demo removed/i }).filter({ hasText: admin.email });
  await expect(removal).toHaveCount(1);

  await removal.getByRole('button').click();
  await expect(page).toHaveURL(/row=\d+/);
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText(admin.email);
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);

  await page.getByRole('button', { name: 'Verify chain' }).click();
  await expect(page.getByText(/\d+ rows checked at .*, each fits the one before\./)).toBeVisible();
});

test('demo accounts are gone from the sign-in page and from the door', async ({ page }) => {
  await page.goto(stack.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in.');
  await expect(page.getByText('Demo accounts')).toHaveCount(0);
  await fillSignIn(page, { email: demoAddress('owner'), password: demoPassword });
  await expect(page.getByRole('alert')).toContainText('The address or the password is wrong.');
});

test('a second removal changes nothing', async ({ page }) => {
  await signIn(page, stack, admin);
  const platforms = async () => (await ask(page.request, stack, 'platforms.list')).text();
  const before = await platforms();
  await rpc(page.request, stack, 'settings.removeDemo');
  expect(await platforms()).toBe(before);
});
