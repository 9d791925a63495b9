import { expect, test } from '@playwright/test';
import { ask, rpc, signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const customers = ['HashInsight', 'StellarEscrow', 'Web3 Audit'];

test.describe('a stakeholder of the three customers’ platforms', () => {
  test.beforeEach(async ({ page }) => signIn(page, stack, 'stakeholder'));

  test('sees whether promises are kept, in words, and nothing to act on', async ({ page }) => {
    await page.goto(stack.url);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('HashInsight');
    for (const name of customers)
      await expect(page.getByRole('region', { name: new RegExp(`^${name}:`) })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Where the promises stand' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Needs you' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Remove demo' })).toHaveCount(0);

    const main = page.getByRole('navigation', { name: 'Main' });
    await expect(main.getByRole('link', { name: 'SLOs' })).toBeVisible();
    await expect(main.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
  });

  test('does not learn that the console watches itself', async ({ page }) => {
    await page.goto(`${stack.url}/slos`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('SLO');
    await expect(page.getByRole('table')).not.toContainText('Quarterdeck');
    await page.getByRole('button', { name: /^Platform:/ }).click();
    await expect(page.getByRole('menuitemradio')).toHaveText([
      /All platforms/,
      ...customers.map((name) => new RegExp(name)),
    ]);

    const seen = async (procedure: string) => (await ask(page.request, stack, procedure, {})).text();
    expect(await seen('platforms.list')).not.toContain('quarterdeck');
    expect(await seen('slo.list')).not.toContain('"quarterdeck"');
    expect(await seen('slo.lanes')).not.toContain('"quarterdeck"');
  });

  test('looks at SLOs and excluded time, and is told who can define what', async ({ page }) => {
    await page.goto(`${stack.url}/slos`);
    await page.getByRole('button', { name: 'Export or import' }).click();
    await expect(page.getByRole('menuitem', { name: 'Export SLOs' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Import SLOs' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('link', { name: 'New SLO' })).toHaveCount(0);

    for (const path of ['/slos/new', '/slos/slo_demo_hashinsight_availability/edit']) {
      await page.goto(`${stack.url}${path}`);
      await expect(page.getByText(/Your role cannot (define SLOs|change this SLO)\./)).toBeVisible();
      await expect(page.getByText(/Owners and admins/)).toBeVisible();
      await expect(page.getByRole('form')).toHaveCount(0);
    }
    await page.goto(`${stack.url}/slos/exclusions`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Exclude time/ })).toHaveCount(0);
    await page.goto(`${stack.url}/slos/slo_demo_hashinsight_availability`);
    await expect(page.getByRole('region', { name: 'Budget policy' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Let releases pass' })).toHaveCount(0);
  });

  test('is told so, in words, when following a link that leads too far', async ({ page }) => {
    await page.goto(`${stack.url}/audit`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/not open to/);
    await expect(page.getByRole('button', { name: 'Verify chain' })).toHaveCount(0);
    await expect(page.getByRole('table')).toHaveCount(0);
  });

  test('is refused by every door behind the screens', async ({ page, request }) => {
    const own = JSON.parse((await stack.qd('slo', 'list', '--platform', 'quarterdeck', '--json')).out) as {
      id: string;
    }[];
    const [hidden] = own;
    expect(hidden).toBeDefined();

    const status = async (answer: Promise<{ status(): number }>) => (await answer).status();
    expect(await status(ask(page.request, stack, 'audit.list', { limit: 10 }))).toBe(403);
    expect(await status(rpc(page.request, stack, 'audit.verify'))).toBe(403);
    expect(await status(rpc(page.request, stack, 'settings.removeDemo'))).toBe(403);
    expect(await status(ask(page.request, stack, 'slo.get', { id: hidden?.id }))).toBe(404);
    expect(await status(ask(page.request, stack, 'slo.definitions.get', { id: hidden?.id }))).toBe(404);
    expect(await status(rpc(page.request, stack, 'slo.definitions.archive', { id: hidden?.id, reason: 'why' }))).toBe(
      403,
    );
    expect(await status(rpc(page.request, stack, 'slo.exclusions.withdraw', { id: 'exc_1', reason: 'why' }))).toBe(403);
    expect(await status(ask(page.request, stack, 'slo.page', { id: hidden?.id }))).toBe(404);
    expect(await status(page.request.get(`${stack.url}/health/detailed`))).toBe(403);
    expect(await status(request.get(`${stack.url}/health/detailed`))).toBe(401);
    expect(await status(ask(request, stack, 'slo.list', {}))).toBe(401);

    const short = (await (await request.get(`${stack.url}/health`)).json()) as Record<string, unknown>;
    expect(Object.keys(short).toSorted()).toEqual(['cache', 'database', 'status', 'timestamp', 'uptime_s', 'version']);
  });
});

test('a stakeholder of one platform sees that platform alone', async ({ page }) => {
  const guest = { email: 'guest@example.test', password: 'a window on one ship' };
  const words = ['users', 'create', guest.email, '--name', 'Guest', '--role', 'stakeholder'];
  const made = await stack.qd(...words, '--platform', 'web3audit', '--password', guest.password);
  expect(made).toMatchObject({ code: 0 });

  await signIn(page, stack, guest);
  await page.goto(stack.url);
  await expect(page.getByRole('region', { name: /^Web3 Audit:/ })).toBeVisible();
  for (const name of ['HashInsight', 'StellarEscrow', 'Quarterdeck']) {
    await expect(page.getByRole('region', { name: new RegExp(`^${name}:`) })).toHaveCount(0);
  }
  await page.goto(`${stack.url}/slos?platform=hashinsight`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Availability' })).toHaveCount(0);
});
