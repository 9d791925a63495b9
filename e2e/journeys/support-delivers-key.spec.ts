import { expect, test } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { askAbout, gatewayKey } from '../fixtures/keys.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

/** Somebody of the demo with an account on HashInsight. */
const PERSON = 'Marek Novak';

test('support learns who can make a link where none is mailed', async ({ page }) => {
  await signIn(page, stack, 'support');
  await page.goto(`${stack.url}/users/usr_demo_marek_novak`);
  const panel = page.getByRole('complementary', { name: PERSON });
  await panel.getByRole('link', { name: 'Send a key by link' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/Nothing is mailed to people of the demo/)).toBeVisible();
  await expect(dialog.getByText(/owners and admins/)).toBeVisible();
  await expectAccessible(page);
});

test('an admin makes a person a key of their own by a link, and never sees the key', async ({ page, browser }) => {
  test.setTimeout(240_000);
  const answers: Promise<string>[] = [];
  page.on('response', (response) => {
    // The stream of news never ends, and says nothing but which topic changed.
    if (!response.url().includes('/events')) answers.push(response.text().catch(() => ''));
  });
  await signIn(page, stack, 'admin');
  await page.goto(`${stack.url}/users/usr_demo_marek_novak`);
  const panel = page.getByRole('complementary', { name: PERSON });
  await panel.getByRole('link', { name: 'Send a key by link' }).click();
  const dialog = page.getByRole('dialog', { name: `Send ${PERSON} a key by link` });
  await dialog.getByLabel('Platform', { exact: true }).selectOption('hashinsight');
  await dialog.getByRole('checkbox').first().check();
  await expectAccessible(page);
  await expect(dialog.getByText(/the link is shown to you once/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Make link' }).click();
  await prove(page, demoPassword);
  const ready = page.getByRole('dialog', { name: 'The link is ready' });
  const link = (await ready.getByText(/\/claim#/).textContent()) ?? '';
  await ready.getByRole('button', { name: 'Done' }).click();

  const elsewhere = await browser.newContext();
  const own = await elsewhere.newPage();
  await own.goto(link);
  await expect(own.getByRole('heading', { level: 1 })).toContainText(`made a key for you, ${PERSON}`);
  await expectAccessible(own);
  await own.getByRole('button', { name: 'Show my key' }).click();
  const key = (await own.getByTestId('secret').innerText()).trim();
  expect(key).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
  await expectAccessible(own);
  await own.getByRole('checkbox', { name: 'I have stored it in a secret manager' }).check();
  await own.getByRole('button', { name: 'Done' }).click();
  await expect(own.getByRole('heading', { name: 'The key is yours.' })).toBeVisible();
  const gateway = await gatewayKey(stack);
  expect((await askAbout(stack.url, gateway, { key })).status).toBe(200);

  const again = await elsewhere.newPage();
  await again.goto(link);
  await expect(again.getByRole('button', { name: 'Show my key' })).toHaveCount(0);
  await expect(again.getByRole('heading', { level: 1 })).toBeVisible();
  await elsewhere.close();

  await page.goto(`${stack.url}/keys/${key.slice(-46, -38)}`);
  await expect(page.getByRole('heading', { level: 2, name: new RegExp(`Key of ${PERSON}`) })).toBeVisible();
  const seen = (await Promise.all(answers)).join('\n');
  expect(seen).toContain(key.slice(-46, -38));
  expect(seen).not.toContain(key.slice(-38, -6));
});

test('support may not make keys of other kinds', async ({ page }) => {
  await signIn(page, stack, 'support');
  await page.goto(`${stack.url}/keys`);
  const create = page.getByRole('button', { name: /^Create key/ });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await expect(create).toHaveAccessibleDescription('Your role does not create keys. Owners and admins can.');
});
