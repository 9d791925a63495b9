import { expect, test, type Locator, type Page } from '@playwright/test';
import type { Screen } from '../fixtures/screen.ts';
import { screens } from '../fixtures/screens.ts';
import { resume } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();

async function open(page: Page, screen: Screen, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width < 900 ? 844 : 800 });
  await page.goto(`${stack.url}${screen.path}`);
  await screen.ready(page);
}

/** What has the focus, and whether somebody can see that it has. */
function focusSeen(): { name: string; seen: boolean; covered: boolean } | null {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + box.height / 2);
  const name = `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)}`;
  return {
    name,
    seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    covered: top === null || !(element.contains(top) || top.contains(element)),
  };
}

for (const name of ['sign-in', 'overview', 'slos', 'slo', 'slo-new', 'audit']) {
  const screen = screens.find((candidate) => candidate.name === name);
  for (const width of [1_280, 390]) {
    test(`${name} shows where the keyboard is at ${width}`, async ({ page }) => {
      if (screen === undefined) throw new Error(`there is no screen ${name}`);
      if (screen.as !== null) await resume(page, stack, screen.as);
      await open(page, screen, width);
      const stops: string[] = [];
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(focusSeen);
        if (focus === null) break;
        stops.push(focus.name);
        expect(focus, focus.name).toMatchObject({ seen: true, covered: false });
      }
      expect(stops.length).toBeGreaterThan(3);
    });
  }
}

/** Presses Tab until the wanted element has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${wanted.toString()} was not reached with Tab`);
}

test('an SLO is defined from the list to its first figures without a mouse', async ({ page }) => {
  await resume(page, stack, 'owner');
  await page.goto(`${stack.url}/slos`);
  await tabTo(page, page.getByRole('link', { name: 'New SLO' }));
  await page.keyboard.press('Enter');
  const form = page.getByRole('form', { name: 'Definition' });
  const platform = form.getByLabel('Platform', { exact: true });
  await tabTo(page, platform);
  await page.keyboard.type('Quarter');
  await expect(platform).toHaveValue('quarterdeck');
  const answers = [
    ['Bad events', 'quarterdeck_requests_total{status="503"}'],
    ['All events', 'quarterdeck_requests_total'],
    ['Target, percent', '99.5'],
    ['Name', 'Own answers'],
  ] as const;
  for (const [label, answer] of answers) {
    await tabTo(page, form.getByLabel(label, { exact: true }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(answer);
  }
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/slos\/slo_quarterdeck_own-answers/);
  await expect(page).toHaveTitle(/Own answers/);
});
