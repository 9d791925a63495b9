import { defineConfig } from 'vitest/config';

const never = ['**/node_modules/**', '**/dist/**', 'e2e/**'];
const integration = ['**/*.int.test.ts'];
const contract = ['**/*.contract.test.ts'];

/** Settings of every project that talks to stores: slow to start, one database per file. */
const withStores = { testTimeout: 180_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    // Each embedded database takes about 400 MB, and the smallest machine has two cores.
    maxWorkers: 2,
    // A stopwatch for tests that hang, not for slow machines.
    testTimeout: 60_000,
    setupFiles: ['apps/server/test/property-seed.ts'],
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['packages/**/*.test.ts', 'apps/server/**/*.test.ts', 'scripts/**/*.test.mjs', 'bench/**/*.test.ts'],
          exclude: [...never, ...integration, ...contract],
        },
      },
      {
        extends: true,
        test: {
          name: 'unit-web',
          environment: 'jsdom',
          include: ['apps/web/**/*.test.ts', 'apps/web/**/*.test.tsx'],
          exclude: [...never, ...integration, ...contract],
          setupFiles: ['apps/web/test/setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          ...withStores,
          name: 'int-embedded',
          include: integration,
          exclude: never,
          env: { QD_TEST_STORES: 'embedded' },
        },
      },
      {
        extends: true,
        test: {
          ...withStores,
          name: 'int-real',
          include: integration,
          exclude: never,
          env: { QD_TEST_STORES: 'real' },
        },
      },
      {
        extends: true,
        test: { ...withStores, name: 'contract', include: contract, exclude: never },
      },
    ],
  },
});
