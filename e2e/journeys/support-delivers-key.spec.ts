import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { askAbout, gatewayKey } from '../fixtures/keys.ts';
import { ownMailServer } from '../fixtures/mail-server.ts';
import { prove, resume, rpc, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack } from '../fixtures/stack.ts';

const mail = ownMailServer();
const stack = ownStack({ env: mail.env });

/** Somebody with an account on HashInsight who can be reached. */
const PERSON = { name: 'Nina Ortiz', email: 'nina@example.test', role: 'broker' } as const;
/** Somebody of the demo with an account there; demo people have no mailbox. */
const DEMO_PERSON = { id: 'usr_demo_marek_novak', name: 'Marek Novak' };

async function openDelivery(page: Page, person: { id: string; name: string }): Promise<void> {
  await page.goto(`${stack.url}/users/${person.id}`);
  const panel = page.getByRole('complementary', { name: person.name });
  await panel.getByRole('link', { name: 'Send a key by link' }).click();
}

/** Puts the person in the directory, with an account on the platform, and gives the id. */
async function addPerson(page: Page): Promise<string> {
  const made = await stack.qd(
    'users',
    'create',
    PERSON.email,
    '--name',
    PERSON.name,
    '--role',
    'stakeholder',
    '--json',
  );
  expect(made, made.err).toMatchObject({ code: 0 });
  const { id } = JSON.parse(made.out) as { id: string };
  await resume(page, stack, 'owner');
  const account = { id, platform: 'hashinsight', role: PERSON.role, seenAt: null, reason: 'Sells hash rate' };
  const given = await rpc(page.request, stack, 'users.assignMembership', account);
  expect(given.status(), await given.text()).toBe(200);
  return id;
}

test('support makes a person a key of their own by a link, and sees neither the link nor the key', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  const id = await addPerson(page);
  await page.context().clearCookies();
  const answers: Promise<string>[] = [];
  page.on('response', (response) => {
    // The stream of news never ends, and says nothing but which topic changed.
    if (!response.url().includes('/events')) answers.push(response.text().catch(() => ''));
  });
  await signIn(page, stack, 'support');
  await openDelivery(page, { id, name: PERSON.name });
  const dialog = page.getByRole('dialog', { name: `Send ${PERSON.name} a key by link` });
  await dialog.getByLabel('Platform', { exact: true }).selectOption('hashinsight');
  await dialog.getByRole('checkbox').first().check();
  await expectAccessible(page);
  await expect(dialog.getByText(`It is mailed to ${PERSON.email}`)).toBeVisible();
  await dialog.getByRole('button', { name: 'Send link' }).click();
  await prove(page, demoPassword);
  const ready = page.getByRole('dialog', { name: 'The link is ready' });
  await expect(ready.getByText(/\/claim#/)).toHaveCount(0);
  await ready.getByRole('button', { name: 'Done' }).click();

  const links = () => mail.mails().flatMap(({ text }) => /http\S+\/claim#\S+/.exec(text) ?? []);
  await expect.poll(links).toHaveLength(1);
  const [link = ''] = links();
  const elsewhere = await browser.newContext();
  const own = await elsewhere.newPage();
  await own.goto(link);
  await expect(own.getByRole('heading', { level: 1 })).toContainText(`made a key for you, ${PERSON.name}`);
  await expectAccessible(own);
  await own.getByRole('button', { name: 'Show my key' }).click();
  const key = (await own.getByTestId('secret').innerText()).trim();
  expect(key).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
  await expectAccessible(own);
  await own.getByRole('checkbox', { name: 'I have stored it in a secret manager' }).check();
  await own.getByRole('button', { name: 'Done' }).click();
  await expect(own.getByRole('heading', { name: 'The key is yours.' })).toBeVisible();
  const gateway = await gatewayKey(stack);
  expect((await askAbout(stack.url, gateway, { key })).status).toBe(200);

  const again = await elsewhere.newPage();
  await again.goto(link);
  await expect(again.getByRole('button', { name: 'Show my key' })).toHaveCount(0);
  await expect(again.getByRole('heading', { level: 1 })).toBeVisible();
  await elsewhere.close();

  await page.goto(`${stack.url}/keys/${key.slice(-46, -38)}`);
  await expect(page.getByRole('heading', { level: 2, name: new RegExp(`Key of ${PERSON.name}`) })).toBeVisible();
  const seen = (await Promise.all(answers)).join('\n');
  expect(seen).toContain(key.slice(-46, -38));
  expect(seen).not.toContain(key.slice(-38, -6));
  expect(seen).not.toContain(link.split('#')[1]);
});

test('support learns who can make a link where none is mailed, and an admin makes it', async ({ page }) => {
  await signIn(page, stack, 'support');
  await openDelivery(page, DEMO_PERSON);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/Nothing is mailed to people of the demo/)).toBeVisible();
  await expect(dialog.getByText(/owners and admins/)).toBeVisible();
  await expectAccessible(page);

  await page.context().clearCookies();
  await signIn(page, stack, 'admin');
  await openDelivery(page, DEMO_PERSON);
  const form = page.getByRole('dialog', { name: `Send ${DEMO_PERSON.name} a key by link` });
  await form.getByLabel('Platform', { exact: true }).selectOption('hashinsight');
  await form.getByRole('checkbox').first().check();
  await expect(form.getByText(/the link is shown to you once/)).toBeVisible();
  await form.getByRole('button', { name: 'Make link' }).click();
  await prove(page, demoPassword);
  const ready = page.getByRole('dialog', { name: 'The link is ready' });
  await expect(ready.getByText(/\/claim#/)).toBeVisible();
});

test('support may not make keys of other kinds', async ({ page }) => {
  await signIn(page, stack, 'support');
  await page.goto(`${stack.url}/keys`);
  const create = page.getByRole('button', { name: /^Create key/ });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await expect(create).toHaveAccessibleDescription('Your role does not create keys. Owners and admins can.');
});
