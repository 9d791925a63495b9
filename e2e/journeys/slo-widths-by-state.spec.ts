import { expect, test } from '@playwright/test';
import { resume } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';
import { expectWithin, resize } from '../fixtures/widths.ts';

const stack = ownStack();
const MINUTE_MS = 60_000;

/** The demo's outage is watched until it has overspent the budget. */
const LASTS_MINUTES = 75;
const STEP_MINUTES = 5;

test('an SLO stays within the screen in every state an outage takes it through', async ({ page }) => {
  test.setTimeout(360_000);
  await resume(page, stack, 'commander');
  const alerts = page.getByRole('table', { name: 'Burn rate per alert row' });
  const states = new Set<string>();
  for (let minutes = 0; minutes <= LASTS_MINUTES; minutes += STEP_MINUTES) {
    if (minutes > 0) await stack.advanceClock(STEP_MINUTES * MINUTE_MS);
    await resize(page, 1_920);
    await page.goto(`${stack.url}/slos/slo_demo_hashinsight_availability`);
    await expect(alerts).toBeVisible();
    for (const word of await alerts.locator('tbody tr td:last-child > span').allTextContents()) states.add(word);
    await expectWithin(page, `${minutes} min in`);
  }
  expect(states.size, [...states].join()).toBeGreaterThan(2);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('overspent');
});
