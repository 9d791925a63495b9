import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/axe.ts';
import { watchConsole } from '../fixtures/console-faults.ts';
import type { Screen } from '../fixtures/screen.ts';
import { screens } from '../fixtures/screens.ts';
import { resume } from '../fixtures/sign-in.ts';
import { ownStack } from '../fixtures/stack.ts';
import { expectWithin, resize } from '../fixtures/widths.ts';

const stack = ownStack();

/** The browser prints a refused request itself; these screens are about one, answered with this status. */
const refusals = new Map([
  ['slo-not-found', 404],
  ['proof', 401],
  ['key-claim-over', 412],
]);

async function open(page: Page, screen: Screen, width: number): Promise<void> {
  await resize(page, width);
  await page.goto(`${stack.url}${screen.path}`);
  await screen.ready(page);
}

/** WCAG 2.2 AA in both themes. */
async function expectAccessibleInBoth(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await test.step(colorScheme, async () => {
      await page.emulateMedia({ colorScheme });
      await resize(page, page.viewportSize()?.width ?? 0);
      await expectAccessible(page);
    });
  }
}

test.use({ contextOptions: { reducedMotion: 'reduce' } });

for (const screen of screens) {
  test(`${screen.name} is accessible in both themes, fits every width and leaves the console empty`, async ({
    page,
  }) => {
    const faults = watchConsole(page, stack);
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    if (screen.as !== null) await resume(page, stack, screen.as);

    await open(page, screen, 1_920);
    await expectWithin(page, 'made narrower', [1_920, 1_280]);
    await expectAccessibleInBoth(page);
    await expectWithin(page, 'made narrower', [1_024, 768, 390, 320]);

    await open(page, screen, 390);
    await expectWithin(page, 'opened on a phone', [390]);
    await expectAccessibleInBoth(page);

    const status = refusals.get(screen.name);
    expect(faults.filter((fault) => status === undefined || !fault.includes(`status of ${status}`))).toEqual([]);
  });
}
