import { expect, test } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { pushedPlatform } from '../fixtures/factories.ts';
import { signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };
const NAME = 'BUCKET_SECRET';
const LATE = `${NAME} of bakery works is overdue for rotation`;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  const words = ['users', 'create', admin.email, '--name', 'Ada Berg', '--role', 'admin'];
  expect(await stack.qd(...words, '--password', admin.password)).toMatchObject({ code: 0 });
  // Nothing else is late, so that what is late stands first.
  expect(await stack.qd('demo', 'remove')).toMatchObject({ code: 0 });
  await pushedPlatform(stack, 'bakery', ['Oven']);
  const rotatedAt = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const facts = ['--platform', 'bakery', '--cadence', 'days', '--every-days', '30', '--owner', 'Jonas Reef'];
  const added = await stack.qd('secrets', 'add', NAME, ...facts, '--rotated-at', rotatedAt);
  expect(added, added.err).toMatchObject({ code: 0 });
});

test('a secret past its day stands on the Overview, until its rotation is recorded with what shows it', async ({
  page,
}) => {
  await signIn(page, stack, admin);
  await page.goto(stack.url);
  const needs = page.getByRole('region', { name: 'Needs you' });
  const late = needs.getByRole('listitem').filter({ hasText: LATE });
  await expect(late).toContainText('Jonas Reef answers for it.');
  await late.getByRole('link').first().click();
  const drawer = page.getByRole('dialog', { name: NAME });
  await expect(drawer.getByText(/^Overdue by/)).toBeVisible();
  await drawer.getByRole('button', { name: 'Record rotation' }).click();
  const form = page.getByRole('dialog', { name: `Record rotation of ${NAME}` });
  await form.getByRole('button', { name: 'Record rotation' }).click();
  await expect(form.getByRole('alert').first()).toBeVisible();
  await form.getByLabel('What shows it').fill('Change 1204, seen by Jonas Reef');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Record rotation' }).click();
  await expect(form).toHaveCount(0);
  await expect(drawer.getByText('Change 1204, seen by Jonas Reef')).toBeVisible();
  await expect(drawer.getByText(/^Overdue by/)).toHaveCount(0);
  await page.goto(stack.url);
  await expect(needs).toBeVisible();
  await expect(
    page.getByText('Nothing asks for a decision now.').or(needs.getByRole('listitem')).first(),
  ).toBeVisible();
  await expect(late).toHaveCount(0);
});

test('the register refuses what looks like the secret itself', async () => {
  const made = await stack.qd('keys', 'create', 'Aside', '--platform', 'bakery', '--scope', 'slo:read', '--json');
  const { key } = JSON.parse(made.out) as { key: string };
  const added = await stack.qd('secrets', 'add', key, '--platform', 'bakery', '--cadence', 'yearly');
  expect(added.code).toBe(1);
  expect(added.err).not.toContain(key);
  expect((await stack.qd('secrets', 'list', '--json')).out).not.toContain(key);
});
