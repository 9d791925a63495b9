import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { rpc, signIn } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

/** Presses Tab until the wanted element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, name: string | RegExp, most = 40): Promise<void> {
  const wanted = page.getByRole('link', { name }).first();
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${String(name)} was not reached with ${most} presses of Tab`);
}

test.beforeEach(async ({ page }) => {
  await signIn(page, stack, 'commander');
  await page.goto(stack.url);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/HashInsight is failing [\d.]+% of requests\./);
});

test('the call names the platform and the number, its lane leads to the burning SLO', async ({ page }) => {
  const lane = page.getByRole('region', { name: /^HashInsight: P0 incident/ });
  await expect(lane.getByRole('meter', { name: /Budget left/ })).toBeVisible();
  await expect(lane).toContainText('Burn, last hour');

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, /^HashInsight$/);
  await page.keyboard.press('Enter');

  await expect(page).toHaveURL(/\/slos\//);
  await expect(page).toHaveTitle(/HashInsight Availability/);
});

test('the detail says what is left, when it is gone, what the policy wants and what spent it', async ({ page }) => {
  await page.keyboard.press('1');
  await expect(page).toHaveURL(/\/slos\//);

  // Minutes into the story the last of the budget goes.
  const call = page.getByRole('heading', { level: 1 });
  await expect(call).toContainText(
    /% of the error budget is left\. At this burn it is gone|The error budget is overspent by [\d.]+%\./,
  );
  await expect(page.getByRole('region', { name: 'Budget policy' })).toContainText(/Freeze|Overspent/);

  const hero = page.getByRole('region', { name: 'Budget left' });
  await expect(hero.getByText('this hour, enlarged')).toBeVisible();
  await expect(hero.getByText(/events so far, [\d,]+ failed/)).toBeVisible();

  await expect(page.getByRole('table', { name: 'Burn rate per alert row' })).toContainText('Page');
  const causes = page.getByRole('table', { name: 'Cost of each cause in the budget' });
  await expect(causes.getByRole('row').nth(1)).toContainText(/INC-\d{4}-\d{4}-\d{3}/);
  await expect(causes).toContainText('Deploy v1.9.0');
  await expect(page.getByRole('group', { name: 'Queries' })).toContainText('hashinsight_requests_total');
});

test('a chart is read with the arrow keys, and as a table', async ({ page }) => {
  await page.keyboard.press('1');
  const hero = page.getByRole('region', { name: 'Budget left' });
  await expect(hero.getByText('this hour, enlarged')).toBeVisible();
  const plot = hero.getByRole('slider').first();
  await plot.focus();
  await page.keyboard.press('Home');
  await expect(plot).toHaveAttribute('aria-valuetext', /100(\.0)?%/);
  await page.keyboard.press('End');
  await expect(plot).not.toHaveAttribute('aria-valuetext', /100(\.0)?%/);
  await expect(hero.getByText('Point at the plot')).toHaveCount(0);

  await page.keyboard.press('.');
  await expect(hero.getByRole('table')).toBeVisible();
  await expect(hero.getByRole('button', { name: 'Show as table' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page).toHaveURL(/table=burn-down/);
  await page.keyboard.press('.');
  await expect(hero.getByText('this hour, enlarged')).toBeVisible();
});

test('the palette answers the question before the page opens', async ({ page }) => {
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or run a command' });
  await expect(field).toBeFocused();
  await page.keyboard.type('hash avail');
  await expect(page.getByRole('dialog')).toContainText(/of HashInsight’s availability budget is left/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveTitle(/HashInsight Availability/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the list is walked with J and K, opened with Enter, filtered with the slash', async ({ page }) => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/slos/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/SLOs? (is|are) (overspent|frozen)/);
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/row=/);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('hashinsight avail');
  await expect(page.getByRole('row', { name: /Availability/ })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(page.getByRole('row', { name: /Latency/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/slos\/.+/);
});

test('a commander lets releases pass for a while and takes that back; the definition stays with others', async ({
  page,
}) => {
  await page.keyboard.press('1');
  const policy = page.getByRole('region', { name: 'Budget policy' });
  await policy.getByRole('button', { name: 'Let releases pass' }).click();
  const sheet = page.getByRole('dialog', { name: 'Let releases pass' });
  await sheet.getByRole('button', { name: 'Let releases pass' }).click();
  await expect(sheet.getByLabel('Reason')).toHaveAccessibleDescription(/Say why/);
  await sheet.getByLabel('Reason').fill('The rollback itself');
  await sheet.getByRole('button', { name: 'Let releases pass' }).click();
  await expect(policy).toContainText('Releases may pass');
  await expect(policy).toContainText('The rollback itself');

  await policy.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('button', { name: 'Withdraw the decision' }).click();
  await expect(policy.getByText('The rollback itself')).toHaveCount(0);

  await page.getByRole('button', { name: 'Actions' }).click();
  await expect(page.getByRole('link', { name: 'Revisions' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Change or archive' })).toHaveCount(0);
});

test('every cause leads somewhere: its time on the plot, what it was, what it cost, and the way on', async ({
  page,
}) => {
  await page.keyboard.press('1');
  const causes = page.getByRole('table', { name: 'Cost of each cause in the budget' });
  await causes.getByRole('link', { name: 'Deploy v1.9.0' }).click();
  const deploy = page.getByRole('dialog', { name: 'Deploy v1.9.0' });
  await expect(deploy).toContainText('Request coalescing rollout');
  await expect(deploy).toContainText(/\d min, [\d.]+% of the budget, [\d,]+ bad events/);
  await expect(page).toHaveURL(/cause=deploy/);
  await expect(page.getByTestId('cause-shades').first()).toBeInViewport();
  await page.evaluate(() => window.scrollTo(0, 0));
  await expectAccessible(page);

  // The panel lies over the mouse's way to the next line, not over the keyboard's.
  await causes.getByRole('link', { name: 'Background errors' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Background errors' })).toContainText('Worst stretches');
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).not.toHaveURL(/cause=/);
});

test('a sign in the plot is reached and opened by keyboard, and gives the focus back', async ({ page }) => {
  await page.keyboard.press('1');
  const hero = page.getByRole('region', { name: 'Budget left' });
  const signs = hero.getByRole('toolbar').first();
  await signs.getByRole('link').last().focus();
  await page.keyboard.press('Home');
  const first = signs.getByRole('link').first();
  await expect(first).toBeFocused();
  await expect(first).toHaveAccessibleName(/Deploy v1\.9\.0/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Deploy v1.9.0' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(first).toBeFocused();
});

test('excluded time stands among the causes, raw and adjusted, and leads to its form', async ({ page }) => {
  const startsAt = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 48 * 3_600_000;
  const made = await rpc(page.request, stack, 'slo.exclusions.create', {
    platformId: 'hashinsight',
    sloId: null,
    category: 'maintenance',
    reason: 'Racks are moved',
    startsAt,
    durationMs: 3_600_000,
    rrule: null,
    timeZone: 'UTC',
  });
  expect(made.status(), await made.text()).toBe(200);
  await page.keyboard.press('1');
  const line = page.getByRole('row', { name: /Excluded: Racks are moved/ });
  await expect(line).toContainText(/Maintenance, 1 window; raw .* min/);
  await expect(line).toContainText('0 min');
  await line.getByRole('link').click();
  const drawer = page.getByRole('dialog', { name: 'Excluded: Racks are moved' });
  await expect(drawer).toContainText('it is left out of the budget');
  await drawer.getByRole('link', { name: 'Change the exclusion' }).click();
  await expect(page.getByRole('dialog', { name: 'Change the exclusion' }).getByLabel('Reason')).toHaveValue(
    'Racks are moved',
  );
});
