import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { owner, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const DAY_MS = 86_400_000;
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };
const jonas = { email: 'jonas@example.test', name: 'Jonas Reef', password: 'nine paper lanterns' };
/** Accounts of the demo approve nothing for others. */
const secondOwner = { email: 'olaf@example.test', password: 'five copper kettles' };

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  const people = [
    { ...admin, name: 'Ada Berg', role: 'admin' },
    { ...jonas, role: 'stakeholder' },
    { ...secondOwner, name: 'Olaf Brand', role: 'owner' },
  ];
  for (const { email, name, role, password } of people) {
    const words = ['users', 'create', email, '--name', name, '--role', role, '--password', password];
    expect(await stack.qd(...words)).toMatchObject({ code: 0 });
  }
});

async function open(page: Page, who: { email: string; password: string }, path: string): Promise<void> {
  await signIn(page, stack, who);
  await page.goto(`${stack.url}${path}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Opens Jonas beside the directory, with the form that gives a role. */
async function openGrantForm(page: Page) {
  await page.getByRole('navigation', { name: 'Users and roles' }).getByRole('link', { name: 'People' }).click();
  await page.getByLabel('Name, email or role').fill(jonas.email);
  await page.getByRole('row', { name: /Jonas Reef/ }).click();
  await page.getByRole('button', { name: 'Give a role' }).click();
  return page.getByRole('form', { name: 'Give a role' });
}

const requests = (page: Page) => page.getByRole('table', { name: 'Requests for approval, newest first' });

const noSidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('an admin clones a role, gives it with an end, and sees why somebody can', async ({ page }) => {
  test.setTimeout(480_000);
  await open(page, admin, '/users/roles');
  await page.getByRole('button', { name: /Incident commander/ }).click();
  const commander = page.getByRole('dialog', { name: 'Incident commander' });
  await expect(commander.getByText('Let a release pass a frozen budget')).toBeVisible();
  await commander.getByRole('button', { name: 'Clone role' }).click();

  const form = page.getByRole('form', { name: 'New role' });
  await form.getByLabel('Title').fill('Relief desk');
  await form.getByRole('checkbox', { name: /Let a release pass a frozen budget/ }).uncheck();
  await expect(form.getByText('This removes 1 permission.')).toBeVisible();
  await form.getByLabel('Reason, kept in the audit log').fill('covers the summer');
  await form.getByRole('button', { name: 'Make role' }).click();
  await prove(page, admin.password);
  const made = page.getByRole('dialog', { name: 'Relief desk' });
  await expect(made.getByText('Nobody holds it.')).toBeVisible();
  await made.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('columnheader', { name: /Relief desk/ })).toBeVisible();

  const give = await openGrantForm(page);
  await give.getByLabel('Role').selectOption({ label: 'Relief desk' });
  await give.getByLabel('Where').selectOption('hashinsight');
  await give.getByLabel('Ends after').fill(new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10));
  await give.getByLabel('Reason, kept in the audit log').fill('stands in for Ines');
  await give.getByRole('button', { name: 'Save role' }).click();
  await prove(page, admin.password);
  const panel = page.getByRole('complementary', { name: 'Jonas Reef' });
  await expect(panel.getByText('stands in for Ines')).toBeVisible();

  await panel.getByRole('link', { name: /Why can they/ }).click();
  await page.getByRole('button', { name: /Why: Exclude maintenance from budgets/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Yes. Jonas Reef is Relief desk');
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer.getByText('stands in for Ines')).toBeVisible();
  await expect(answer.getByText(/until/)).toBeVisible();

  await page.getByLabel('May they').selectOption({ label: 'Let a release pass a frozen budget' });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('No role of Jonas Reef gives slo:override');
  await expect(answer.getByRole('link', { name: 'Incident commander' })).toBeVisible();
  await expectAccessible(page);
});

test('an owner is made by two: one asks, the other approves, the first carries it out', async ({ page, browser }) => {
  test.setTimeout(480_000);
  await open(page, owner, '/users/roles');
  const give = await openGrantForm(page);
  await give.getByLabel('Role').selectOption({ label: 'Owner' });
  await give.getByLabel('Reason, kept in the audit log').fill('takes over the house');
  await give.getByRole('button', { name: 'Save role' }).click();
  await prove(page, owner.password);
  await expect(page.getByText('Nothing has changed yet.')).toBeVisible();
  await page.getByRole('link', { name: 'Open approvals' }).click();
  await page.getByRole('radio', { name: 'Mine' }).click();
  await requests(page).getByRole('button').first().click();
  const mine = page.getByRole('dialog', { name: /Jonas Reef/ });
  await expect(mine.getByText('Waits for approval')).toBeVisible();
  await expect(mine.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await expect(mine.getByText('Can be met by Olaf Brand.')).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await open(other, secondOwner, '/users/approvals');
  await expect(other.getByRole('heading', { level: 1 })).toContainText('1 request waits for your approval');
  await expectAccessible(other);
  await requests(other).getByRole('button').first().click();
  const asked = other.getByRole('dialog', { name: /Jonas Reef/ });
  await expect(asked.getByText('takes over the house').first()).toBeVisible();
  await expect(asked.getByText('Open. You can meet it.')).toBeVisible();
  await asked.getByRole('button', { name: 'Approve' }).click();
  const decision = other.getByRole('dialog', { name: 'Approve this request?' });
  await decision.getByLabel('Reason, kept in the audit log').fill('agreed in person');
  await decision.getByRole('button', { name: 'Approve' }).click();
  await prove(other, secondOwner.password);
  await expect(asked.getByText('Ready to carry out')).toBeVisible();
  await other.context().close();

  await expect(mine.getByText('Ready to carry out')).toBeVisible();
  await expect(mine.getByText('agreed in person')).toBeVisible();
  await expect(mine.getByText('Met by Olaf Brand.')).toBeVisible();
  await mine.getByRole('button', { name: 'Carry out' }).click();
  await page.getByRole('dialog', { name: 'Carry it out now?' }).getByRole('button', { name: 'Carry out' }).click();
  await prove(page, owner.password);
  await expect(mine.getByText('Carried out', { exact: true })).toBeVisible();
  await mine.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('navigation', { name: 'Users and roles' }).getByRole('link', { name: 'Roles' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('owners');
  await page.getByRole('button', { name: /^Owner/ }).click();
  await expect(page.getByRole('dialog', { name: 'Owner' }).getByRole('link', { name: 'Jonas Reef' })).toBeVisible();
});

test('the matrix is read on a phone, in both themes, and scrolls in its own box', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, admin, '/users/roles');
  await expect(page.getByRole('region', { name: 'What each role may do' })).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await expect.poll(() => noSidewaysScroll(page)).toBeLessThanOrEqual(0);
});
