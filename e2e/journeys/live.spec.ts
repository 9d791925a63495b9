import { expect, test, type Page } from '@playwright/test';
import { lately, minutesOf, push, pushedPlatform, type PushedPlatform } from '../fixtures/factories.ts';
import { signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
let shop: PushedPlatform;

test.beforeAll(async () => {
  shop = await pushedPlatform(stack, 'shop', ['Basket', 'Checkout']);
  for (const slo of shop.slos) expect((await push(stack, shop.key, slo, minutesOf(1_000, 1_000, 60))).status).toBe(200);
});

/** Leaves a mark in the page that a reload would wipe off. */
async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute('data-marked', ''));
  return () => page.evaluate(() => document.documentElement.hasAttribute('data-marked'));
}

test('a pushed point appears on the open page without a reload', async ({ page }) => {
  await signIn(page, stack, 'operator');
  await page.goto(`${stack.url}/slos/${shop.slos[0]}`);
  const call = page.getByRole('heading', { level: 1 });
  await expect(call).toContainText('100.0% of the error budget is left.');
  const isSamePage = await markPage(page);

  const sent = await push(stack, shop.key, shop.slos[0], [{ at: lately(30), good: 0, total: 5_000 }]);
  expect(await sent.json()).toEqual({ accepted: 1, duplicates: 0 });
  await expect(call).not.toContainText('100.0% of the error budget is left.', { timeout: 60_000 });
  await expect(call).toContainText('At this burn it is gone');
  expect(await isSamePage()).toBe(true);
});

test('rows keep their places under the pointer, and sort when it leaves', async ({ page }) => {
  await signIn(page, stack, 'operator');
  await page.goto(`${stack.url}/slos?platform=shop`);
  const rows = page.getByRole('row').filter({ has: page.getByRole('link') });
  await expect(rows).toHaveText([/Basket/, /Checkout/]);
  const checkout = rows.filter({ hasText: 'Checkout' });
  await checkout.hover();
  const before = await checkout.boundingBox();

  await push(stack, shop.key, shop.slos[1], [{ at: lately(31), good: 0, total: 90_000 }]);
  await expect(checkout).toContainText('Fast burn', { timeout: 60_000 });
  await expect(rows).toHaveText([/Basket/, /Checkout/]);
  expect(await checkout.boundingBox()).toEqual(before);

  await page.mouse.move(0, 0);
  await expect(rows).toHaveText([/Checkout/, /Basket/]);
});

test('paused means still: what happened waits, counted, until it is asked for', async ({ page }) => {
  await signIn(page, stack, 'operator');
  await page.goto(`${stack.url}/slos?platform=shop`);
  const basket = page.getByRole('row').filter({ hasText: 'Basket' });
  await expect(basket).toBeVisible();
  const shown = (await basket.textContent()) ?? '';
  await page.keyboard.press('l');
  await expect(page.getByRole('button', { name: /^Live updates: paused/ })).toBeVisible();

  await push(stack, shop.key, shop.slos[0], [{ at: lately(32), good: 0, total: 7_000 }]);
  await expect(page.getByRole('button', { name: /changes? waits?/ })).toBeVisible({ timeout: 60_000 });
  expect(await basket.textContent()).toBe(shown);
  await page.keyboard.press('l');
  await expect(basket).not.toHaveText(shown, { timeout: 60_000 });
});

test('who sends the same again, rubbish, or with a key of another platform changes nothing', async () => {
  const points = minutesOf(1_000, 1_000, 60);
  const again = await push(stack, shop.key, shop.slos[1], points.slice(0, 50));
  expect(again.status).toBe(200);
  expect(await again.json()).toEqual({ accepted: 0, duplicates: 50 });

  const future = await push(stack, shop.key, shop.slos[1], [{ at: Date.now() + 3_600_000, good: 1, total: 1 }]);
  expect(future.status).toBe(422);
  expect(future.headers.get('content-type')).toContain('application/problem+json');
  expect(await future.json()).toMatchObject({ status: 422, errors: [{ field: 'points[0].at' }] });

  const odd = await push(stack, shop.key, shop.slos[1], [{ at: Date.now() - 5_000, good: 2, total: 1 }]);
  expect(await odd.json()).toMatchObject({ errors: [{ field: 'points[0].total' }] });
  expect((await push(stack, 'hsi_nobody', shop.slos[1], points)).status).toBe(401);
  expect((await push(stack, shop.key, 'slo_demo_hashinsight_availability', points)).status).toBeGreaterThanOrEqual(400);
});
