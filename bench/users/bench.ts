import { can, rolePermissions, type GrantScope } from '@qd/shared/permissions';
import { directoryListInput } from '@qd/shared/users';
import { authorize } from '../../apps/server/src/features/users/service/directory/authorize.ts';
import { countPeople, listPeople } from '../../apps/server/src/features/users/service/directory/list.ts';
import type { Ctx } from '../../apps/server/src/platform/context.ts';
import { benchCtx } from '../console/context.ts';
import { embeddedStore, postgresStore, type Store } from '../console/stores.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { notMeasured, quantity, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { fillDirectory, nameAt } from './people.ts';
import { searches } from './searches.ts';

const PEOPLE = { default: 100_000, full: 100_000, small: 5_000 } as const;
const RUNS = { default: 40, full: 100, small: 10 } as const;
const WARM_UP = 5;
/** Of a page found in Postgres; the embedded store has no trigrams everywhere and one connection. */
const SEARCH_LIMIT_MS = 50;
const CHECKS = 2_000_000;
/** Marks searches of somebody who sees two people in five. */
const HERE = 'on one platform';
const COUNTS = 'the counts above the list';

/** Finding people among 100,000, what a permission check costs, and what a platform waits for its answer. */
export async function usersBench(stage: Stage): Promise<Report> {
  const people = PEOPLE[stage.options.size];
  const postgres = await postgresStore();
  const rows: Row[] = [];
  const figures: Record<string, unknown> = {};
  if (postgres === null) rows.push(notMeasured('search in Postgres', 'no Postgres answers'));
  for (const store of [postgres, await embeddedStore(stage.scratch)]) {
    if (store === null) continue;
    stage.onEnd(() => store.drop());
    stage.say(`Filling a directory of ${people} people (${store.kind})`);
    const measured = await measureStore(store, { people, runs: RUNS[stage.options.size] });
    figures[store.kind] = measured;
    rows.push(...rowsOf(store, measured));
  }
  const checkNs = checkCostNs();
  rows.push(within('permission check of a session, in the process', checkNs, 'ns'));
  return {
    bench: 'users',
    title: `Directory of ${people.toLocaleString('en-US')} people`,
    measured: [
      'A page of 50 rows with roles, accounts and ways of signing in, as the screen asks for it; every run looks for somebody else.',
      'Readers may see everybody, or the two in five of one platform. One in fifty has a role of the console, four in five an account on a platform.',
    ],
    rows,
    figures: { ...figures, checkNs },
  };
}

type Measured = Record<string, Spread>;

async function measureStore(store: Store, of: { people: number; runs: number }): Promise<Measured> {
  const handle = await store.open();
  try {
    const ctx = readerOf(await benchCtx(handle.db));
    await fillDirectory(handle.db, of.people, ctx.now());
    if (store.kind === 'postgres') await store.analyze();
    else await handle.tidy();
    const found: Measured = {};
    const at = (i: number): number => 1 + ((i * 7_919) % of.people);
    for (const { what, input } of searches) {
      found[what] = await timed(of.runs, (i) => listPeople(ctx, directoryListInput.parse(input(at(i)))));
    }
    const local = readerOf(ctx, 'hashinsight');
    for (const { what, input } of searches) {
      found[`${what}, ${HERE}`] = await timed(of.runs, (i) =>
        listPeople(local, directoryListInput.parse(input(at(i)))),
      );
    }
    found[COUNTS] = await timed(of.runs, () => countPeople(ctx));
    found[`${COUNTS}, ${HERE}`] = await timed(of.runs, () => countPeople(local));
    found['authorize'] = await timed(of.runs, (i) =>
      authorize(ctx, { user: nameAt(at(i)).email, permission: 'miners:read', platform: 'hashinsight' }),
    );
    return found;
  } finally {
    await handle.close();
  }
}

/** Somebody who may see everybody, or who belongs to a platform, and a machine that may ask. */
function readerOf(ctx: Ctx, platform = '*'): Ctx {
  const grants: GrantScope[] = [{ platform, permissions: [...rolePermissions.support, 'users:authorize'] }];
  return { ...ctx, actor: { ...ctx.actor, kind: 'user', id: 'usr_bench', grants } };
}

async function timed(runs: number, call: (i: number) => Promise<unknown>): Promise<Spread> {
  const times: number[] = [];
  for (let i = -WARM_UP; i < runs; i += 1) {
    const startedMs = performance.now();
    await call(i + WARM_UP);
    if (i >= 0) times.push(performance.now() - startedMs);
  }
  return spreadOf(times);
}

function rowsOf(store: Store, measured: Measured): Row[] {
  const isHeld = store.kind === 'postgres';
  const isSearch = (what: string): boolean =>
    what === COUNTS || searches.some((search) => what.startsWith(search.what));
  return Object.entries(measured).map(([what, { p50, p95 }]) => ({
    ...within(`${what}, p95 (${store.kind})`, p95, 'ms', isHeld && isSearch(what) ? SEARCH_LIMIT_MS : undefined),
    peer: `p50 ${quantity(p50, 'ms')}`,
  }));
}

/** Nanoseconds of one question whether somebody with two roles may do something on a platform. */
function checkCostNs(): number {
  const grants: GrantScope[] = [
    { platform: 'hashinsight', permissions: rolePermissions.support },
    { platform: 'web3audit', permissions: rolePermissions.auditor },
  ];
  let allowed = 0;
  const startedMs = performance.now();
  for (let i = 0; i < CHECKS; i += 1) {
    if (can(grants, i % 2 === 0 ? 'users:assign' : 'audit:read', i % 3 === 0 ? 'web3audit' : 'hashinsight'))
      allowed += 1;
  }
  const elapsedMs = performance.now() - startedMs;
  if (allowed === 0) throw new Error('no check passed: the permissions of the bench are gone');
  return (elapsedMs * 1e6) / CHECKS;
}
