import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, type Download, type Page } from '@playwright/test';
import { prove, rpc, signIn } from '../fixtures/sign-in.ts';
import { demoPassword, ownStack, owner } from '../fixtures/stack.ts';

const stack = ownStack();

const log = (page: Page) => page.getByRole('table', { name: /^Audit log/ });

test.beforeEach(async ({ page }) => {
  await signIn(page, stack, 'auditor');
  await page.goto(`${stack.url}/audit`);
  await expect(log(page)).toBeVisible();
});

test('the log begins with what happened last, and every row opens', async ({ page }) => {
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/signed in/);
  const first = log(page).getByRole('row').nth(1);
  await expect(first).toContainText('auditor@demo.quarterdeck.test');
  await first.getByRole('button').click();
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('auditor@demo.quarterdeck.test');
  await expect(drawer).toContainText(/[0-9a-f]{16}/);
  await page.keyboard.press('Escape');
  await expect(first.getByRole('button')).toBeFocused();
});

test('filters narrow it, and the address keeps them', async ({ page }) => {
  await page.getByLabel('Who').fill(owner.email);
  await expect(page).toHaveURL(/actor=mara/);
  await expect(log(page)).toContainText('owner created');
  await expect(log(page)).not.toContainText('auditor@demo');

  await page.getByLabel('Action').fill('slo');
  await expect(page.getByText('No row fits these filters.')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(page).toHaveURL(`${stack.url}/audit`);

  await page.getByLabel('When').selectOption({ index: 1 });
  await page.getByLabel('Text').fill('demo');
  await expect(log(page)).toContainText('demo loaded');
  await expect(page).toHaveURL(/text=demo/);
  const address = page.url();
  await page.reload();
  expect(page.url()).toBe(address);
  await expect(page.getByLabel('Text')).toHaveValue('demo');
  await expect(log(page)).toContainText('demo loaded');
});

test('a refusal is in the log, found by its outcome', async ({ page }) => {
  expect((await rpc(page.request, stack, 'settings.removeDemo')).status()).toBe(403);
  await page.getByRole('radio', { name: 'Denied' }).click();
  await expect(log(page)).toContainText('auditor@demo.quarterdeck.test');
  await expect(log(page).getByText('Denied').first()).toBeVisible();
  await expect(log(page).getByText('Done')).toHaveCount(0);
});

test('a refused attempt appears by itself, but not under the pointer or behind an open row', async ({ page }) => {
  const refused = async (path: string) => expect((await rpc(page.request, stack, path)).status()).toBe(403);
  const acts = log(page).getByRole('row');
  const waiting = (rows: string) => page.getByRole('status').filter({ hasText: rows });

  await page.getByRole('heading', { level: 1 }).hover();
  await refused('audit.archive');
  await expect(acts.nth(1)).toContainText('audit archive');
  await expect(acts.nth(1)).toContainText('Denied');

  await acts.nth(1).hover();
  await refused('audit.prune');
  await expect(waiting('1 new row. Show it')).toBeVisible();
  await expect(acts.nth(1)).toContainText('audit archive');
  await page.getByRole('heading', { level: 1 }).hover();
  await expect(acts.nth(1)).toContainText('audit prune');

  await acts.nth(1).getByRole('button').click();
  await expect(page.getByRole('dialog')).toContainText('audit:retention');
  await refused('roles.grant');
  await expect(page.getByText('1 new row. Show it')).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(acts.nth(1).getByRole('button')).toBeFocused();
  await expect(acts.nth(1)).toContainText('audit prune');
  await page.getByText('1 new row. Show it').click();
  await expect(acts.nth(1)).toContainText('roles grant');
});

test('an auditor verifies the chain, on the page and with qd', async ({ page }) => {
  await page.getByRole('button', { name: 'Verify chain' }).click();
  await expect(page.getByText(/\d+ rows checked at .*, each fits the one before\./)).toBeVisible();
  const verdict = await stack.qd('audit', 'verify', '--json');
  expect(verdict.code).toBe(0);
  expect(JSON.parse(verdict.out)).toMatchObject({ ok: true, brokenSeq: null });
});

/** Presses the button of an export and proves that it is oneself; gives the file. */
async function takeAway(page: Page, name: RegExp): Promise<Download> {
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name }).click();
  await prove(page, demoPassword);
  return file;
}

test('an auditor takes the log away, every row of the filter, and that is in the log too', async ({ page }) => {
  const take = async (name: RegExp) => {
    const file = await takeAway(page, name);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const lines = await take(/^JSONL/);
  expect(lines.name).toMatch(/^audit-\d{4}-\d\d-\d\d\.jsonl$/);
  const rows = lines.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; prev_hash: string; hash: string });
  expect(rows[0]).toMatchObject({ seq: 1, prev_hash: '0'.repeat(64) });
  for (const [i, row] of rows.slice(1).entries()) expect(row.prev_hash).toBe(rows[i]?.hash);

  await page.getByLabel('Who').fill(owner.email);
  await expect(page).toHaveURL(/actor=mara/);
  const table = await take(/^CSV/);
  expect(table.text).toMatch(/^\uFEFFseq,timestamp \(UTC\),/);
  expect(table.text).toContain(owner.email);
  expect(table.text).not.toContain('auditor@demo');

  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(log(page)).toContainText('audit exported');

  const address = `${stack.url}/audit/export`;
  const lured = await page.request.get(address, { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(lured.status()).toBe(403);
  expect((await fetch(address)).status).toBe(401);
});

test('an auditor takes the key, verifies the export without the console, and a changed line is found', async ({
  page,
}, testInfo) => {
  await page.getByRole('button', { name: 'Checkpoints and archives' }).click();
  const drawer = page.getByRole('dialog', { name: 'Checkpoints and archives' });
  await expect(drawer.getByRole('table', { name: /^Checkpoints/ })).toContainText('Yes');
  const key = JSON.parse((await stack.qd('audit', 'key', '--json')).out) as { publicKey: string };
  await expect(drawer.getByText(key.publicKey, { exact: true })).toBeVisible();
  await expect(drawer.getByRole('button', { name: 'Archive' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);

  const file = await takeAway(page, /^JSONL/);
  const good = testInfo.outputPath('audit.jsonl');
  await file.saveAs(good);
  const verdict = await stack.qd('audit', 'verify', good, '--json');
  expect(verdict.code).toBe(0);
  expect(JSON.parse(verdict.out)).toMatchObject({ ok: true, brokenSeq: null });

  const lines = (await readFile(good, 'utf8')).trimEnd().split('\n');
  const changed = lines.map((line, index) => (index === 2 ? line.replace('"level":"', '"level":"x') : line));
  expect(changed[2]).not.toBe(lines[2]);
  const bad = testInfo.outputPath('changed.jsonl');
  await writeFile(bad, `${changed.join('\n')}\n`);
  const found = await stack.qd('audit', 'verify', bad, '--json');
  expect(found.code).not.toBe(0);
  expect(JSON.parse(found.out)).toMatchObject({ ok: false, brokenSeq: 3 });
});

test('an auditor reads what an SLO was and which time does not count, and changes neither', async ({ page }) => {
  await page.goto(`${stack.url}/slos/slo_demo_hashinsight_availability/revisions`);
  await expect(page.getByText('Revision 1', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Back to Availability/ })).toBeVisible();
  await page.goto(`${stack.url}/slos/exclusions`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Exclude time/ })).toHaveCount(0);
  await page.goto(`${stack.url}/slos/new`);
  await expect(page.getByText('Your role cannot define SLOs.')).toBeVisible();
});

test('an auditor reads everything and changes nothing', async ({ page }) => {
  await page.goto(stack.url);
  await expect(page.getByRole('region', { name: /^Quarterdeck:/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove demo' })).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('remove demo');
  await expect(page.getByRole('option', { name: /Remove demo/ })).toHaveCount(0);
  expect((await page.request.get(`${stack.url}/health/detailed`)).status()).toBe(200);
});
