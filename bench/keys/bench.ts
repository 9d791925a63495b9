import { benchCtx } from '../console/context.ts';
import { embeddedStore, postgresStore, type Store } from '../console/stores.ts';
import { ratesWithin } from '../measure/rates.ts';
import { holds, notMeasured, quantity, versus, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { openOurs } from './ours.ts';
import { openPeer } from './peer.ts';
import { revocationLatencies } from './revocation.ts';
import { scanHold, type ScanHold } from './scan.ts';
import { writesPerCall } from './writes.ts';

const KEYS = 200;
const ROUND_MS = { default: 1_000, full: 3_000, small: 500 } as const;
const COUNTED_CALLS = 300;
const ROUNDS = { default: 5, full: 9, small: 3 } as const;
const REVOCATIONS = { default: 200, full: 1_000, small: 100 } as const;
const CALLERS = [1, 16] as const;
const AT_LEAST = 10;
/** A verification is to be answered within this time, whoever searches for keys meanwhile. */
const HELD_WITHIN_MS = 250;
const REVOKED_WITHIN_MS = { up: 250, down: 30_000 };

/** How many keys a second are verified, against better-auth's plugin; what that writes; and how soon a revoked key is refused. */
export async function keysBench(stage: Stage): Promise<Report> {
  const postgres = await postgresStore();
  const rows: Row[] = [];
  const figures: Record<string, unknown> = {};
  if (postgres === null) rows.push(notMeasured('verification of keys in Postgres', 'no Postgres answers'));
  for (const store of [postgres, await embeddedStore(stage.scratch)]) {
    if (store === null) continue;
    stage.onEnd(() => store.drop());
    stage.say(`Verifying keys (${store.kind})`);
    const measured = await measureStore(store, stage);
    figures[store.kind] = measured;
    rows.push(...rowsOf(store, measured));
  }
  rows.push(...(await revocationRows(postgres, stage, figures)));
  return {
    bench: 'keys',
    title: 'Verification of API keys against better-auth',
    measured: [
      `${KEYS} keys in turn, each with two scopes and a limit that is never reached, in the same database, over the same driver and pool, in one process.`,
      'Ours: state, owner, platform, environment, address, limit and scope, with the use counted. Uncached: memory bypassed, one statement for calls that come together; cached: as a running console does.',
      '@better-auth/api-key 1.7.5 on better-auth 1.7.25: auth.api.verifyApiKey with a permission, over the Drizzle adapter, without secondary storage.',
      'Rows written are those the database counts. Revocation: two replicas with pools and buses of their own, from the commit until the other one refuses; then with its way to Redis cut.',
      'Search for leaked keys: 5 MB of damaged keys with 60 prefixes in use; the longest time the thread answered nobody, beside a search in one go.',
    ],
    rows,
    figures,
  };
}

interface Measured {
  rates: { callers: number; ours: number; cached: number; peer: number }[];
  writes: { ours: number; peer: number };
  scan: ScanHold;
}

async function measureStore(store: Store, stage: Stage): Promise<Measured> {
  const handle = await store.open();
  try {
    const ctx = await benchCtx(handle.db);
    const peer = await openPeer(handle.db, KEYS);
    const ours = await openOurs(ctx, handle.db, { keys: KEYS, remember: false });
    const cached = await openOurs(ctx, handle.db, { keys: KEYS, remember: true });
    if (store.kind === 'postgres') await store.analyze();
    else await handle.tidy();
    const rates: Measured['rates'] = [];
    for (const callers of CALLERS) {
      const how = { callers, roundMs: ROUND_MS[stage.options.size], rounds: ROUNDS[stage.options.size] };
      rates.push({ callers, ...(await ratesWithin({ ours, cached, peer }, how)) });
    }
    const calls = COUNTED_CALLS;
    const writes = { ours: await writesPerCall(handle, ours, calls), peer: await writesPerCall(handle, peer, calls) };
    return { rates, writes, scan: await scanHold(handle.db, ctx.now()) };
  } finally {
    await handle.close();
  }
}

function rowsOf({ kind }: Store, { rates, writes, scan }: Measured): Row[] {
  const who = (callers: number) => (callers === 1 ? '1 caller' : `${callers} callers`);
  const row = (what: string, ours: number, peer: number, times?: number) =>
    versus({ what: `key verified, ${kind}, ${what}`, ours, peer, unit: '/s', moreIsBetter: true }, times);
  return [
    ...rates.flatMap(({ callers, ours, cached, peer }) => [
      row(`uncached, ${who(callers)}`, ours, peer, AT_LEAST),
      row(`cached, ${who(callers)}`, cached, peer),
    ]),
    {
      ...holds(`rows written per verification, ${kind}`, quantity(writes.ours, ''), '0', writes.ours === 0),
      peer: quantity(writes.peer, ''),
    },
    {
      ...within(`thread held while 5 MB are searched for keys, ${kind}`, scan.heldMs, 'ms', HELD_WITHIN_MS),
      peer: `in one go ${quantity(scan.oneGoMs, 'ms')}`,
    },
  ];
}

async function revocationRows(postgres: Store | null, stage: Stage, figures: Record<string, unknown>): Promise<Row[]> {
  const redisUrl = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379';
  const what = 'revoked to refused in another replica, p99';
  if (postgres === null) return [notMeasured(what, 'no Postgres answers')];
  stage.say('Revoking keys in one replica, watching from another');
  try {
    const found = await revocationLatencies(postgres, redisUrl, REVOCATIONS[stage.options.size]);
    figures['revocation'] = found;
    return (['up', 'down'] as const).map((bus) =>
      within(`${what}, bus ${bus}`, p99(found[bus]), 'ms', REVOKED_WITHIN_MS[bus]),
    );
  } catch (error) {
    return [notMeasured(what, error instanceof Error ? error.message : String(error))];
  }
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? Number.NaN;
}
