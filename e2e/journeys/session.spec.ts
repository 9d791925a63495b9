import { expect, test, type Page } from '@playwright/test';
import { ask, demoAddress, fillSignIn, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const MINUTE_MS = 60_000;
const operator = { email: demoAddress('operator'), password: demoPassword };

async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account and keys' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
}

test('signing in leads back to where one was going', async ({ page }) => {
  await page.goto(`${stack.url}/slos?platform=stellarescrow&show=decisions`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to go on where you were.');
  await fillSignIn(page, operator);
  await expect(page).toHaveURL(`${stack.url}/slos?platform=stellarescrow&show=decisions`);
  await expect(page.getByRole('radio', { name: /Needs a decision/ })).toBeChecked();
});

test('no other site is a place to go back to', async ({ page }) => {
  await page.goto(`${stack.url}/sign-in?to=${encodeURIComponent('//example.test/steal')}`);
  await fillSignIn(page, operator);
  await expect(page).toHaveURL(`${stack.url}/`);
});

test('signing out ends the session here and on the server, in every tab', async ({ page, context }) => {
  await signIn(page, stack, 'operator');
  await page.goto(stack.url);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('HashInsight');
  const second = await context.newPage();
  await second.goto(`${stack.url}/slos`);
  await expect(second.getByRole('table')).toBeVisible();
  const [cookie] = await context.cookies();

  await leave(page);
  expect((await ask(page.request, stack, 'slo.list', {})).status()).toBe(401);
  await context.addCookies(cookie ? [cookie] : []);
  expect((await ask(page.request, stack, 'slo.list', {})).status()).toBe(401);
  await expect(second.getByRole('button', { name: 'Sign in' })).toBeVisible({ timeout: 60_000 });
});

test('a session nobody used for half an hour is over, and the page comes back after signing in', async ({ page }) => {
  await signIn(page, stack, 'operator');
  await page.goto(`${stack.url}/slos?platform=hashinsight`);
  await expect(page.getByRole('table')).toBeVisible();

  await stack.advanceClock(31 * MINUTE_MS);
  await page.getByRole('link', { name: 'Availability' }).first().click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible({ timeout: 60_000 });
  await fillSignIn(page, operator);
  await expect(page).toHaveURL(/\/slos\/[^?]+\?platform=hashinsight$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('error budget');
});

test('whoever guesses waits, is told how long, and gets in with the right password', async ({ page }) => {
  await page.goto(`${stack.url}/sign-in`);
  const refusal = page.getByRole('alert');
  await fillSignIn(page, { ...operator, password: 'not the password' });
  await expect(refusal).toContainText('The address or the password is wrong.');

  const button = page.getByRole('button', { name: /^(Sign in|Wait)/ });
  await expect(async () => {
    const answered = page.waitForResponse(/session\.signIn/);
    await button.click({ timeout: 40_000 });
    await answered;
    await expect(refusal).toContainText('Too many attempts', { timeout: 200 });
  }).toPass({ intervals: [0], timeout: 120_000 });
  await expect(refusal).toContainText(/Try again in \d+ s\./);
  await expect(button).toHaveText(/Wait \d+ s/);

  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible({ timeout: 60_000 });
  await fillSignIn(page, operator);
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
});

test('what is missing is said at its field', async ({ page }) => {
  await page.goto(`${stack.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('E-mail address')).toHaveAccessibleDescription('Enter your e-mail address.');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription('Enter your password.');
});
