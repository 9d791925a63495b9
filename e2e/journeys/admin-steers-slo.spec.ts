import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { openShop, type WatchedShop } from '../fixtures/prometheus.ts';
import { ask, rpc, signIn } from '../fixtures/sign-in.ts';
import { openStack, owner, ownStack, storesOf, type Stack } from '../fixtures/stack.ts';

const stack = ownStack({ empty: true });

const SLO = 'slo_shop_availability';
const MINUTE_MS = 60_000;
const OUTAGE_AGO_MINUTES = 5 * 1_440;
const queries = { bad: 'shop_requests_total{status="500"}', total: 'shop_requests_total' };

/** A source is read again every 15 to 30 s; a busy machine takes longer. */
const soon = { timeout: 180_000 };

let shop: WatchedShop;
let openedAt = 0;
let calmSince = 0;

test.describe.configure({ mode: 'serial' });

/** Makes a console without the demo, with one owner. */
async function makeReady(console: Pick<Stack, 'qd'>): Promise<void> {
  expect(await console.qd('demo', 'remove')).toMatchObject({ code: 0 });
  const words = ['users', 'create', owner.email, '--name', owner.name, '--role', 'owner'];
  expect(await console.qd(...words, '--password', owner.password)).toMatchObject({ code: 0 });
}

test.beforeAll(async () => {
  test.setTimeout(480_000);
  openedAt = Date.now();
  shop = await openShop(31, [
    { fromMinutesAgo: OUTAGE_AGO_MINUTES, toMinutesAgo: OUTAGE_AGO_MINUTES - 30, failedRatio: 0.5 },
    { fromMinutesAgo: 12, toMinutesAgo: 0, failedRatio: 0.3 },
  ]);
  shop.fail(0.3);
  await makeReady(stack);
});
test.afterAll(() => shop.stop());

async function open(page: Page, path: string): Promise<void> {
  await signIn(page, stack, owner);
  await page.goto(`${stack.url}${path}`);
}

/** What is left of the budget, and until when it was read, by the console's own account. */
async function figures(page: Page, { url }: Pick<Stack, 'url'> = stack) {
  const answer = await ask(page.request, { url }, 'slo.get', { id: SLO });
  expect(answer.status(), await answer.text()).toBe(200);
  const { result } = (await answer.json()) as {
    result: { data: { dataAt: number | null; budget: { leftRatio: number | null } } };
  };
  return { leftRatio: result.data.budget.leftRatio ?? Number.NaN, dataAt: result.data.dataAt ?? 0 };
}

const leftRatio = async (page: Page, at?: Pick<Stack, 'url'>): Promise<number> => (await figures(page, at)).leftRatio;

/** Minute by the clock of Greenwich, as a field for date and time takes it. */
const fieldTime = (minutesAgo: number): string =>
  new Date(openedAt - minutesAgo * MINUTE_MS).toISOString().slice(0, 16);

/** As it stands: readable for everybody in both themes, and on a phone without scrolling sideways. */
async function looksRight(page: Page): Promise<void> {
  // Scrolled, some field always stands half under the bar.
  const fromTheTop = () => page.evaluate(() => window.scrollTo(0, 0));
  await fromTheTop();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await fromTheTop();
  await expectAccessible(page);
  const overhang = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(overhang).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1_280, height: 800 });
}

test('a source is added where it is needed, tried before it is kept', async ({ page }) => {
  await open(page, '/slos/new');
  await page.getByRole('button', { name: 'Add a source' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a source' });
  await dialog.getByLabel('Of which platform').selectOption({ label: 'A new platform…' });
  await dialog.getByLabel('Name of the platform').fill('Shop');
  await dialog.getByLabel('Address').fill('http://127.0.0.1:1');
  await dialog.getByRole('button', { name: 'Add source' }).click();
  await expect(dialog.getByRole('alert')).toContainText('cannot be reached');

  await dialog.getByLabel('Address').fill(shop.url);
  await dialog.getByLabel('Something new every').selectOption('5');
  await dialog.getByRole('button', { name: 'Add source' }).click();
  await expect(dialog).toHaveCount(0);
  const form = page.getByRole('form', { name: 'Definition' });
  await expect(form.getByLabel('Platform', { exact: true })).toHaveValue('shop');
  await expect(form.getByText(/It knows the past: preview and backfill work\./)).toBeVisible();
});

test('what is wrong is said beside its field and keeps it from being saved; the past is seen before it is', async ({
  page,
}) => {
  test.setTimeout(360_000);
  await open(page, '/slos/new?platform=shop');
  const form = page.getByRole('form', { name: 'Definition' });
  const preview = page.getByRole('complementary', { name: 'Preview' });
  await expect(form.getByLabel('Platform', { exact: true })).toHaveValue('shop');
  await form.getByLabel('Bad events').fill(queries.total);
  await form.getByLabel('All events').fill(queries.total);
  await form.getByLabel('Name', { exact: true }).fill('Availability');
  await expect(form.getByLabel('Target, percent')).toHaveValue('99.9');
  await form.getByRole('button', { name: /^Windows/ }).click();
  await form.getByRole('radio', { name: 'Rolling' }).click();

  const wrong = form.locator('[aria-invalid="true"]').first();
  await expect(wrong).toBeVisible(soon);
  await expect(wrong).toHaveAccessibleDescription(/same/);
  await form.getByRole('button', { name: /^Create SLO/ }).click();
  await expect(wrong).toBeFocused();
  await expect(page).toHaveURL(/\/slos\/new/);

  await form.getByLabel('Bad events').fill(queries.bad);
  await expect(preview.getByText(/^[45]\d\.\d% of the budget would be left/)).toBeVisible(soon);
  await expect(form.locator('[aria-invalid="true"]')).toHaveCount(0);
  await preview.getByRole('button', { name: 'Show as table' }).click();
  const days = preview.getByRole('table', { name: /end of each day/ }).getByRole('row');
  await expect(days.nth(8)).toContainText(/9\d\.\d%/);
  await expect(days.nth(3)).toContainText(/[56]\d\.\d%/);
  await preview.getByRole('button', { name: 'Show as table' }).click();
  await looksRight(page);

  await form.getByRole('button', { name: /^Create SLO/ }).click();
  await expect(page).toHaveURL(new RegExp(`/slos/${SLO}`));
});

test('within a minute the page shows the burn and its alert; list and Overview name it', async ({ page }) => {
  test.setTimeout(480_000);
  await open(page, `/slos/${SLO}`);
  const alerts = page.getByRole('list', { name: 'Alerts that fire' });
  await expect(alerts.getByRole('listitem').filter({ hasText: 'Page' }).first()).toBeVisible(soon);
  await expect(page.getByRole('table', { name: 'Burn rate per alert row' })).toContainText(/Page/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/% of the error budget is left/);

  await page.goto(`${stack.url}/`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Shop', soon);
  await expect(page.getByRole('region', { name: /^Shop:/ })).toBeVisible();

  await page.goto(`${stack.url}/slos?platform=shop`);
  await expect(page.getByRole('row', { name: /Availability/ })).toContainText(/[45]\d(\.\d)?%/);
  shop.fail(0);
  calmSince = Date.now();
});

test('an outage that is not to count is excluded after the fact, and counts again when that is withdrawn', async ({
  page,
}) => {
  test.setTimeout(600_000);
  await open(page, `/slos/${SLO}`);
  // What failed a moment ago is still being read: the minute must end, settle and be fetched.
  const settled = { timeout: 300_000 };
  await expect.poll(async () => (await figures(page)).dataAt, settled).toBeGreaterThan(calmSince + 10_000);
  const before = await leftRatio(page);

  await page.getByRole('link', { name: 'Exclude time' }).click();
  await page.getByRole('button', { name: /^Exclude time/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Exclude time' });
  await expect(drawer.getByLabel('Objective')).toHaveValue(SLO);
  await drawer.getByLabel('Reason').fill('The power of the building was cut');
  await drawer.getByLabel('Time zone').fill('UTC');
  await drawer.getByLabel('From').fill(fieldTime(OUTAGE_AGO_MINUTES + 10));
  await drawer.getByLabel('To', { exact: true }).fill(fieldTime(OUTAGE_AGO_MINUTES - 40));
  const effect = drawer.getByRole('region', { name: 'Effect' }).getByRole('row', { name: /Availability/ });
  await expect(effect).toContainText(/[45]\d\.\d%.*[89]\d\.\d%/, soon);
  expect(await leftRatio(page)).toBeCloseTo(before, 2);
  await drawer.getByRole('button', { name: 'Exclude this time' }).click();
  await expect(drawer).toHaveCount(0);

  await page.goto(`${stack.url}/slos/${SLO}`);
  await expect(page.getByText(/Raw [45]\d\.\d%, adjusted [89]\d\.\d%/)).toBeVisible();
  expect(await leftRatio(page)).toBeGreaterThan(before + 0.3);

  await page.getByRole('link', { name: 'Exclusions', exact: true }).first().click();
  await page.getByRole('button', { name: 'The power of the building was cut' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  const sure = page.getByRole('alertdialog').or(page.getByRole('dialog', { name: /^Withdraw/ }));
  await sure.getByLabel('Reason').fill('It was our own fuse');
  await sure.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('The exclusion is withdrawn.')).toBeVisible();
  await expect.poll(async () => Math.abs((await leftRatio(page)) - before), soon).toBeLessThan(0.001);
});

test('exported here and imported on a fresh console, it shows the same there', async ({ page, browser }) => {
  test.setTimeout(600_000);
  await open(page, '/slos?platform=shop');
  await page.getByRole('button', { name: 'Export or import' }).click();
  await page.getByRole('menuitem', { name: 'Export SLOs' }).click();
  const written = page.getByRole('dialog', { name: 'Export SLOs' }).getByRole('textbox', { name: '1 SLO' });
  await expect(written).toHaveValue(/openslo\/v1/);
  const text = await written.inputValue();

  const other = await openStack('admin_steers_slo_elsewhere', storesOf(test.info()), null);
  const context = await browser.newContext();
  try {
    await makeReady(other);
    const there = await context.newPage();
    await signIn(there, other, owner);
    const source = { platform: 'shop', platformName: 'Shop', kind: 'prometheus', url: shop.url, intervalMs: 5_000 };
    const added = await rpc(there.request, other, 'slo.definitions.addSource', source);
    expect(added.status(), await added.text()).toBe(200);
    await there.goto(`${other.url}/slos`);
    await there.getByRole('button', { name: 'Export or import' }).click();
    await there.getByRole('menuitem', { name: 'Import SLOs' }).click();
    const dialog = there.getByRole('dialog', { name: 'Import SLOs' });
    await dialog.getByLabel('Documents', { exact: true }).fill(text);
    await dialog.getByRole('button', { name: 'Inspect' }).click();
    await expect(dialog.getByRole('status').first()).toHaveText('Ready: 1 to create.');
    await dialog.getByRole('button', { name: 'Import SLOs' }).click();
    await dialog.getByRole('link', { name: /^Open availability/ }).click();
    await expect(there).toHaveURL(new RegExp(`/slos/${SLO}`));
    await expect
      .poll(async () => Math.abs((await leftRatio(there, other)) - (await leftRatio(page))), soon)
      .toBeLessThan(0.001);
    await expect(there.getByRole('heading', { level: 1 })).toContainText(/[45]\d(\.\d)?% of the error budget is left/);
  } finally {
    await context.close();
    await other.close();
    await other.remove();
  }
});

test('a sharper target is a revision of its own, and what it changed stays readable', async ({ page }) => {
  test.setTimeout(360_000);
  await open(page, `/slos/${SLO}/edit`);
  const form = page.getByRole('form', { name: 'Definition' });
  await form.getByLabel('Target, percent').fill('99.99');
  await form.getByLabel('Why').fill('The contract says so');
  await form.getByRole('button', { name: /^Save changes/ }).click();
  await expect(page.getByText('Availability is saved.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/overspent/, soon);

  await page.goto(`${stack.url}/slos/${SLO}/revisions`);
  await expect(page.getByText('The contract says so')).toBeVisible();
  const changes = page.getByRole('table', { name: 'Changes from revision 1 to 2' });
  const target = changes.getByRole('row', { name: /Target/ });
  await expect(target).toContainText('99.9%');
  await expect(target).toContainText('99.99%');
  await expect(changes.getByRole('row')).toHaveCount(2);
});

test('a pipeline is held until a person lets it pass, and held again after', async ({ page }) => {
  test.setTimeout(240_000);
  const words = ['keys', 'create', 'Release pipeline', '--platform', 'shop', '--scope', 'slo:read', '--json'];
  const made = await stack.qd(...words);
  expect(made, made.err).toMatchObject({ code: 0 });
  const { key } = JSON.parse(made.out) as { key: string };
  const gate = async () => {
    const answer = await fetch(`${stack.url}/api/v1/slos/${SLO}/gate`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { allow: boolean; reason: string };
  };
  expect(await gate()).toMatchObject({ allow: false, reason: 'overspent' });

  await open(page, `/slos/${SLO}`);
  const policy = page.getByRole('region', { name: 'Budget policy' });
  await policy.getByRole('button', { name: 'Let releases pass' }).click();
  const sheet = page.getByRole('dialog', { name: 'Let releases pass' });
  await sheet.getByLabel('Reason').fill('The fix itself must ship');
  await sheet.getByRole('button', { name: 'Let releases pass' }).click();
  await expect(policy).toContainText('The fix itself must ship');
  expect(await gate()).toMatchObject({ allow: true, reason: 'override' });

  await policy.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('button', { name: 'Withdraw the decision' }).click();
  await expect(policy.getByText('The fix itself must ship')).toHaveCount(0);
  expect(await gate()).toMatchObject({ allow: false, reason: 'overspent' });
});
