import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

/** What hurts in containers and what a test never needs: a sandbox, a GPU, calls home. */
const launchArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const chromium = process.env['PLAYWRIGHT_CHROMIUM'];
const hasRealStores = Boolean(process.env['TEST_DATABASE_URL']) || process.env['QD_TEST_STORES'] === 'real';

/** Journeys around a shop that a real Prometheus watches; the test command says so where there is none. */
const aroundTheShop = /(admin-steers-slo|operator-slo-by-command-line)\.spec\.ts$/;
const withoutPrometheus = process.env['PROMETHEUS_BIN'] ? [] : [aroundTheShop];

/** Folder of this run, known to every worker through the environment it inherits. */
process.env['QD_E2E_HOME'] ??= path.join(tmpdir(), `qd-e2e-${process.pid}`);

/** Journeys on one kind of store: a console with the demo is prepared once, each file works on a copy of its own. */
const onStores = (stores: 'embedded' | 'real') => [
  { name: `prepare-${stores}`, testMatch: 'prepare.setup.ts', teardown: `clear-${stores}` },
  { name: `clear-${stores}`, testMatch: 'prepare.teardown.ts' },
];

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/browser',
  workers: 2,
  // Limits are for what hangs: how long something takes is for the benches to say.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Lisbon',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: { args: launchArgs, ...(chromium && { executablePath: chromium }) },
  },
  projects: [
    ...onStores('embedded'),
    {
      name: 'embedded',
      testDir: 'journeys',
      // Embedded stores live and die with their console.
      testIgnore: [/(store-outage|keys-across-replicas)\.spec\.ts$/, ...withoutPrometheus],
      dependencies: ['prepare-embedded'],
    },
    ...(hasRealStores
      ? [
          ...onStores('real'),
          {
            name: 'real',
            testDir: 'journeys',
            // The look of a page does not depend on the store behind it.
            testIgnore: [/(accessibility|console|screens|slo-widths-by-state)\.spec\.ts$/, ...withoutPrometheus],
            dependencies: ['prepare-real'],
            // All consoles of a Redis hear each other.
            workers: 1,
          },
        ]
      : []),
  ],
});
