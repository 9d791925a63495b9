import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { ownIdentityProvider } from '../fixtures/identity-provider.ts';
import { ask, prove, provenRpc, signIn } from '../fixtures/sign-in.ts';
import { owner, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const houseId = ownIdentityProvider(stack);
const otherId = ownIdentityProvider(stack);
test.setTimeout(240_000);

const ivo = { name: 'Ivo Tern', email: 'ivo@example.test', password: 'eleven copper weather vanes' };

async function addProvider(page: Page, name: string, provider: typeof houseId): Promise<void> {
  await page.getByRole('button', { name: 'Add provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add identity provider' });
  await expect(dialog).toContainText(`${stack.url}/auth/oidc/callback`);
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Issuer').fill(provider.issuer);
  await dialog.getByLabel('Client ID').fill(provider.clientId);
  await dialog.getByLabel('Client secret', { exact: true }).fill(provider.clientSecret);
  await dialog.getByRole('button', { name: 'Save provider' }).click();
  await prove(page, owner.password);
  await expect(page.getByRole('button', { name: `Change ${name}` })).toBeVisible();
}

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  await signIn(page, stack, owner);
  await page.goto(`${stack.url}/settings/sign-in`);
  await addProvider(page, 'House ID', houseId);
  await addProvider(page, 'Other ID', otherId);
  await page.close();
  const words = ['users', 'create', ivo.email, '--name', ivo.name, '--role', 'operator', '--password', ivo.password];
  expect(await stack.qd(...words)).toMatchObject({ code: 0 });
});

const signInLink = (page: Page) => page.getByRole('link', { name: 'Sign in with House ID' });
const account = (page: Page) => page.getByRole('button', { name: 'Account and keys' });
const refusal = (page: Page) =>
  page.getByRole('alert').filter({ hasText: 'The identity provider did not sign you in.' });

/** Fills in the form of the provider. */
async function answerProvider(page: Page, who: string, email: string): Promise<void> {
  await expect(page).toHaveURL((url) => url.origin === houseId.issuer);
  await page.getByLabel('Account').fill(who);
  await page.getByLabel('Address').fill(email);
  await page.getByRole('button', { name: 'Go on' }).click();
}

async function leave(page: Page): Promise<void> {
  await account(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(signInLink(page)).toBeVisible();
}

/** Begins at the sign-in page and stops at the provider; gives the address the console sent the browser to. */
async function beginAtProvider(page: Page): Promise<URL> {
  await page.goto(`${stack.url}/sign-in`);
  const sent = page.waitForRequest((request) => request.url().startsWith(`${houseId.issuer}/auth?`));
  await signInLink(page).click();
  await expect(page.getByLabel('Account')).toBeVisible();
  return new URL((await sent).url());
}

test('who is invited comes in through the provider without a password, and from then on straight in', async ({
  page,
  browser,
}) => {
  const admin = await browser.newContext();
  await signIn(await admin.newPage(), stack, owner);
  const wish = {
    name: 'Noor',
    email: 'noor@example.test',
    role: 'operator',
    platform: '*',
    reason: 'on call from today',
  };
  const invited = await provenRpc(admin.request, stack, 'users.invite', { input: wish, password: owner.password });
  expect(invited.status(), await invited.text()).toBe(200);
  const { result } = (await invited.json()) as { result: { data: { link: { path: string } } } };
  await admin.close();

  await page.goto(`${stack.url}${result.data.link.path}`);
  await page.getByRole('button', { name: 'Accept with House ID, without a password' }).click();
  await answerProvider(page, 'noor-at-house', wish.email);
  await expect(page).toHaveURL(`${stack.url}/`);
  await page.goto(`${stack.url}/settings/account`);
  await expect(page.getByText(`House ID, ${wish.email}`)).toBeVisible();

  await leave(page);
  expect((await ask(page.request, stack, 'slo.list', {})).status()).toBe(401);
  await expectAccessible(page);
  await page.goto(`${stack.url}/slos?platform=stellarescrow`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to go on where you were.');
  await signInLink(page).click();
  await expect(page).toHaveURL(`${stack.url}/slos?platform=stellarescrow`);
  await expect(account(page)).toBeVisible();
});

test('an address the provider has not verified opens nothing; linking from within does', async ({ page, browser }) => {
  await page.goto(`${stack.url}/sign-in`);
  await signInLink(page).click();
  await answerProvider(page, 'ivo-at-house', ivo.email);
  await expect(refusal(page)).toContainText('Nobody here is linked to that identity.');
  await expectAccessible(page);
  expect((await ask(page.request, stack, 'slo.list', {})).status()).toBe(401);

  await signIn(page, stack, ivo);
  await page.goto(`${stack.url}/settings/account`);
  await page.getByRole('button', { name: 'Link House ID' }).click();
  await prove(page, ivo.password);
  await expect(page.getByRole('button', { name: 'Unlink House ID' })).toBeVisible();
  await leave(page);
  await signInLink(page).click();
  await expect(account(page)).toBeVisible();

  const stranger = await browser.newPage();
  await stranger.goto(`${stack.url}/sign-in`);
  await signInLink(stranger).click();
  await answerProvider(stranger, 'stranger', owner.email);
  await expect(refusal(stranger)).toContainText('Nobody here is linked to that identity.');
  await stranger.close();
});

test('an answer nobody asked for in this browser opens nothing, and the page says why', async ({ page, browser }) => {
  const callback = (query: Record<string, string>) => `${stack.url}/auth/oidc/callback?${new URLSearchParams(query)}`;
  await beginAtProvider(page);
  await page.goto(callback({ code: 'invented', state: 'invented', iss: houseId.issuer }));
  await expect(refusal(page)).toContainText('begun too long ago, or in another browser');

  const elsewhere = await browser.newPage();
  const sentElsewhere = await beginAtProvider(elsewhere);
  const answer = await houseId.signInAt(sentElsewhere, 'mallory');
  await page.goto(answer.href);
  await expect(refusal(page)).toContainText('begun too long ago, or in another browser');
  const sentAgain = await beginAtProvider(elsewhere);
  await elsewhere.goto((await houseId.signInAt(sentAgain, 'mallory')).href);
  await expect(refusal(elsewhere)).toContainText('Nobody here is linked to that identity.');
  await elsewhere.close();

  const sent = await beginAtProvider(page);
  const mixedUp = await otherId.signInAt(new URL(`/auth${sent.search}`, otherId.issuer), 'noor-at-house');
  expect(mixedUp.searchParams.get('state')).toBe(sent.searchParams.get('state'));
  await page.goto(mixedUp.href);
  await expect(refusal(page)).toContainText('What the provider sent back did not fit.');

  const state = (await beginAtProvider(page)).searchParams.get('state') ?? '';
  await page.goto(callback({ error: 'access_denied', state, iss: houseId.issuer }));
  await expect(refusal(page)).toContainText('You cancelled, or the provider did not let you in.');
  expect((await ask(page.request, stack, 'slo.list', {})).status()).toBe(401);
});
