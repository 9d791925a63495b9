/**
 * The floors of the house: imports only go down, rooms have no doors between them, nothing reaches itself.
 * Run by scripts/check/floors.mjs, which also proves on a seeded tree that every rule here can fail.
 */
const S = '^apps/server/src';
const W = '^apps/web/src';
const TEST = '\\.test\\.tsx?$';
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    rule('no-circles', {}, { circular: true }, 'Nothing may reach itself, not even through types.'),
    rule('no-unresolved', {}, { couldNotResolve: true }, 'Every import leads somewhere.'),
    rule(
      'shared-is-ground',
      { path: '^packages/shared/src' },
      { path: '^(apps|e2e|bench)/' },
      'The ground floor knows no one above.',
    ),
    rule(
      'shared-does-no-io',
      { path: '^packages/shared/src', pathNot: TEST },
      { dependencyTypes: ['core'] },
      'No node built-ins: shared runs in the browser too.',
    ),
    rule(
      'shared-needs-only-zod',
      { path: '^packages/shared/src', pathNot: TEST },
      { path: 'node_modules/', pathNot: 'node_modules/zod/' },
      'Words and arithmetic need no library but the one that checks shapes.',
    ),
    rule(
      'db-below-platform',
      { path: `${S}/db/`, pathNot: TEST },
      { path: `${S}/(adapters|platform|features)/` },
      'The store knows neither the hall nor the other doors.',
    ),
    rule(
      'adapters-below-platform',
      { path: `${S}/adapters/`, pathNot: TEST },
      { path: `${S}/(db|platform|features)/` },
      'A door to the outside knows nothing of the house.',
    ),
    rule(
      'adapters-do-not-know-each-other',
      { path: `${S}/adapters/([^/]+)/` },
      { path: `${S}/adapters/`, pathNot: `${S}/adapters/$1/` },
      'Each adapter can be removed as one folder.',
    ),
    rule(
      'platform-below-features',
      { path: `${S}/platform/`, pathNot: TEST },
      { path: `${S}/features/` },
      'The hall does not know which rooms there are.',
    ),
    rule(
      'only-the-roof-picks-an-implementation',
      { path: `${S}/(platform|features)/`, pathNot: TEST },
      { path: `${S}/adapters/`, pathNot: '/port\\.ts$' },
      'Features and platform see what an adapter promises, never which one it is.',
    ),
    rule(
      'rooms-have-no-doors',
      { path: `${S}/features/([^/]+)/` },
      { path: `${S}/features/`, pathNot: `${S}/features/$1/` },
      'Features meet in the tables below or on the roof above.',
    ),
    rule(
      'nothing-below-imports-the-roof',
      { path: `${S}/(db|adapters|platform|features)/`, pathNot: TEST },
      { path: [`${S}/[^/]+\\.ts$`, `${S}/cli/`] },
      'What is mounted does not know who mounts it.',
    ),
    rule(
      'sql-lives-in-queries',
      { path: `${S}/features/`, pathNot: ['/queries\\.ts$', '/queries/', TEST] },
      { path: ['^apps/server/src/db/schema', 'node_modules/drizzle-orm/'] },
      'All SQL of a feature is in its queries.',
    ),
    rule(
      'queries-know-no-service',
      { path: `${S}/features/.*/queries` },
      { path: `${S}/features/.*/(service|router|jobs)` },
      'Queries never decide.',
    ),
    rule(
      'services-know-no-transport',
      { path: `${S}/features/.*/service` },
      { path: ['node_modules/@trpc/', `${S}/platform/trpc\\.ts`, 'node_modules/express/'] },
      'A verb works the same for the screen, the key and the job.',
    ),
    rule('server-never-sees-web', { path: S }, { path: '^apps/web/' }, 'The server does not know its screens.'),
    rule(
      'web-sees-one-type-of-server',
      { path: W },
      { path: '^apps/server/', pathNot: '^apps/server/src/app-router\\.ts$' },
      'The router type is the only thing the web may see.',
    ),
    rule(
      'web-sees-it-as-a-type-only',
      { path: W },
      { path: '^apps/server/', dependencyTypesNot: ['type-only'] },
      'No server code in the browser.',
    ),
    rule(
      'web-ui-is-plain',
      { path: `${W}/ui/` },
      { path: [`${W}/(lib|features|app)/`, '^packages/shared'] },
      'Parts of the screen hold no domain word.',
    ),
    rule(
      'web-lib-below-features',
      { path: `${W}/lib/`, pathNot: TEST },
      { path: `${W}/(features|app)/` },
      'The hall does not know which rooms there are.',
    ),
    rule(
      'web-rooms-have-no-doors',
      { path: `${W}/features/([^/]+)/` },
      { path: `${W}/(features|app)/`, pathNot: `${W}/features/$1/` },
      'A screen that joins features belongs to app.',
    ),
    rule(
      'journeys-see-only-the-browser',
      { path: '^e2e/journeys/' },
      { path: '^(apps|packages|bench)/' },
      'A journey knows what a person knows.',
    ),
    rule(
      'product-knows-no-tests',
      { path: '^(apps|packages)/[^/]+/src/', pathNot: TEST },
      { path: ['^(e2e|bench)/', '^apps/[^/]+/test/', TEST] },
      'What ships does not import what proves it.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|drizzle)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
