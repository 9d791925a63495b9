import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { prove, rpc, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

/** Somebody of the demo who is support as well, with a second factor. */
const HELPED = 'Marek Novak';
const LEAVER = { name: 'Ana Leaver', email: 'ana.leaver@example.test', password: 'seven quiet harbour lamps' };

/** Finds a person as one does, by typing, and opens them beside the list. */
async function open(page: Page, name: string): Promise<Locator> {
  await page.goto(`${stack.url}/users`);
  const [first = name] = name.split(' ');
  await page.getByRole('searchbox', { name: 'Name, email or role' }).fill(first.toLowerCase());
  await expect(page).toHaveURL(/text=/);
  await page.getByRole('link', { name, exact: true }).click();
  const panel = page.getByRole('complementary', { name });
  await expect(panel.getByRole('heading', { name })).toBeVisible();
  return panel;
}

/** Says why, and who, and confirms. */
async function confirm(page: Page, title: string | RegExp, button: string, typed?: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByLabel('Reason').fill('Asked for it by phone');
  if (typed !== undefined) await dialog.getByLabel(/^Type/).fill(typed);
  await dialog.getByRole('button', { name: button }).click();
}

test('support finds a person and helps them back in by links: a password, and a lost second factor off', async ({
  page,
  browser,
}) => {
  await signIn(page, stack, 'support');
  const panel = await open(page, HELPED);
  await expectAccessible(page);
  const link = panel.getByText(/\/reset#/);
  const other = await browser.newContext();

  await panel.getByRole('button', { name: 'Send password link' }).click();
  await confirm(page, /new password/, 'Send password link');
  await prove(page, demoPassword);
  await expect(link).toBeVisible();
  const passwordPage = await other.newPage();
  await passwordPage.goto((await link.textContent()) ?? '');
  await passwordPage.getByRole('textbox', { name: 'New password' }).fill('nine calm cedar anchors');
  await passwordPage.getByRole('button', { name: 'Set password' }).click();
  await expect(passwordPage.getByRole('heading', { name: 'Your new password is set.' })).toBeVisible();
  await expect(panel.getByText('Password and passkey')).toBeVisible();

  const spent = await link.textContent();
  await panel.getByRole('button', { name: 'Send two-step reset' }).click();
  await confirm(page, /two-step off/, 'Send two-step reset');
  await prove(page, demoPassword);
  await expect(link).not.toHaveText(spent ?? '');
  const factorPage = await other.newPage();
  await factorPage.goto((await link.textContent()) ?? '');
  await factorPage.getByRole('button', { name: 'Take second factors off' }).click();
  await expect(factorPage.getByRole('heading', { name: 'Your second factors are off.' })).toBeVisible();
  await other.close();
  await expect(panel.getByText('No second factor.')).toBeVisible();
});

test('support suspends the person with the name typed, and lets them in again', async ({ page }) => {
  await signIn(page, stack, 'support');
  const panel = await open(page, HELPED);
  await panel.getByRole('button', { name: 'Suspend' }).last().click();
  await expect(page.getByRole('dialog', { name: `Suspend ${HELPED}?` })).toContainText('stop working at once');
  await confirm(page, `Suspend ${HELPED}?`, 'Suspend', HELPED);
  await expect(page.getByText(`${HELPED} is suspended.`)).toBeVisible();
  await expect(panel.getByText('Asked for it by phone')).toBeVisible();
  await expect(page.getByRole('row', { name: new RegExp(HELPED) })).toContainText('Suspended');
  await panel.getByRole('button', { name: 'Reinstate' }).last().click();
  await confirm(page, `Reinstate ${HELPED}?`, 'Reinstate');
  await expect(page.getByRole('row', { name: new RegExp(HELPED) })).not.toContainText('Suspended');
});

test('support is told why an owner is out of reach, and what support does not do', async ({ page }) => {
  await signIn(page, stack, 'support');
  const panel = await open(page, 'Hana Eriksen');
  await expect(panel.getByText(/You cannot act on Hana Eriksen: they may do more than you/)).toBeVisible();
  const offboard = panel.getByRole('button', { name: 'Offboard' });
  await expect(offboard).toHaveAttribute('aria-disabled', 'true');
  await expect(offboard).toHaveAccessibleDescription('Your role does not offboard people. Owners and admins can.');
});

/** Excludes an hour of tomorrow, as the person does it: it stays under their name. */
async function excludeTomorrow(browser: Browser, who: { email: string; password: string }): Promise<void> {
  const page = await browser.newPage();
  await signIn(page, stack, who);
  const made = await rpc(page.request, stack, 'slo.exclusions.create', {
    platformId: 'hashinsight',
    sloId: null,
    category: 'maintenance',
    reason: 'Racks are moved',
    startsAt: Math.floor(Date.now() / 3_600_000) * 3_600_000 + 24 * 3_600_000,
    durationMs: 3_600_000,
    rrule: null,
    timeZone: 'UTC',
  });
  expect(made.status(), await made.text()).toBe(200);
  await page.close();
}

test('an owner sees what ends and what stays before an admin leaves for good', async ({ page, browser }) => {
  const { name, email, password } = LEAVER;
  const made = await stack.qd('users', 'create', email, '--name', name, '--role', 'admin', '--password', password);
  expect(made).toMatchObject({ code: 0 });
  await excludeTomorrow(browser, LEAVER);
  await signIn(page, stack, 'owner');
  const panel = await open(page, name);
  await panel.getByRole('button', { name: 'Offboard' }).click();
  const asked = page.getByRole('dialog', { name: `Offboard ${name}?` });
  await expect(asked.getByText('Admin on all platforms')).toBeVisible();
  await expect(asked.getByText(/Racks are moved$/)).toBeVisible();
  await expectAccessible(page);
  const [beside] = await Promise.all([
    page.waitForEvent('popup'),
    asked.getByRole('link', { name: /^Excluded time: HashInsight, all objectives/ }).click(),
  ]);
  await expect(beside.getByRole('dialog').getByText('Racks are moved').first()).toBeVisible();
  await beside.close();
  await expect(asked.getByRole('button', { name: 'Offboard' })).toHaveAttribute('aria-disabled', 'true');
  await confirm(page, `Offboard ${name}?`, 'Offboard', name);
  await prove(page, demoPassword);
  await expect(page.getByText(`${name} is offboarded.`)).toBeVisible();
  await expect(panel.getByText('Has left', { exact: true })).toBeVisible();
  await expect(panel.getByText('None. Nothing of the console is open to them.')).toBeVisible();
});

test('an owner invites somebody, whose link is shown once', async ({ page }) => {
  await signIn(page, stack, 'owner');
  await page.goto(`${stack.url}/users`);
  await expect(page.getByRole('table', { name: 'People' })).toBeVisible();
  await page.keyboard.press('i');
  const form = page.getByRole('dialog', { name: 'Invite a person' });
  await form.getByLabel('Name').fill('Wren Okoye');
  await form.getByLabel('Email').fill('wren@example.test');
  await form.getByLabel('Role', { exact: true }).selectOption('stakeholder');
  await form.getByLabel('Reason').fill('Reads the weekly review');
  await expect(form.getByText('See objectives, budgets and burn rates')).toBeVisible();
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Invite' }).click();
  await prove(page, demoPassword);
  const done = page.getByRole('dialog', { name: 'Wren Okoye is invited' });
  await expect(done.getByText(/\/invite#/)).toBeVisible();
  await done.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('radio', { name: /^Invited/ }).click();
  await expect(page.getByRole('row', { name: /Wren Okoye/ })).toContainText('Invited');
});
