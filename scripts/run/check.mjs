/** Everything that can be known without a store or a browser, in under a minute. */
import { ensureBuilt } from './build.mjs';
import { elapsed, say } from './console.mjs';
import { at } from './places.mjs';
import { countedStep, newTally, quietStep, vitestStage, words } from './steps.mjs';

/** `npm run check`: resolves to the exit code. */
export async function check(runtime) {
  const startMs = Date.now();
  const tally = newTally();
  await runChecks({ ...runtime, tally });
  if (tally.total.failed > 0) say(`Failed: ${tally.failures().join(', ')}`);
  say(`Checked in ${elapsed(startMs)}`);
  say(words(tally.total));
  return tally.total.failed === 0 ? 0 : 1;
}

/** The steps of `npm run check`, added to `ctx.tally`. Resolves to whether both bundles could be built. */
export async function runChecks(ctx) {
  const tool = (name, command, ...args) => ({ name, command: at('node_modules/.bin', command), args });
  const script = (name, ...parts) => ({ name, command: ctx.node, args: [at('scripts', ...parts)] });
  const reads = [
    tool('format', 'oxfmt', '--list-different'),
    tool('lint', 'oxlint', '--type-aware', '--deny-warnings', '--format=unix'),
    tool('types', 'tsc', '-b'),
    script('floors', 'check', 'floors.mjs'),
    script('names', 'check', 'names.mjs'),
    script('escapes', 'check', 'escapes.mjs'),
    tool('unused', 'knip'),
  ];
  for (const one of reads) await quietStep(ctx, one);
  const built = await countedStep(ctx, 'build', () => ensureBuilt(ctx));
  if (built) {
    await quietStep(ctx, script('budget', 'budget.mjs'));
    await quietStep(ctx, script('bundle', 'check', 'bundle.mjs'));
  }
  await vitestStage(ctx, 'unit', ['unit', 'unit-web']);
  return built;
}
