#!/usr/bin/env node
/**
 * One door to everything: `npm start`, `npm test`, `npm run dev|check|bench|qd`. Plain Node 18 or newer and nothing
 * installed; what follows runs on the Node that the packages bring.
 */
import { Refusal, keepStdoutClean, say } from './run/console.mjs';
import { ensureInstalled } from './run/install.mjs';
import { stopping, superviseChildren } from './run/processes.mjs';
import { refuseOldNode, runtime } from './run/runtime.mjs';

const verbs = {
  start: async (at) => (await import('./run/serve.mjs')).start(at),
  dev: async (at) => (await import('./run/serve.mjs')).dev(at),
  qd: async (at, args) => (await import('./run/serve.mjs')).qd(at, args),
  check: async (at) => (await import('./run/check.mjs')).check(at),
  test: async (at) => (await import('./run/test.mjs')).test(at),
  bench: async (at, args) => (await import('./run/bench.mjs')).bench(at, args),
};

async function main([verb, ...args]) {
  if (!Object.hasOwn(verbs, verb ?? '')) throw new Refusal(`Say one of: ${Object.keys(verbs).join(', ')}.`);
  if (verb === 'qd') keepStdoutClean();
  refuseOldNode();
  superviseChildren();
  await ensureInstalled();
  return verbs[verb](runtime(), args);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!stopping()) say(error instanceof Refusal ? error.message : error.stack);
  process.exit(1);
}
