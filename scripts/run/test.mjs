/** Everything that proves the product, one stage after the other; a stage that fails does not stop the next. */
import { rmSync, writeFileSync } from 'node:fs';
import { runChecks } from './check.mjs';
import { findChromium, onPath } from './chromium.mjs';
import { Refusal, elapsed, say } from './console.mjs';
import { at, root } from './places.mjs';
import { run, stopping } from './processes.mjs';
import { countedStep, newTally, resultsFolder, testStage, vitestStage, words } from './steps.mjs';

/** `npm test`: resolves to the exit code. Leaves the numbers of each stage in test-results/summary.json. */
export async function test(runtime) {
  const startMs = Date.now();
  const tally = newTally();
  const ctx = { ...runtime, tally };
  rmSync(resultsFolder, { recursive: true, force: true });

  const built = await runChecks(ctx);
  const stores = await probeStores(ctx);
  await embedded(ctx);
  await real(ctx, stores);
  await contracts(ctx, stores);
  if (built) await journeys(ctx, stores);
  else tally.add('journeys', { passed: 0, failed: 1 });

  const missing = absent(stores);
  writeFileSync(
    `${resultsFolder}/summary.json`,
    JSON.stringify({ ...tally.total, stages: tally.stages, missing }, null, 2),
  );
  if (missing.length > 0) say(`Not proved here: ${missing.join('; ')}`);
  if (tally.total.failed > 0) say(`Failed: ${tally.failures().join(', ')}`);
  say(`Tested in ${elapsed(startMs)}`);
  say(words(tally.total));
  return tally.total.failed === 0 && !stopping() ? 0 : 1;
}

/** What answers on this machine. A store that was named and does not answer is a failure, and counts as absent. */
async function probeStores({ tally, node, env }) {
  const { code, output } = await run(node, [at('scripts/run/probe-stores.mjs')], { cwd: root, env, quiet: true });
  const prometheus = onPath(env, 'prometheus');
  if (code !== 0) {
    await countedStep({ tally }, 'stores', () => Promise.reject(new Refusal(output.trim())));
    return { database: null, redis: null, prometheus };
  }
  const stores = { ...JSON.parse(output), prometheus };
  const told = (name, found) => `${name} ${found ? found.version : 'does not answer'}`;
  say(
    `  real: ${told('Postgres', stores.database)}, ${told('Redis', stores.redis)}, Prometheus ${prometheus ?? 'absent'}`,
  );
  return stores;
}

function absent({ database, redis, prometheus }) {
  return [
    database ? null : 'Postgres does not answer (start one or set TEST_DATABASE_URL)',
    redis ? null : 'Redis does not answer (start one or set TEST_REDIS_URL)',
    prometheus ? null : 'no prometheus program on PATH',
  ].filter(Boolean);
}

/** Environment of the tests that may talk to real services. */
function storesEnv(env, { database, redis, prometheus }) {
  return {
    ...env,
    ...(database && { TEST_DATABASE_URL: database.url }),
    ...(redis && { TEST_REDIS_URL: redis.url }),
    ...(prometheus && { PROMETHEUS_BIN: prometheus }),
  };
}

async function embedded(ctx) {
  const { TEST_DATABASE_URL: _database, TEST_REDIS_URL: _redis, ...env } = ctx.env;
  await vitestStage({ ...ctx, env: { ...env, QD_TEST_STORES: 'embedded' } }, 'int-embedded', ['int-embedded']);
}

/** The same files on real stores. Where these do not answer, as many tests as ran embedded count as left out. */
async function real(ctx, stores) {
  if (!stores.database || !stores.redis) {
    const { passed = 0, failed = 0 } = ctx.tally.stages['int-embedded'] ?? {};
    ctx.tally.leaveOut('int-real', passed + failed);
    return;
  }
  const env = { ...storesEnv(ctx.env, stores), QD_TEST_STORES: 'real' };
  await vitestStage({ ...ctx, env }, 'int-real', ['int-real']);
}

async function contracts(ctx, stores) {
  await vitestStage({ ...ctx, env: storesEnv(ctx.env, stores) }, 'contract', ['contract']);
}

async function journeys(ctx, stores) {
  let chromium;
  const found = await countedStep(ctx, 'browser', async () => {
    chromium = await findChromium(ctx);
    return chromium;
  });
  if (!found) return;
  const report = `${resultsFolder}/journeys.json`;
  await testStage(
    {
      ...ctx,
      env: { ...storesEnv(ctx.env, stores), PLAYWRIGHT_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    },
    {
      name: 'journeys',
      report,
      command: at('e2e/node_modules/.bin/playwright'),
      args: [
        'test',
        '--config',
        at('e2e/playwright.config.ts'),
        '--reporter=list,json',
        '--output',
        `${resultsFolder}/browser`,
      ],
    },
  );
}
