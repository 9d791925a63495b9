/** A small tree that breaks every floor rule once, to prove that the check can fail. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const S = 'apps/server/src';
const W = 'apps/web/src';
const up = (steps) => '../'.repeat(steps);
const value = (target) => `import { x } from '${target}';\nexport const y = x;\n`;
const leaf = 'export const x = 1;\n';

/** File → text. Each breach is written as its author might: a plain import that would run. */
const files = {
  'package.json': '{ "name": "seeded", "private": true, "type": "module", "dependencies": { "drizzle-orm": "1" } }\n',
  'node_modules/drizzle-orm/package.json': '{ "name": "drizzle-orm", "version": "1.0.0", "main": "index.js" }\n',
  'node_modules/drizzle-orm/index.js': 'export const x = 1;\n',
  'node_modules/express/package.json': '{ "name": "express", "version": "1.0.0", "main": "index.js" }\n',
  'node_modules/express/index.js': 'export const x = 1;\n',

  // no-circles, through types alone
  'packages/shared/src/slo/a.ts': "import type { B } from './b.ts';\nexport type A = B | null;\n",
  'packages/shared/src/slo/b.ts': "import type { A } from './a.ts';\nexport type B = A | 1;\n",
  // no-unresolved
  'packages/shared/src/slo/lost.ts': value('./nowhere.ts'),
  // shared-is-ground, shared-does-no-io, shared-needs-only-zod
  'packages/shared/src/slo/climbs.ts': value(`${up(4)}${S}/db/client.ts`),
  'packages/shared/src/slo/reads.ts': "import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n",
  'packages/shared/src/slo/leans.ts': value('drizzle-orm'),
  'packages/shared/src/slo/word.ts': leaf,

  [`${S}/db/client.ts`]: leaf,
  [`${S}/db/schema/slo.ts`]: leaf,
  [`${S}/db/climbs.ts`]: value('../platform/hall.ts'),
  [`${S}/adapters/kv/port.ts`]: leaf,
  [`${S}/adapters/kv/redis.ts`]: leaf,
  [`${S}/adapters/kv/climbs.ts`]: value('../../db/client.ts'),
  [`${S}/adapters/metrics/sideways.ts`]: value('../kv/port.ts'),
  [`${S}/platform/hall.ts`]: leaf,
  [`${S}/platform/climbs.ts`]: value('../features/slo/service.ts'),
  [`${S}/platform/picks.ts`]: value('../adapters/kv/redis.ts'),
  [`${S}/features/slo/service.ts`]: leaf,
  [`${S}/features/slo/router.ts`]: leaf,
  [`${S}/features/audit/sideways.ts`]: value('../slo/service.ts'),
  [`${S}/container.ts`]: leaf,
  [`${S}/features/audit/climbs.ts`]: value('../../container.ts'),
  [`${S}/features/audit/router.ts`]: value('../../db/schema/slo.ts'),
  [`${S}/features/slo/queries.ts`]: value('./router.ts'),
  [`${S}/features/audit/service.ts`]: value('express'),
  [`${S}/features/audit/screen.ts`]: value(`${up(5)}${W}/lib/format.ts`),

  [`${S}/app-router.ts`]: leaf,
  [`${W}/lib/format.ts`]: leaf,
  [`${W}/lib/deep.ts`]: `import type { x } from '${up(4)}${S}/container.ts';\nexport type Y = typeof x;\n`,
  [`${W}/lib/runs.ts`]: value(`${up(4)}${S}/app-router.ts`),
  [`${W}/lib/climbs.ts`]: value('../features/slo/page.ts'),
  [`${W}/ui/wordy.ts`]: value('../lib/format.ts'),
  [`${W}/features/slo/page.ts`]: leaf,
  [`${W}/features/audit/sideways.ts`]: value('../slo/page.ts'),

  'e2e/journeys/peeks.spec.ts': value(`${up(2)}packages/shared/src/slo/word.ts`),
  'bench/run.ts': leaf,
  [`${S}/features/audit/cheats.ts`]: value(`${up(5)}bench/run.ts`),
};

/** Writes the tree below a folder. */
export function seedBreaches(folder) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
