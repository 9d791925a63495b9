import { grants, users } from '../../apps/server/src/db/schema/index.ts';
import type { Ctx } from '../../apps/server/src/platform/context.ts';
import { createSession, lookupSession } from '../../apps/server/src/platform/session.ts';
import { benchCtx } from '../console/context.ts';
import { embeddedStore, postgresStore, type Store } from '../console/stores.ts';
import { ratesWithin } from '../measure/rates.ts';
import { notMeasured, versus, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { openPeer } from './peer.ts';

const SESSIONS = 200;
const ROUND_MS = { default: 500, full: 1_500, small: 200 } as const;
const ROUNDS = { default: 7, full: 11, small: 3 } as const;
const CALLERS = [1, 16] as const;
/** Research, access.md §3.3: a hand-made check was 2.4 and 4.3 times as fast as better-auth's. */
const AT_LEAST = 2;

/** How many sessions a second are checked, with the rights they give, against better-auth which gives none. */
export async function sessionBench(stage: Stage): Promise<Report> {
  const postgres = await postgresStore();
  const rows: Row[] = [];
  const figures: Record<string, unknown> = {};
  if (postgres === null) rows.push(notMeasured('session check in Postgres', 'no Postgres answers'));
  for (const store of [postgres, await embeddedStore(stage.scratch)]) {
    if (store === null) continue;
    stage.onEnd(() => store.drop());
    stage.say(`Checking sessions (${store.kind})`);
    const measured = await measureStore(store, stage);
    figures[store.kind] = measured;
    rows.push(...measured.map((found) => rowOf(store, found)));
  }
  return {
    bench: 'session',
    title: 'Session check against better-auth',
    measured: [
      `${SESSIONS} sessions of ${SESSIONS} people in turn, in the same database, over the same driver and pool, in one process.`,
      'Ours: person, state, deadlines, grants with permissions, and whether a second factor is due, in one statement.',
      'better-auth 1.7.25: auth.api.getSession with the Drizzle adapter; session and user, no rights. No cookie cache on either side.',
    ],
    rows,
    figures,
  };
}

interface Measured {
  callers: number;
  ours: number;
  peer: number;
}

async function measureStore(store: Store, stage: Stage): Promise<Measured[]> {
  const handle = await store.open();
  try {
    const ctx = await benchCtx(handle.db);
    const peer = await openPeer(handle.db, SESSIONS);
    const ours = await openOurs(ctx, handle);
    if (store.kind === 'postgres') await store.analyze();
    else await handle.tidy();
    const measured: Measured[] = [];
    for (const callers of CALLERS) {
      const how = { callers, roundMs: ROUND_MS[stage.options.size], rounds: ROUNDS[stage.options.size] };
      measured.push({ callers, ...(await ratesWithin({ ours, peer }, how)) });
    }
    return measured;
  } finally {
    await handle.close();
  }
}

/** People with two grants each, signed in; a check asks for the next one. */
async function openOurs(ctx: Ctx, handle: Awaited<ReturnType<Store['open']>>): Promise<() => Promise<void>> {
  const now = ctx.now();
  const roles = ['operator', 'support'];
  const tokens: string[] = [];
  for (let i = 0; i < SESSIONS; i += 1) {
    const id = `usr_bench${i}`;
    const email = `bench${i}@example.com`;
    await handle.db.transaction(async (tx) => {
      await tx.insert(users).values({ id, email, emailKey: email, name: 'Bench', state: 'active', createdAt: now });
      for (const role of roles) {
        const grant = { role, platform: 'hashinsight', reason: 'bench', createdAt: now };
        await tx.insert(grants).values({ id: `grt_${role}${i}`, userId: id, ...grant });
      }
      const owner = { userId: id, grants: roles.map((role) => ({ role })) };
      tokens.push((await createSession(tx, owner, { now, address: null, userAgent: 'bench' })).token);
    });
  }
  let next = 0;
  return async () => {
    const found = await lookupSession(ctx, tokens[next++ % tokens.length] ?? '');
    if (found?.actor.grants.length !== roles.length) throw new Error('a session of ours was not found');
  };
}

function rowOf(store: Store, { callers, ours, peer }: Measured): Row {
  const who = callers === 1 ? '1 caller' : `${callers} callers`;
  const what = `session check, ${store.kind}, ${who}`;
  return versus({ what, ours, peer, unit: '/s', moreIsBetter: true }, AT_LEAST);
}
