import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, type APIRequestContext, type Browser, type Page } from '@playwright/test';
import { archivePlaces, browserPlaces, watchAddresses } from '../fixtures/browser-places.ts';
import { act, askAbout, createKey, gatewayKey, readSlos } from '../fixtures/keys.ts';
import { prove, rpc, signIn } from '../fixtures/sign-in.ts';
import { owner, ownStack } from '../fixtures/stack.ts';
import { filesBelow, secretOf, sweep, type Place, type Secret } from '../fixtures/sweep.ts';

const stack = ownStack({ logLevel: 'trace' });

/** Not secret at all, and of words, so that nothing takes it for a secret: planted to show that the search finds what is there. */
const MARK = 'planted-where-everything-is-searched';
const IMPORTED = 'elsewhere-Zk83hQ7vLw2Xn5Rt9Yb4';

const secrets: Secret[] = [];
const places: Place[] = [];

test.describe.configure({ mode: 'serial' });
test.setTimeout(300_000);

function remember(name: string, key: string): string {
  secrets.push({ name, text: secretOf(key) });
  return key;
}

/** Runs work in a browser of its own whose traffic is recorded, and adds all it kept to what is searched. */
async function recorded(browser: Browser, file: string, work: (page: Page) => Promise<void>): Promise<void> {
  const har = test.info().outputPath(`${file}.har`);
  const context = await browser.newContext({ recordHar: { path: har, content: 'embed' } });
  const page = await context.newPage();
  const addresses = watchAddresses(page);
  await work(page);
  places.push(...(await browserPlaces(page)), addresses());
  await context.close();
  places.push(...(await archivePlaces(har)));
}

/** Reads the secret from the screen, says that it is stored, and leaves it. */
async function takeSecret(page: Page): Promise<string> {
  const text = await page.getByTestId('secret').innerText();
  await page.getByRole('checkbox', { name: 'I have stored it in a secret manager' }).check();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByTestId('secret')).toHaveCount(0);
  return text.trim();
}

async function fillNewKey(page: Page, name: string): Promise<void> {
  await page.goto(`${stack.url}/keys/new`);
  const form = page.getByRole('dialog', { name: /Create a key/ });
  await form.getByLabel('Name', { exact: true }).first().fill(name);
  await form.getByLabel('Platform', { exact: true }).selectOption('hashinsight');
  await form.getByRole('checkbox', { name: /^slo:read/ }).check();
}

test('a key is made, drawn by a link and rotated in browsers that keep nothing of it', async ({ browser }) => {
  let link = '';
  let shown = '';
  await recorded(browser, 'owner', async (page) => {
    await signIn(page, stack, owner);
    await fillNewKey(page, 'Shown');
    await page.getByRole('button', { name: 'Create key' }).click();
    await prove(page, owner.password);
    shown = remember('the shown key', await takeSecret(page));

    await fillNewKey(page, 'Drawn');
    const form = page.getByRole('dialog', { name: /Create a key/ });
    await form.getByText('Delivery, owner, limits and consumers').click();
    await form.getByRole('radio', { name: 'Whoever uses it, by a link' }).click();
    await form.getByLabel('Recipient').fill('Ida Marsh');
    await form.getByLabel('Their email').fill('ida@example.test');
    await page.getByRole('button', { name: 'Create key' }).click();
    await prove(page, owner.password);
    link = (await page.getByText(/\/claim#/).textContent()) ?? '';
    await page.getByRole('button', { name: 'Done' }).click();

    const id = shown.slice(-46, -38);
    await page.goto(`${stack.url}/keys/${id}`);
    await page.getByRole('button', { name: 'Rotate', exact: true }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Rotate Shown' });
    await dialog.getByLabel(/Reason/).fill('the quarter ends');
    await dialog.getByRole('button', { name: 'Rotate key' }).click();
    await prove(page, owner.password);
    remember('the successor', await takeSecret(page));
  });
  await recorded(browser, 'recipient', async (page) => {
    await page.goto(link);
    await page.getByRole('button', { name: 'Show my key' }).click();
    remember('the drawn key', await takeSecret(page));
  });
});

/** Every wrong way to send a key there is. */
async function sendWrongly(key: string, gateway: string): Promise<void> {
  const bearer = { authorization: `Bearer ${key}` };
  // A key made elsewhere has no form by which it were known in a path.
  const inPath = key === IMPORTED ? [] : [`/api/v1/slos/${key}`, `/keys/${key}`];
  const inAddress = [...inPath, `/api/v1/slos?api_key=${key}`, `/api/v1/slos?token=${encodeURIComponent(key)}`];
  for (const place of inAddress) await fetch(stack.url + place);
  await fetch(`${stack.url}/api/v1/slos`, { headers: { ...bearer, 'x-api-key': gateway } });
  await fetch(`${stack.url}/api/v1/keys/verify`, { method: 'POST', headers: bearer, body: key });
  await askAbout(stack.url, gateway, { key: `${key}${key}${key}${key}` });
  await askAbout(stack.url, gateway, { key: key.replace('_prod_', '_dev_') });
  await askAbout(stack.url, gateway, { key, permission: 'users:write', client: { address: '192.0.2.7', agent: key } });
  await fetch(`${stack.url}/trpc/apiKeys.claims.look`, {
    method: 'POST',
    headers: { 'x-qd': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ token: key }),
  });
}

/** The audit log as its readers take it away. */
async function exportedLog(request: APIRequestContext): Promise<string> {
  const address = `${stack.url}/audit/export?format=jsonl`;
  const refusal = (await (await request.get(address)).json()) as { stepUp: { act: string } };
  const proof = { method: 'password', password: owner.password };
  const proved = await rpc(request, stack, 'session.stepUp', { act: refusal.stepUp.act, proof });
  const { result } = (await proved.json()) as { result: { data: { token: string } } };
  const answer = await request.get(address, { headers: { 'x-qd-step-up': result.data.token } });
  expect(answer.status()).toBe(200);
  return answer.text();
}

test('keys are imported, leaked, verified and sent in every wrong way', async ({ page }) => {
  await signIn(page, stack, owner);
  const { request } = page;
  const gateway = remember('the key of the gateway', await gatewayKey(stack));
  const { id, text } = await createKey(request, stack, { name: 'Leaked' });
  remember('the leaked key', text);
  secrets.push({ name: 'the imported key', text: IMPORTED });
  const facts = { platform: 'hashinsight', environment: 'dev', scopes: ['slo:read'] };
  await act(request, stack, 'apiKeys.import', { ...facts, name: 'Imported', text: IMPORTED });

  for (const key of [text, IMPORTED]) {
    expect((await readSlos(stack.url, key)).status).toBe(200);
    expect((await askAbout(stack.url, gateway, { key })).status).toBe(200);
    await sendWrongly(key, gateway);
    places.push({
      name: 'the command line',
      content: JSON.stringify(await stack.qdReading(key, 'keys', 'verify', '-')),
    });
  }
  const reason = 'the laptop is gone';
  const next = await act<{ text: string }>(request, stack, 'apiKeys.rotation.emergency', { keyId: id, reason });
  remember('the key after the emergency', next.text);
  const leak = {
    place: `https://paste.example/?key=${next.text}`,
    text: `it is ${encodeURIComponent(next.text)}, and the old one ${text}`,
  };
  const found = await rpc(request, stack, 'apiKeys.leaks.report', leak);
  expect(found.status(), await found.text()).toBe(200);
  places.push({ name: 'the report of a leak', content: await found.text() });
  const looked = await rpc(request, stack, 'apiKeys.ending.lookUp', { text: next.text });
  expect(looked.status()).toBe(200);
  places.push({ name: 'the answer of a look-up', content: await looked.text() });
});

/** Plants the mark wherever the server may keep something; in base64 in one place. */
async function plant(page: Page): Promise<void> {
  await act(page.request, stack, 'apiKeys.create', {
    name: MARK,
    platform: 'hashinsight',
    environment: 'dev',
    scopes: ['slo:read'],
  });
  await fetch(`${stack.url}/api/v1/slos/${MARK}`);
  await writeFile(path.join(stack.dataDir, 'planted'), Buffer.from(`xy${MARK}z`).toString('base64'));
  // A page that asks for nothing more by itself, so that the mark stands where it is put.
  await page.goto(`${stack.url}/health?mark=${MARK}`);
  await page.evaluate(async (mark) => {
    localStorage.setItem('mark', mark);
    sessionStorage.setItem('mark', mark);
    history.replaceState({ mark }, '');
    document.body.append(Object.assign(document.createElement('input'), { value: mark }));
    await (await caches.open('mark')).put('/mark', new Response(mark));
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('mark');
      opening.onupgradeneeded = () => opening.result.createObjectStore('mark').add(mark, 1);
      opening.onsuccess = () => resolve(opening.result);
    });
    database.close();
    await fetch('/mark', { method: 'POST', body: btoa(`.${mark}`) });
    document.cookie = `mark=${mark}`;
  }, MARK);
}

test('no secret is anywhere but in the one answer that showed it, and the search finds what is there', async ({
  page,
  browser,
}) => {
  await signIn(page, stack, owner);
  await recorded(browser, 'planted', async (marked) => {
    await signIn(marked, stack, owner);
    await plant(marked);
  });
  places.push({ name: 'the audit log taken away', content: await exportedLog(page.request) });
  await stack.stop();
  places.push({ name: 'the log', content: stack.output() });
  places.push({ name: 'the database', content: await readFile(await stack.writeRows(), 'utf8') });
  places.push(...(await filesBelow(stack.dataDir, 'the data folder')));

  const marks = ['addresses', 'cookies', 'indexed storage', 'local storage', 'page', 'request cache'];
  const more = ['session storage', 'state of history', 'the audit log taken away', 'the data folder', 'the database'];
  const sent = ['the log', 'what was sent to /health', 'what was sent to /mark'];
  expect(secrets).toHaveLength(7);
  expect(sweep(places, [...secrets, { name: 'the mark', text: MARK }])).toEqual(
    [
      ...[...marks, ...more, ...sent].map((place) => `the mark in ${place}`),
      'the drawn key in the answer of /trpc/apiKeys.claims.take',
      'the shown key in the answer of /trpc/apiKeys.create',
      'the successor in the answer of /trpc/apiKeys.rotation.start',
    ].toSorted(),
  );
});
