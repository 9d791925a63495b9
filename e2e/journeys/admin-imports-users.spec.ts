import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { prove, signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const admin = { email: 'ada@example.test', password: 'twelve steel hinges' };
const PEOPLE = 5_000;
const wrongLines = [12, 2_500, 4_999];

/** Everybody has an account on a platform and nothing in the console; some lines name a role there is not. */
function peopleFile(): Buffer {
  const rows = Array.from({ length: PEOPLE }, (_, i) => {
    const line = i + 2;
    const role = wrongLines.includes(line) ? 'emperor' : '';
    return `p${line}@import.example,Person ${line},${role},hashinsight,client`;
  });
  return Buffer.from(['email,name,role,platform,platform_role', ...rows, ''].join('\n'));
}

const call = (page: Page) => page.getByRole('heading', { level: 1 });
const rowsTable = (page: Page) => page.getByRole('table', { name: 'Rows of the file' });

async function findByAddress(page: Page, email: string): Promise<void> {
  await page.goto(`${stack.url}/users`);
  await page.getByRole('searchbox', { name: 'Name, email or role' }).fill(email);
  await expect(page).toHaveURL(/import\.example/);
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  const words = ['users', 'create', admin.email, '--name', 'Ada Berg', '--role', 'admin'];
  expect(await stack.qd(...words, '--password', admin.password)).toMatchObject({ code: 0 });
});

test.beforeEach(async ({ page }) => {
  await signIn(page, stack, admin);
  await page.goto(`${stack.url}/users/import`);
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
});

test('a file that cannot be read is refused as a whole, with what to put right', async ({ page }) => {
  await expect(call(page)).toHaveText('No file of people has been imported yet.');
  const buffer = Buffer.from('address,nickname\na@import.example,A\n');
  await page.getByLabel('File of people').setInputFiles({ name: 'odd.csv', mimeType: 'text/csv', buffer });
  await expect(page.getByRole('alert')).toContainText('Nothing has changed.');
  await expect(page.getByRole('alert')).toContainText('the column email is missing');
  const failed = page.getByRole('table', { name: /^Imports/ }).getByRole('row', { name: /odd\.csv/ });
  await expect(failed).toContainText('Not readable');
});

test('the sample file passes its own check', async ({ page }) => {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Sample file' }).click(),
  ]);
  const buffer = await readFile(await file.path());
  await page.getByLabel('File of people').setInputFiles({ name: 'sample.csv', mimeType: 'text/csv', buffer });
  await expect(call(page)).toHaveText(
    'Nothing has changed yet. sample.csv gives 3 new people, 0 changed, 0 unchanged.',
  );
});

test('5,000 people: checked, the ones that fit imported, one found, all taken back', async ({ page }) => {
  test.slow();
  const file = { name: 'autumn.csv', mimeType: 'text/csv', buffer: peopleFile() };
  await page.getByLabel('File of people').setInputFiles(file);
  await expect(call(page)).toContainText('autumn.csv gives 4,997 new people', { timeout: 120_000 });
  await expect(call(page)).toContainText('3 rows of 5,000 are wrong.');

  for (const line of wrongLines) {
    const row = rowsTable(page).getByRole('row', { name: new RegExp(`(^| )${line} Person ${line} `) });
    await expect(row).toContainText('"emperor" is not a role');
  }
  await expect(rowsTable(page).getByRole('row')).toHaveCount(1 + wrongLines.length);
  await expectAccessible(page);
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Wrong rows/ }).click(),
  ]);
  expect(await readFile(await report.path(), 'utf8')).toContain('p2500@import.example');
  await page.getByRole('radio', { name: 'New 4,997' }).click();
  await expect(rowsTable(page)).toContainText('p2@import.example');
  await page.getByRole('button', { name: 'Load 100 more rows' }).click();
  await expect(rowsTable(page)).toContainText('p150@import.example');
  const address = page.url();

  await page.getByRole('button', { name: 'Import the 4,997 rows that fit' }).click();
  const question = page.getByRole('dialog', { name: /^Import the 4,997 rows/ });
  await expect(question).toContainText('It adds 4,997 people and leaves out 3 rows that are wrong');
  await question.getByLabel(/^Reason/).fill('autumn intake');
  await question.getByRole('button', { name: 'Import the 4,997 rows that fit' }).click();
  await prove(page, admin.password);
  await expect(call(page)).toContainText('autumn.csv is imported: 4,997 new people', { timeout: 120_000 });
  await expect(call(page)).toContainText('3 rows left out.');

  await findByAddress(page, 'p4321@import.example');
  await expect(page.getByRole('table', { name: 'People' })).toContainText('Person 4321');

  await page.goto(address);
  await page.getByRole('button', { name: 'Take it back' }).click();
  const back = page.getByRole('dialog', { name: 'Take autumn.csv back?' });
  await back.getByLabel(/^Reason/).fill('it was the file of last year');
  await back.getByRole('button', { name: 'Take it back' }).click();
  await prove(page, admin.password);
  await expect(call(page)).toHaveText('autumn.csv was taken back.', { timeout: 120_000 });
  await expect(page.getByText('4,997 people taken back.')).toBeVisible();

  await findByAddress(page, 'p4321@import.example');
  await expect(page.getByText('Nobody fits these filters.')).toBeVisible();
});

test('what was imported and taken back is in the audit log', async ({ page }) => {
  await page.goto(`${stack.url}/audit?target=import`);
  const log = page.getByRole('table', { name: /^Audit log/ });
  await expect(log).toContainText('import rolled back');
  await expect(log).toContainText('imported');
  await expect(log).toContainText(admin.email);
});
