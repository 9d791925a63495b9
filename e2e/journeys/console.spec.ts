import { expect, test } from '@playwright/test';
import { watchConsole } from '../fixtures/console-faults.ts';
import { resume } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

test('a walk through everything leaves nothing either', async ({ page }) => {
  const faults = watchConsole(page, stack);
  await resume(page, stack, 'owner');
  await page.goto(stack.url);
  const call = page.getByRole('heading', { level: 1 });
  await expect(call).toContainText('HashInsight');
  for (const keys of ['t', 'u', 't', 'u', 'l', 'l', '1']) await page.keyboard.press(keys);
  await expect(page.getByRole('region', { name: 'Budget left' })).toBeVisible();
  await page.getByRole('radio', { name: /Rolling/ }).click();
  await expect(page).toHaveURL(/view=rolling/);
  await page.getByRole('button', { name: 'How computed' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Budget policy' }).click();
  await page.keyboard.press('Escape');
  for (const key of ['s', 'a', 'o']) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(call).toBeVisible();
  }
  expect(faults).toEqual([]);
});

test('every answer carries the headers that keep other sites out', async ({ request }) => {
  for (const path of ['/', '/sign-in', '/trpc/session.get', '/health']) {
    const headers = (await request.get(`${stack.url}${path}`)).headers();
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(headers['content-security-policy'], path).toContain("default-src 'self'");
    expect(headers['content-security-policy'], path).toMatch(/frame-ancestors 'none'/);
    expect(headers['x-powered-by'], path).toBeUndefined();
  }
});
