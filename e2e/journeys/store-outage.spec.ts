import { expect, test } from '@playwright/test';
import { signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

test.describe.configure({ mode: 'serial' });

test.beforeEach(async ({ page }) => {
  test.setTimeout(360_000);
  await signIn(page, stack, 'commander');
  await page.goto(`${stack.url}/slos`);
  await expect(page.getByRole('table')).toContainText('HashInsight');
  await expect(page.getByRole('button', { name: /^Live updates: live/ })).toBeVisible({ timeout: 90_000 });
});

test('without Redis everything works, a little later, and the page says so', async ({ page }) => {
  await stack.wires?.redis.cut();
  const banner = page.getByRole('status').filter({ hasText: 'Redis is down' });
  await expect(banner).toBeVisible({ timeout: 120_000 });
  await page.getByRole('link', { name: 'Availability' }).first().click();
  await expect(page.getByRole('region', { name: 'Budget left' })).toBeVisible();
  await page.reload();
  await expect(banner).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('error budget');

  await stack.wires?.redis.mend();
  await expect(banner).toHaveCount(0, { timeout: 120_000 });
});

test('without Postgres the last figures stay, marked as such, and the page recovers by itself', async ({ page }) => {
  await stack.wires?.postgres.cut();
  const banner = page.getByRole('alert').filter({ hasText: 'is down' });
  await expect(banner).toBeVisible({ timeout: 120_000 });
  await expect(banner).toContainText('You can read what is on screen.');
  await expect(page.getByRole('table')).toContainText('HashInsight');
  const health = await page.request.get(`${stack.url}/health`);
  expect(health.status()).toBe(503);
  expect(await health.json()).toMatchObject({ status: 'unhealthy', database: 'disconnected' });

  await stack.wires?.postgres.mend();
  await expect(banner).toHaveCount(0, { timeout: 120_000 });
  await page.getByRole('link', { name: 'Availability' }).first().click();
  await expect(page.getByRole('region', { name: 'Budget left' })).toBeVisible();
});
