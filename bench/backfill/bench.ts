import { sloDefinition } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { createPrometheusSource } from '../../apps/server/src/adapters/metrics/prometheus/prometheus.ts';
import { slos } from '../../apps/server/src/db/schema/index.ts';
import { backfill } from '../../apps/server/src/features/slo/service/backfill.ts';
import { createSloDeps } from '../../apps/server/src/features/slo/service/deps.ts';
import { previewSlo } from '../../apps/server/src/features/slo/service/preview/preview-slo.ts';
import type { Actor } from '../../apps/server/src/platform/context.ts';
import { benchCtx } from '../console/context.ts';
import { storeObjectives } from '../console/objectives.ts';
import { embeddedStore, postgresStore, type Store } from '../console/stores.ts';
import { percentile } from '../measure/spread.ts';
import { notMeasured, versus, within, type Report, type Row } from '../report/rows.ts';
import type { History, Stage } from '../stage.ts';

const title = 'Backfill and preview: the past of a new objective';
const ROUNDS = 3;
const MAX_BACKFILL_S = 60;
const MAX_PREVIEW_S = 10;
const MINUTES_PER_DAY = 1_440;
const READS_AT_ONCE = 2;

const owner: Partial<Actor> = { kind: 'cli', grants: [{ platform: '*', permissions: ['slo:write'] }] };

interface Took {
  backfillMs: number;
  previewMs: number;
  minutes: number;
}

/** What it costs to read, count and store the whole past of one objective, beside only fetching it from Prometheus. */
export async function backfillBench(stage: Stage, history: History): Promise<Report> {
  const { days } = history.extent;
  const service = history.services[0]?.name ?? '';
  const rawMs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) rawMs.push(await fetchRaw(history, service));
  const raw = percentile(rawMs, 0.5);
  const rows: Row[] = [];
  const figures: Record<string, unknown> = { rawMs };
  for (const [kind, store] of [
    ['postgres', await postgresStore()],
    ['embedded', await embeddedStore(stage.scratch)],
  ] as const) {
    if (store === null) {
      rows.push(notMeasured(kind, 'no Postgres answers'));
      continue;
    }
    stage.say(`Backfilling ${days} days into ${kind}`);
    const took = await measure(store, history, service);
    await store.drop();
    figures[kind] = took;
    const what = `${kind}: backfill of ${days} days, stored, vs fetching the counters alone`;
    rows.push(
      versus({ what, ours: took.backfillMs, peer: raw, unit: 'ms' }),
      within(
        `${kind}: backfill of ${took.minutes.toLocaleString('en-US')} minutes`,
        took.backfillMs / 1_000,
        's',
        MAX_BACKFILL_S,
      ),
      within(`${kind}: preview of ${days} days`, took.previewMs / 1_000, 's', MAX_PREVIEW_S),
    );
  }
  return {
    bench: 'backfill',
    title,
    measured: [
      history.words,
      `Peer: query_range of the same series, a day at a time and ${READS_AT_ONCE} at once, parsed and thrown away; median of ${ROUNDS}.`,
      'Ours: the same questions, restarts removed, counted per minute and stored in both tiers, with the audit entries.',
    ],
    rows,
    figures,
  };
}

async function measure(store: Store, history: History, service: string): Promise<Took> {
  const { extent, span, prometheus } = history;
  const handle = await store.open();
  const deps = createSloDeps({
    openSource: ({ url, intervalMs }) => (url === null ? null : createPrometheusSource({ url, intervalMs })),
  });
  try {
    const ctx = await benchCtx(handle.db);
    const actor = { ...ctx.actor, ...owner };
    const set = { services: [service], sourceUrl: prometheus.url, now: new Date(), readUntilM: 0, firstM: span.firstM };
    const [objective] = await storeObjectives(handle.db, set);
    if (objective === undefined) throw new Error('no objective was stored');
    const young = { windowMs: DAY_MS, measuredSinceMinute: null, readUntilMinute: null };
    await handle.db.update(slos).set(young).where(eq(slos.id, objective.id));
    const startedMs = performance.now();
    const { minutes } = await backfill({ ...ctx, actor }, deps, objective.id, { days: extent.days });
    const storedMs = performance.now();
    const [row] = await handle.db.select().from(slos).where(eq(slos.id, objective.id));
    if (row === undefined) throw new Error('the objective is gone');
    const definition = sloDefinition.parse({
      platform: row.platformId,
      slug: 'preview',
      name: 'Preview',
      sourceId: row.sourceId,
      indicator: row.indicator,
      targetPercent: row.targetPercent,
      windows: [{ kind: 'rolling', windowMs: extent.days * DAY_MS }],
    });
    await previewSlo({ ...ctx, actor }, deps, { definition, days: extent.days });
    return { backfillMs: storedMs - startedMs, previewMs: performance.now() - storedMs, minutes };
  } finally {
    await deps.close();
    await handle.close();
  }
}

/** Fetches the counters of a service at every minute of the history, as the console asks for them; wall time in ms. */
async function fetchRaw({ span, prometheus }: History, service: string): Promise<number> {
  const startedMs = performance.now();
  const query = `hashinsight_requests_total{service="${service}"}`;
  const starts = Array.from(
    { length: Math.floor((span.madeM - span.firstM) / MINUTES_PER_DAY) },
    (_, i) => span.firstM + i * MINUTES_PER_DAY,
  );
  const queue = starts.values();
  const worker = async (): Promise<void> => {
    for (const m of queue) {
      const range = { query, start: String(m * 60), end: String((m + MINUTES_PER_DAY) * 60), step: '60' };
      const answer = await fetch(`${prometheus.url}/api/v1/query_range?${new URLSearchParams(range).toString()}`);
      await answer.json();
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, worker));
  return performance.now() - startedMs;
}
