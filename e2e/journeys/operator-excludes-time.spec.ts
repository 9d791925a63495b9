import { expect, test } from '@playwright/test';
import { rpc, signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

const DAY_MS = 86_400_000;
const AVAILABILITY = 'slo_demo_hashinsight_availability';

/** A time of another day, as a field for date and time takes it. */
const inDays = (days: number, clock: string): string =>
  `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)}T${clock}`;

test.describe.configure({ mode: 'serial' });
test.beforeEach(({ page }) => signIn(page, stack, 'operator'));

test('an operator plans a maintenance, sees what it takes out, changes and withdraws it', async ({ page }) => {
  await page.goto(`${stack.url}/slos/exclusions`);
  await page.getByRole('button', { name: /^Exclude time/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Exclude time' });
  await drawer.getByRole('button', { name: 'Exclude this time' }).click();
  await expect(drawer.locator('[aria-invalid="true"]').first()).toBeVisible();

  await drawer.getByLabel('Platform').selectOption('hashinsight');
  await drawer.getByLabel('Reason').fill('Disk swap');
  await drawer.getByLabel('Time zone').fill('Europe/Berlin');
  await drawer.getByLabel('From').fill(inDays(3, '02:00'));
  await drawer.getByLabel('To', { exact: true }).fill(inDays(3, '03:30'));
  const effect = drawer.getByRole('region', { name: 'Effect' });
  await expect(effect).toContainText('It takes out one stretch');
  await expect(effect.getByRole('row', { name: /Availability/ })).toContainText(/\d%|same/);
  await drawer.getByRole('button', { name: 'Exclude this time' }).click();
  await expect(drawer).toHaveCount(0);

  const table = page.getByRole('table', { name: 'Excluded time' });
  await table.getByRole('button', { name: 'Disk swap' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
  const change = page.getByRole('dialog', { name: 'Change the exclusion' });
  await change.getByLabel('Reason').fill('Disk swap, both racks');
  await change.getByRole('button', { name: 'Save the change' }).click();
  await expect(change).toHaveCount(0);

  await table.getByRole('button', { name: 'Disk swap, both racks' }).click();
  const drawn = page.getByRole('dialog', { name: 'Disk swap, both racks' });
  await expect(drawn).toContainText('What it said before');
  await drawn.getByRole('button', { name: 'Withdraw' }).click();
  const sure = page.getByRole('alertdialog').or(page.getByRole('dialog', { name: /^Withdraw/ }));
  await sure.getByLabel('Reason').fill('The supplier is late');
  await sure.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByText('The exclusion is withdrawn.')).toBeVisible();
  await expect(table.getByRole('button', { name: 'Disk swap, both racks' })).toHaveCount(0);
  await page.getByRole('radio', { name: 'Withdrawn too' }).click();
  await expect(table.getByRole('row', { name: /Disk swap, both racks/ })).toContainText('Withdrawn');
});

test('an operator neither defines nor decides', async ({ page }) => {
  await page.goto(`${stack.url}/slos`);
  await expect(page.getByRole('button', { name: 'Export or import' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'New SLO' })).toHaveCount(0);
  await page.goto(`${stack.url}/slos/${AVAILABILITY}/edit`);
  await expect(page.getByText('Your role cannot change this SLO.')).toBeVisible();
  await page.goto(`${stack.url}/slos/${AVAILABILITY}`);
  await expect(page.getByRole('region', { name: 'Budget policy' })).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'Exclude time' }).or(page.getByRole('link', { name: 'Exclusions' })),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Let releases pass' })).toHaveCount(0);

  const until = Date.now() + DAY_MS;
  const decided = await rpc(page.request, stack, 'slo.definitions.override', {
    id: AVAILABILITY,
    reason: 'why',
    until,
  });
  expect(decided.status()).toBe(403);
});
