import { expect, test, type Page } from '@playwright/test';
import { screens } from '../fixtures/screens.ts';
import { resume } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

/** The browser prints a refused request itself; these screens are about one, answered with this status. */
const refusals = new Map([
  ['slo-not-found', 404],
  ['proof', 401],
  ['key-claim-over', 412],
]);

/** Gathers what a developer would see in red: errors, breaches of the content policy, requests to other hosts. */
function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(stack.url)) faults.push(`calls ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') faults.push(`${request.url()} ${why}`);
  });
  return faults;
}

for (const screen of screens) {
  test(`${screen.name} leaves nothing in the browser’s console`, async ({ page }) => {
    const faults = watch(page);
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    if (screen.as !== null) await resume(page, stack, screen.as);
    await page.goto(`${stack.url}${screen.path}`);
    await screen.ready(page);
    const status = refusals.get(screen.name);
    expect(faults.filter((fault) => status === undefined || !fault.includes(`status of ${status}`))).toEqual([]);
  });
}

test('a walk through everything leaves nothing either', async ({ page }) => {
  const faults = watch(page);
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
