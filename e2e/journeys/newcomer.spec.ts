import { expect, test, type Page } from '@playwright/test';
import { ownerLink } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack({ empty: true });
const newcomer = { name: 'Nadia Holm', email: 'nadia@example.test', password: 'seven small green boats' };

/** Requests the console counted in the whole window: what its chart shows begins anew with every hour, this does not. */
async function countedRequests(page: Page): Promise<number> {
  const facts = page.getByRole('dialog', { name: 'How this is computed' });
  if (!(await facts.isVisible())) await page.getByRole('button', { name: 'How computed' }).click();
  const total = (await facts.getByText(/^[\d,]+ so far$/).textContent()) ?? '';
  return Number(/^[\d,]+/.exec(total)?.[0].replaceAll(',', '') ?? Number.NaN);
}

async function clickAround(page: Page): Promise<void> {
  const main = page.getByRole('navigation', { name: 'Main' });
  for (const name of ['SLOs', 'Audit log', 'Overview']) {
    await main.getByRole('link', { name }).click();
    await expect(main.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
}

test.describe.configure({ mode: 'serial' });

test('the one-time link makes a newcomer the owner, and says which field is wrong', async ({ page }) => {
  await page.goto(await ownerLink(stack));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create the owner of this console.');

  await page.getByLabel('Your name').fill(newcomer.name);
  await page.getByLabel('E-mail address').fill(newcomer.email);
  await page.getByLabel('Password', { exact: true }).fill('too short');
  await page.getByRole('button', { name: 'Create owner' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/15 characters/);

  await page.getByLabel('Password', { exact: true }).fill(newcomer.password);
  await page.getByRole('button', { name: 'Create owner' }).click();
  await expect(page).toHaveURL(`${stack.url}/`);
  await expect(page.getByRole('region', { name: 'Signed in' })).toContainText(newcomer.name);
  await expect(page.getByRole('region', { name: 'Signed in' })).toContainText('Owner');
});

test('the link is spent', async ({ page }) => {
  await page.goto(await ownerLink(stack));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This console already has an owner.');
  await page.getByRole('link', { name: 'Go to sign-in' }).click();
  await expect(page).toHaveURL(`${stack.url}/sign-in`);
});

test('within about a minute the chart of the console itself shows the newcomer’s own clicks', async ({ page }) => {
  test.setTimeout(600_000);
  await page.goto(stack.url);
  await page.getByLabel('E-mail address').fill(newcomer.email);
  await page.getByLabel('Password', { exact: true }).fill(newcomer.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in.');
  await clickAround(page);

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'SLOs' }).click();
  await page.getByRole('button', { name: /^Platform:/ }).click();
  await page.getByRole('menuitemradio', { name: /Quarterdeck/ }).click();
  // Before the list follows the choice, other platforms have one too.
  const availability = page.getByRole('link', { name: 'Availability' });
  await expect(availability).toHaveCount(1);
  await availability.click();
  await expect(page.getByRole('region', { name: 'Budget left' })).toBeVisible();

  const ofThisHour = page.getByText(/[\d,]+ events so far/);
  await expect(ofThisHour).toBeVisible({ timeout: 120_000 });
  await expect(ofThisHour).not.toHaveText(/^0 events/, { timeout: 180_000 });
  const before = await countedRequests(page);
  expect(before).toBeGreaterThan(0);

  await clickAround(page);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('region', { name: 'Budget left' })).toBeVisible();
  await expect.poll(() => countedRequests(page), { timeout: 180_000 }).toBeGreaterThan(before);
});
