import { performance } from 'node:perf_hooks';
import { auditListInput } from '@qd/shared/audit';
import type { Db } from '../../apps/server/src/db/client.ts';
import { selectAudit } from '../../apps/server/src/features/audit/queries/find.ts';
import { verifyChain } from '../../apps/server/src/features/audit/service.ts';
import { write } from '../../apps/server/src/platform/write.ts';
import { benchCtx } from '../console/context.ts';
import { embeddedStore, postgresStore, type Store } from '../console/stores.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { holds, notMeasured, quantity, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { filters, pairs } from './filters.ts';
import { bareInserts, fillLog } from './rows.ts';

const ROWS = { default: 1_000_000, full: 1_000_000, small: 20_000 } as const;
const ACTS = { default: 2_000, full: 5_000, small: 200 } as const;
const WRITERS = 16;
const RUNS = 30;
/** In the database, by any filter; from the issue of access. */
const FILTER_LIMIT_MS = 50;

/** How fast the log grows, is proved and is searched. */
export async function auditBench(stage: Stage): Promise<Report> {
  const rows: Row[] = [];
  const figures: Record<string, unknown> = {};
  for (const store of [await postgresStore(), await embeddedStore(stage.scratch)]) {
    if (store === null) {
      rows.push(notMeasured('the log in Postgres', 'no Postgres answers'));
      continue;
    }
    stage.onEnd(() => store.drop());
    const handle = await store.open();
    try {
      const kept = await measureChain(stage, store, handle.db);
      rows.push(...kept.rows);
      figures[`${store.kind}.chain`] = kept.figures;
      if (store.kind === 'postgres') {
        const found = await measureFilters(stage, store, handle.db);
        rows.push(...found.rows);
        figures['postgres.filters'] = found.figures;
      }
    } finally {
      await handle.close();
    }
  }
  return {
    bench: 'audit',
    title: 'The audit log',
    measured: [
      `Growth: acts that change nothing else, each in a transaction with its row, alone and by ${WRITERS} writers at once;`,
      'beside it the same rows by a bare INSERT each into a table like the log, without hash or head: what the chain costs.',
      `Filters: the statement behind the page, 50 rows of ${ROWS[stage.options.size].toLocaleString('en-US')}, ${RUNS} runs each.`,
    ],
    rows,
    figures,
  };
}

async function measureChain(stage: Stage, { kind }: Store, db: Db): Promise<{ rows: Row[]; figures: unknown }> {
  const ctx = await benchCtx(db);
  const acts = ACTS[stage.options.size];
  const act = (i: number) =>
    write(ctx, async (_tx, record) =>
      record({ action: 'slo.updated', category: 'slo', details: { i, note: 'bench' } }),
    );
  stage.say(`Acts are recorded (${kind})`);
  const alone = await rate(acts, 1, act);
  const together = await rate(acts, WRITERS, act);
  const bare = await bareInserts(db);
  const bareAlone = await rate(acts, 1, bare);
  const bareTogether = await rate(acts, WRITERS, (i) => bare(acts + i));
  stage.say(`The chain is verified (${kind})`);
  const startMs = performance.now();
  const verdict = await verifyChain(ctx);
  const verified = verdict.rows / ((performance.now() - startMs) / 1_000);
  return {
    rows: [
      within(`recorded by one writer, ${kind}`, alone, 'rows/s'),
      within(`recorded by ${WRITERS} writers, ${kind}`, together, 'rows/s'),
      within(`bare INSERT by one writer, ${kind}`, bareAlone, 'rows/s'),
      within(`bare INSERT by ${WRITERS} writers, ${kind}`, bareTogether, 'rows/s'),
      holds(`verified, ${kind}`, quantity(verified, 'rows/s'), 'every row fits', verdict.ok),
    ],
    figures: { alone, together, bareAlone, bareTogether, verified, verdict },
  };
}

async function rate(acts: number, writers: number, act: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const startMs = performance.now();
  const work = async (): Promise<void> => {
    while (next < acts) await act(next++);
  };
  await Promise.all(Array.from({ length: writers }, work));
  return acts / ((performance.now() - startMs) / 1_000);
}

async function measureFilters(
  stage: Stage,
  store: Store,
  db: Db,
): Promise<{ rows: Row[]; figures: Record<string, Spread> }> {
  const count = ROWS[stage.options.size];
  stage.say(`Filling the log with ${count.toLocaleString('en-US')} rows`);
  await fillLog(db, { after: 2 * ACTS[stage.options.size], rows: count });
  await store.analyze();
  const figures: Record<string, Spread> = {};
  for (const [name, filterOf] of Object.entries({ ...filters, ...pairs })) {
    stage.say(`Filter: ${name}`);
    const input = auditListInput.parse(filterOf(Date.now()));
    const walls: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const startMs = performance.now();
      await selectAudit(db, input, { platforms: '*', beforeSeq: null });
      if (run > 0) walls.push(performance.now() - startMs);
    }
    figures[name] = spreadOf(walls);
  }
  const rows = Object.entries(figures).map(([name, { p95 }]) => within(`p95: ${name}`, p95, 'ms', FILTER_LIMIT_MS));
  return { rows, figures };
}
