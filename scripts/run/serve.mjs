/** The long-running verbs: the built console, the console under change, and its command line. */
import { existsSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { say } from './console.mjs';
import { at, root } from './places.mjs';
import { endChildren, run } from './processes.mjs';

const followParent = ['--import', at('scripts/run/follow-parent.mjs')];
/** Variables of the real environment win over the file's. */
const ownEnvironment = existsSync(at('.env')) ? [`--env-file=${at('.env')}`] : [];

/** The young generation and the allocator's arenas are most of an idle console's memory, and it is fast without them. */
const small = { args: ['--max-semi-space-size=8'], env: { MALLOC_ARENA_MAX: '2' } };

/** Builds what is stale and serves it. Resolves to the server's exit code. */
export async function start({ node, env }) {
  await ensureBuilt({ env });
  const { code } = await run(
    node,
    [...small.args, ...followParent, ...ownEnvironment, at('apps/server/dist/main.js')],
    {
      cwd: root,
      env: { NODE_ENV: 'production', ...small.env, ...env },
    },
  );
  return code;
}

/** Server restarted on every change, web served by Vite with requests passed on to it. One ends, both end. */
export async function dev({ node, env }) {
  const port = env.PORT ?? '5080';
  const webPort = env.QD_WEB_PORT ?? '5173';
  say(`Server at http://localhost:${port}, web with hot reload at http://localhost:${webPort}`);
  const server = ['--watch-path=apps/server/src', '--watch-path=packages/shared/src', '--watch-preserve-output'];
  const ends = [
    run(node, [...followParent, ...ownEnvironment, ...server, 'apps/server/src/main.ts'], {
      cwd: root,
      env: { ...env, PORT: port },
    }),
    run(at('apps/web/node_modules/.bin/vite'), ['--port', webPort, '--strictPort'], {
      cwd: at('apps/web'),
      env: { ...env, QD_SERVER_URL: `http://127.0.0.1:${port}` },
    }),
  ];
  const { code } = await Promise.race(ends);
  endChildren('SIGTERM');
  await Promise.all(ends);
  return code;
}

/** `qd`, with the arguments as given and the terminal as its own. */
export async function qd({ node, env }, args) {
  await ensureBuilt({ env }, ['server']);
  const { code } = await run(node, [...ownEnvironment, at('apps/server/dist/qd.js'), ...args], {
    cwd: root,
    env,
    terminal: true,
  });
  return code;
}
