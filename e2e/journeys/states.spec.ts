import { expect, test, type Page } from '@playwright/test';
import { lately, minutesOf, push, pushedPlatform, type PushedPlatform } from '../fixtures/factories.ts';
import { signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
let harbour: PushedPlatform;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  harbour = await pushedPlatform(stack, 'harbour', ['Crane']);
  expect((await push(stack, harbour.key, harbour.slos[0], minutesOf(1_000, 1_000, 30))).status).toBe(200);
});

const call = (page: Page) => page.getByRole('heading', { level: 1 });
const isLive = (page: Page) =>
  expect(page.getByRole('button', { name: /^Live updates: live/ })).toBeVisible({ timeout: 90_000 });

test('a console that stops leaves its last figures on screen and says how old they are', async ({ page }) => {
  test.setTimeout(360_000);
  await signIn(page, stack, 'commander');
  await page.goto(`${stack.url}/slos/${harbour.slos[0]}`);
  await expect(call(page)).toContainText('100.0% of the error budget is left.');
  await isLive(page);
  await page.evaluate(() => document.documentElement.setAttribute('data-marked', ''));

  await stack.stop();
  const banner = page.getByRole('alert').filter({ hasText: 'The console cannot be reached' });
  await expect(banner).toBeVisible({ timeout: 90_000 });
  await expect(banner).toContainText(/since \d\d:\d\d:\d\d UTC\. You are looking at \d\d:\d\d:\d\d UTC\./);
  await expect(call(page)).toContainText('100.0% of the error budget');
  await expect(page.getByRole('region', { name: 'Budget left' })).toBeVisible();

  await stack.start();
  const sent = await push(stack, harbour.key, harbour.slos[0], [{ at: lately(30), good: 0, total: 4_000 }]);
  expect(sent.status).toBe(200);
  await expect(banner).toHaveCount(0, { timeout: 120_000 });
  await expect(call(page)).toContainText('At this burn it is gone', { timeout: 90_000 });
  await isLive(page);
  expect(await page.evaluate(() => document.documentElement.hasAttribute('data-marked'))).toBe(true);
});

test('kill -9 loses nothing that was acknowledged, and the next start works', async ({ page }) => {
  const at = lately(0) - 3_600_000;
  const points = Array.from({ length: 50 }, (_, i) => ({ at: at - i * 1_000, good: 10, total: 10 }));
  const sent = await push(stack, harbour.key, harbour.slos[0], points);
  expect(await sent.json()).toEqual({ accepted: 50, duplicates: 0 });
  await stack.kill();
  await stack.start();
  const again = await push(stack, harbour.key, harbour.slos[0], points);
  expect(await again.json()).toEqual({ accepted: 0, duplicates: 50 });

  await signIn(page, stack, 'commander');
  await page.goto(stack.url);
  await expect(call(page)).toContainText('HashInsight');
});

test('a page opened while the console is away says so, and tries again when asked', async ({ page }) => {
  await signIn(page, stack, 'commander');
  await page.goto(`${stack.url}/slos`);
  await expect(page.getByRole('table')).toBeVisible();
  // Reads that begin together travel together, in any order.
  const reads = /\/trpc\/[^?]*audit\.list/;
  await page.route(reads, (route) => route.abort('connectionrefused'));
  await signIn(page, stack, 'auditor');
  await page.goto(`${stack.url}/audit`);
  await expect(call(page)).toHaveText('The audit log did not load.', { timeout: 60_000 });
  await expect(page.getByRole('alert').filter({ hasText: 'The console cannot be reached' }).first()).toBeVisible();
  await page.unroute(reads);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('table', { name: /^Audit log/ })).toBeVisible();
});

test('an address that leads nowhere, and an objective that is gone, say what to do', async ({ page }) => {
  await signIn(page, stack, 'commander');
  await page.goto(`${stack.url}/no/such/page`);
  await expect(call(page)).toHaveText('There is no page at this address.');
  await page.getByRole('link', { name: 'Go to Overview' }).click();
  await expect(page).toHaveURL(`${stack.url}/`);
  await page.goto(`${stack.url}/slos/slo_gone`);
  await expect(page.getByText('There is no such SLO here.')).toBeVisible();
  await page.getByRole('link', { name: 'See all SLOs' }).click();
  await expect(page.getByRole('table')).toBeVisible();
});
