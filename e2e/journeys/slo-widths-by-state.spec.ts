import { expect, test } from '@playwright/test';
import { resume } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const MINUTE_MS = 60_000;

/** Minutes the demo's outage goes on for, seen this often: firing, not known, recovering, frozen, overspent. */
const LASTS_MINUTES = 75;
const STEP_MINUTES = 5;

test('an SLO stays within the screen in every state an outage takes it through', async ({ page }) => {
  test.setTimeout(360_000);
  await resume(page, stack, 'commander');
  const alerts = page.getByRole('table', { name: 'Burn rate per alert row' });
  const states = new Set<string>();
  for (let minutes = 0; minutes <= LASTS_MINUTES; minutes += STEP_MINUTES) {
    if (minutes > 0) await stack.advanceClock(STEP_MINUTES * MINUTE_MS);
    await page.setViewportSize({ width: 1_920, height: 844 });
    await page.goto(`${stack.url}/slos/slo_demo_hashinsight_availability`);
    for (const word of await alerts.locator('tbody tr td:last-child span[title]').allTextContents()) states.add(word);
    await expect(page.locator('.recharts-surface, canvas, svg[role]').first()).toBeVisible();
    for (const width of [1_920, 1_280, 1_024, 768, 390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      const overhang = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await expect.poll(overhang, `${minutes} min in, at ${width}`).toBeLessThanOrEqual(0);
    }
  }
  expect([...states].sort()).toEqual(expect.arrayContaining(['Recovering']));
  await expect(page.getByText('Overspent').first()).toBeVisible();
});
