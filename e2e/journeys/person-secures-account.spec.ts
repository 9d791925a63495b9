import { expect, test, type APIRequestContext, type Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { expectAccessible } from '../fixtures/axe.ts';
import { fillSignIn, prove, provenRpc, rpc, signIn } from '../fixtures/sign-in.ts';
import { owner, ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
test.setTimeout(480_000);

const password = 'kettle orbit plain moss';
const STEP_MS = 30_000;
let aheadMs = 0;

/** A code nobody has used: the console's clock goes on by more than one step first. */
async function nextCode(app: TOTP): Promise<string> {
  await stack.advanceClock(STEP_MS + 1_000);
  aheadMs += STEP_MS + 1_000;
  return app.generate({ timestamp: Date.now() + aheadMs });
}

/** The link of an invitation that the owner made for somebody. */
async function invitationOf(request: APIRequestContext, name: string): Promise<{ email: string; link: string }> {
  const email = `${name.toLowerCase()}@example.test`;
  const signedIn = await rpc(request, stack, 'session.signIn', { email: owner.email, password: owner.password });
  expect(signedIn.status(), await signedIn.text()).toBe(200);
  const input = { name, email, role: 'operator', platform: '*', reason: 'on call from today' };
  const answer = await provenRpc(request, stack, 'users.invite', { input, password: owner.password });
  expect(answer.status(), await answer.text()).toBe(200);
  const { result } = (await answer.json()) as { result: { data: { link: { path: string } } } };
  return { email, link: `${stack.url}${result.data.link.path}` };
}

async function accept(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Accept invitation' }).click();
  await expect(page.getByRole('button', { name: 'Account and keys' })).toBeVisible();
}

async function openAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account and keys' }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await expect(page.getByRole('heading', { name: 'Authenticator apps' })).toBeVisible();
}

async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account and keys' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByLabel('E-mail address')).toBeVisible();
}

/** Sets an authenticator app up on the account page; gives it, and the recovery codes shown. */
async function enrolApp(page: Page): Promise<{ app: TOTP; codes: string[] }> {
  await page.getByRole('button', { name: 'Add authenticator app' }).click();
  const setup = page.getByRole('region', { name: 'New authenticator app' });
  await setup.getByRole('button', { name: 'Go on' }).click();
  await prove(page, password);
  await expect(setup.getByRole('img', { name: /QR code/ })).toBeVisible();
  const text = await setup.getByTestId('totp-secret').innerText();
  const app = new TOTP({ secret: Secret.fromBase32(text.replaceAll(/\s/g, '')) });
  await setup.getByLabel('First code of the app').fill(await nextCode(app));
  await setup.getByRole('button', { name: 'Confirm app' }).click();
  const shown = page.getByRole('region', { name: 'New recovery codes' });
  await expect(shown.getByRole('listitem')).toHaveCount(10);
  const codes = await shown.getByRole('listitem').allInnerTexts();
  await expectAccessible(page);
  await shown.getByRole('button', { name: 'I have kept them' }).click();
  await expect(shown).toBeHidden();
  return { app, codes };
}

/** A finger on a sensor: answers every passkey call of the page. */
async function withSensor(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** What the browser objected to while the page ran: scripts, styles or sources its policy forbids. */
function objections(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(error.message));
  return found;
}

test('who is invited comes in, sets up an app, and needs its code from then on; a code works once', async ({
  page,
  request,
}) => {
  const objected = objections(page);
  const { email, link } = await invitationOf(request, 'Noor');
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    `${owner.name} invites you as Operator on all platforms.`,
  );
  await expectAccessible(page);
  await page.getByLabel('Password', { exact: true }).fill('Quarterdeck2026!');
  await page.getByRole('button', { name: 'Accept invitation' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /built on the name of the person or of this console.*use e\.g\. four words/,
  );
  await accept(page, link);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link does not work any more.');

  await page.goto(stack.url);
  await openAccount(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A password alone opens your account.');
  const { app, codes } = await enrolApp(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('protected by 1 authenticator app');

  await leave(page);
  await fillSignIn(page, { email, password });
  const code = await nextCode(app);
  await page.getByLabel('Code of your authenticator app').fill(code);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/settings\/account$|\/$/);
  await expect(page.getByRole('button', { name: 'Account and keys' })).toBeVisible();

  await leave(page);
  await fillSignIn(page, { email, password });
  await page.getByLabel('Code of your authenticator app').fill(code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('wrong, too old, or was used before');

  await page.getByRole('radio', { name: 'Recovery code' }).click();
  await page.getByLabel('One of your recovery codes').fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have 9 recovery codes left.');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('button', { name: 'Account and keys' })).toBeVisible();

  await leave(page);
  await fillSignIn(page, { email, password });
  await page.getByRole('radio', { name: 'Recovery code' }).click();
  await page.getByLabel('One of your recovery codes').fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('wrong, too old, or was used before');
  expect(objected).toEqual([]);
});

test('a passkey signs in alone, and proves its person before a dangerous act', async ({ page, request }) => {
  const objected = objections(page);
  await withSensor(page);
  const { link } = await invitationOf(request, 'Bela');
  await accept(page, link);
  await openAccount(page);
  await page.getByRole('button', { name: 'Add passkey' }).click();
  const setup = page.getByRole('region', { name: 'New passkey' });
  await setup.getByLabel('Name of the device or key').fill('Desk laptop');
  await setup.getByRole('button', { name: 'Make passkey' }).click();
  await prove(page, password);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('protected by 1 passkey');

  await page.getByRole('button', { name: 'Rename Desk laptop' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Home laptop');
  await page.getByRole('button', { name: 'Rename passkey' }).click();
  await expect(page.getByText('Home laptop')).toBeVisible();

  await page.getByRole('button', { name: 'Make new codes' }).click();
  await page
    .getByRole('dialog', { name: 'Prove that it is you' })
    .getByRole('button', { name: 'Use the passkey' })
    .click();
  await page.getByRole('button', { name: 'I have kept them' }).click();

  // As in a browser without a list of passkeys under the field: only the button asks.
  await page.evaluate(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  await leave(page);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('button', { name: 'Account and keys' })).toBeVisible();

  // The sensor picks from the browser's own list as soon as that is offered.
  await page.goto(`${stack.url}/settings/account`);
  const picked = page.waitForResponse((response) => response.url().endsWith('/trpc/session.signInWithPasskey'));
  await page.getByRole('button', { name: 'Account and keys' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  expect((await picked).status()).toBe(200);
  await openAccount(page);
  await page.getByRole('button', { name: 'Remove Home laptop' }).click();
  await page
    .getByRole('dialog', { name: 'Remove Home laptop?' })
    .getByRole('button', { name: 'Remove passkey' })
    .click();
  await page
    .getByRole('dialog', { name: 'Prove that it is you' })
    .getByRole('button', { name: 'Use the passkey' })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A password alone opens your account.');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(objected).toEqual([]);
});

test('a new password ends the other sessions; who gives up the proof changes nothing', async ({
  page,
  request,
  browser,
}) => {
  const { email, link } = await invitationOf(request, 'Ciro');
  await accept(page, link);
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, stack, { email, password });
  await elsewhere.goto(`${stack.url}/settings/account`);
  await expect(elsewhere.getByText('This browser').filter({ visible: true })).toBeVisible();

  await openAccount(page);
  const change = async (): Promise<void> => {
    await page.getByLabel('Current password', { exact: true }).fill(password);
    await page.getByLabel('New password', { exact: true }).fill('another four plain words');
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await change();
  const dialog = page.getByRole('dialog', { name: 'Prove that it is you' });
  await dialog.getByLabel('Your password').fill('not the password');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('Nothing was changed: you did not prove that it is you.')).toBeVisible();

  await change();
  await prove(page, password);
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await expect(elsewhere.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Where you are signed in' })).toBeVisible();
  await elsewhere.context().close();
});
