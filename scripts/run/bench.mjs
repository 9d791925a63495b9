/** `npm run bench [-- NAME]`: the benchmarks on the built server, alone on the machine. */
import { ensureBuilt } from './build.mjs';
import { at, root } from './places.mjs';
import { run } from './processes.mjs';

/** Resolves to the exit code of bench/run.ts, which gets the arguments as given. */
export async function bench({ node, env }, args) {
  await ensureBuilt({ env });
  const { code } = await run(node, [at('bench/run.ts'), ...args], { cwd: root, env });
  return code;
}
