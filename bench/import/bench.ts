import { performance } from 'node:perf_hooks';
import type { Db } from '../../apps/server/src/db/client.ts';
import { users } from '../../apps/server/src/db/schema/index.ts';
import { checkImport } from '../../apps/server/src/features/users/service/imports/check.ts';
import { commitImport } from '../../apps/server/src/features/users/service/imports/commit.ts';
import { createImportsDeps } from '../../apps/server/src/features/users/service/imports/deps.ts';
import { benchCtx } from '../console/context.ts';
import { embeddedStore, postgresStore, type Store } from '../console/stores.ts';
import { holds, notMeasured, quantity, versus, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';

const SIZES = { default: [5_000, 100_000], full: [5_000, 100_000, 1_000_000], small: [500, 5_000] } as const;
/** Rows written one by one; more of them take as much longer. */
const PEER_ROWS = { default: 5_000, full: 5_000, small: 500 } as const;
/** Longest a file may take, from performance.md P11. */
const LIMITS_MS: Readonly<Record<number, number>> = { 5_000: 300, 100_000: 5_000 };
const PIECE_BYTES = 65_536;

interface Imported {
  rows: number;
  checkMs: number;
  commitMs: number;
  peakMemoryMb: number;
}

/** P11: files of people, checked and committed, against the same people written one by one. */
export async function importBench(stage: Stage): Promise<Report> {
  const stores = [await postgresStore(), await embeddedStore(stage.scratch)];
  const rows: Row[] = [];
  const figures: Record<string, unknown> = {};
  for (const store of stores) {
    if (store === null) {
      rows.push(notMeasured('P11 on Postgres', 'no Postgres answers'));
      continue;
    }
    try {
      const measured = await measureStore(stage, store);
      figures[store.kind] = measured;
      rows.push(...rowsOf(store, measured));
    } finally {
      await store.drop();
    }
  }
  return {
    bench: 'import',
    title: 'Files of people (P11)',
    measured: [
      'Ours: the commit of a checked file of new people, from the call to the answer: every row is judged again and stored, six indexes kept, the one of name parts among them. Reading and checking the file before is a figure of its own.',
      `Peer: each person in a statement and transaction of its own, one after the other, ${PEER_ROWS[stage.options.size]} of them; more take as much longer.`,
    ],
    rows,
    figures,
  };
}

async function measureStore(stage: Stage, store: Store): Promise<{ peerRowMs: number; imports: Imported[] }> {
  const handle = await store.open();
  try {
    stage.say(`One by one into ${store.kind}`);
    const peerRowMs = await oneByOne(handle.db, PEER_ROWS[stage.options.size]);
    const imports: Imported[] = [];
    for (const rows of SIZES[stage.options.size]) {
      stage.say(`${rows} rows into ${store.kind}`);
      imports.push(await importFile(handle.db, rows));
    }
    return { peerRowMs, imports };
  } finally {
    await handle.close();
  }
}

async function oneByOne(db: Db, rows: number): Promise<number> {
  const startMs = performance.now();
  for (let i = 0; i < rows; i++) {
    const id = `usr_peer_${i}`;
    const email = `peer${i}@example.com`;
    await db
      .insert(users)
      .values({ id, email, emailKey: email, name: `Peer ${i}`, state: 'invited', createdAt: new Date() });
  }
  return (performance.now() - startMs) / rows;
}

async function importFile(db: Db, rows: number): Promise<Imported> {
  const ctx = await benchCtx(db);
  const deps = createImportsDeps();
  let peakMemoryMb = 0;
  const watch = setInterval(() => {
    peakMemoryMb = Math.max(peakMemoryMb, process.memoryUsage().rss / 1_048_576);
  }, 100);
  try {
    const startMs = performance.now();
    const view = await checkImport(ctx, deps, { fileName: `${rows}.csv`, bytes: fileOf(rows) });
    const checkedMs = performance.now();
    await commitImport(ctx, deps, { id: view.id, mode: 'all', reason: 'Bench', sendInvitations: false });
    return { rows, checkMs: checkedMs - startMs, commitMs: performance.now() - checkedMs, peakMemoryMb };
  } finally {
    clearInterval(watch);
  }
}

/** A file as it arrives over the network: pieces, never the whole. */
async function* fileOf(rows: number): AsyncGenerator<Uint8Array> {
  let piece = 'email,name\n';
  for (let i = 0; i < rows; i++) {
    piece += `person${i}.of${rows}@example.com,Person Number ${i}\n`;
    if (piece.length < PIECE_BYTES) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}

function rowsOf({ kind }: Store, { peerRowMs, imports }: { peerRowMs: number; imports: readonly Imported[] }): Row[] {
  return imports.flatMap(({ rows, checkMs, commitMs, peakMemoryMb }) => {
    const what = `P11 ${rows.toLocaleString('en-US')} rows, ${kind}`;
    const limit = LIMITS_MS[rows];
    return [
      versus({ what: `${what}: committed`, ours: commitMs, peer: peerRowMs * rows, unit: 'ms' }, 8),
      ...(limit === undefined
        ? []
        : [holds('  within', quantity(commitMs, 'ms'), `<= ${quantity(limit, 'ms')}`, commitMs <= limit)]),
      within('  read and checked before', checkMs, 'ms'),
      within('  memory of the whole process at its peak', peakMemoryMb, 'MB'),
    ];
  });
}
