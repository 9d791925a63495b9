import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { pushedPlatform } from '../fixtures/factories.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const PLATFORM = 'harbour works';
const people = { lena: 'Lena Ortiz', omar: 'Omar Finch' };
const password = 'four slow lantern bells';

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  await pushedPlatform(stack, 'harbour', ['Crane']);
  for (const [first, name] of Object.entries(people)) {
    const words = ['users', 'create', `${first}@example.test`, '--name', name, '--role', 'operator'];
    const made = await stack.qd(...words, '--platform', 'harbour', '--password', password);
    expect(made, made.err).toMatchObject({ code: 0 });
  }
});

const call = (page: Page): Locator => page.getByRole('heading', { level: 1 });
const onCall = (page: Page) => page.goto(`${stack.url}/oncall?platform=harbour`);
const slots = (page: Page): Locator => page.getByRole('table', { name: 'On-call slots' });

async function choose(dialog: Locator, name: string): Promise<void> {
  await dialog.getByRole('searchbox', { name: 'Person' }).fill(name.split(' ')[0]?.toLowerCase() ?? '');
  await dialog.getByRole('button', { name: new RegExp(`^${name}`) }).click();
}

test('a commander puts somebody on call where nobody was, by the keyboard', async ({ page }) => {
  await signIn(page, stack, 'commander');
  await onCall(page);
  await expect(call(page)).toContainText(`Nobody is on call for ${PLATFORM}.`);
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Put somebody on call' });
  await choose(dialog, people.lena);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Put on call' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(call(page)).toContainText(`${people.lena} is on call for ${PLATFORM} until`);
  await expectAccessible(page);
});

test('the commander hands the slot over; who was on call until then stays known', async ({ page }) => {
  await signIn(page, stack, 'commander');
  await onCall(page);
  await slots(page)
    .getByRole('button', { name: new RegExp(`^Hand over: ${people.lena}`) })
    .filter({ visible: true })
    .click();
  const dialog = page.getByRole('dialog', { name: `Hand over from ${people.lena}?` });
  await choose(dialog, people.omar);
  await dialog.getByLabel('Reason').fill('Lena is on a train');
  await dialog.getByRole('button', { name: 'Hand over' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(call(page)).toContainText(`${people.omar} is on call for ${PLATFORM} until`);
  await expect(
    slots(page)
      .getByText(/^Ended early by .*: Lena is on a train$/)
      .filter({ visible: true }),
  ).toBeVisible();
});

test('an owner sees the slot before the person leaves; it ends with them, and the gap shows', async ({ page }) => {
  await signIn(page, stack, 'owner');
  await page.goto(`${stack.url}/users?text=omar`);
  await page.getByRole('link', { name: people.omar, exact: true }).click();
  const panel = page.getByRole('complementary', { name: people.omar });
  await panel.getByRole('button', { name: 'Offboard' }).click();
  const dialog = page.getByRole('dialog', { name: `Offboard ${people.omar}?` });
  await expect(dialog.getByText(new RegExp(`^1 slot ends, now for ${PLATFORM} until`))).toBeVisible();
  await expect(dialog.getByText('Nobody else covers it')).toBeVisible();
  await dialog.getByLabel('Reason').fill('Leaves the company');
  await dialog.getByLabel(/^Type/).fill(people.omar);
  await dialog.getByRole('button', { name: 'Offboard' }).click();
  await prove(page, demoPassword);
  await expect(page.getByText(`${people.omar} is offboarded.`)).toBeVisible();
  await onCall(page);
  await expect(call(page)).toContainText(`Nobody is on call for ${PLATFORM}.`);
  const gaps = page.getByRole('table', { name: 'Time without a primary' });
  await expect(gaps.getByRole('row').filter({ hasText: PLATFORM }).filter({ hasText: 'Nobody' })).toHaveCount(1);
  await expect(
    slots(page)
      .getByText(/: Left: Leaves the company$/)
      .filter({ visible: true }),
  ).toBeVisible();
});
