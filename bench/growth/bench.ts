import { MINUTE_MS } from '@qd/shared/time';
import { objectives } from '../../apps/server/src/features/slo/queries/objectives.ts';
import { rowsAt } from '../../apps/server/src/features/slo/queries/probes.ts';
import { summariesOf } from '../../apps/server/src/features/slo/queries/summaries.ts';
import { horizonMinute } from '../../apps/server/src/features/slo/queries/tiers.ts';
import { refreshSummaries, summariesFor } from '../../apps/server/src/features/slo/service/refresh-summaries.ts';
import { sloPage } from '../../apps/server/src/features/slo/service/slo-page.ts';
import { createSparkRows } from '../../apps/server/src/features/slo/service/spark-rows.ts';
import { benchCtx } from '../console/context.ts';
import { randomFrom } from '../data/traffic.ts';
import { clockOf } from '../measure/cpu.ts';
import { interleave, type Subject } from '../measure/interleave.ts';
import { notMeasured, quantity, within, type Report, type Row } from '../report/rows.ts';
import type { Model } from './model.ts';

const FEW = 20;
const title = 'Growth: the same questions with 50 times the objectives (P5)';
/** Windows of a status: four pairs of burn rates and the budget. */
const statusMinutes = [5, 30, 60, 120, 360, 1_440, 4_320, 43_200] as const;

type Question = 'status' | 'summary' | 'page';

/** P5: status of one objective among 20 and among 1,000, each with 90 days. */
export async function growthBench(models: { few: Model; many: Model } | null): Promise<Report> {
  if (models === null) {
    return { bench: 'growth', title, measured: [], rows: [notMeasured('P5', 'no Postgres answers')], figures: {} };
  }
  const { few, many } = models;
  const subjects = [...(await questionsOf('few', few)), ...(await questionsOf('many', many))];
  const timings = await interleave(subjects, 5);
  const p50 = (name: `${'few' | 'many'}.${Question}`): number => timings[name].wallMs.p50;
  const grown = (question: Question, atMost?: number): Row => {
    const [now, before] = [p50(`many.${question}`), p50(`few.${question}`)];
    return {
      ...within(
        `${question === 'status' ? 'P5 ' : ''}${question} p50 among ${many.objectives.length} vs ${FEW}`,
        now / before,
        'x',
        atMost,
      ),
      ours: quantity(now, 'ms'),
      peer: quantity(before, 'ms'),
      ratio: quantity(now / before, 'x slower'),
    };
  };
  const list = await wholeList(many);
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return {
    bench: 'growth',
    title,
    measured: [
      `${many.objectives.length} objectives x 90 days: minute tier of 8 days ${megabytes(many.bytes.minutes)}, hour tier ${megabytes(many.bytes.hours)}; an objective by lot each time.`,
      'Direct calls, database and driver included: status is one read of all windows, summary the whole list row, page the whole page of one.',
    ],
    rows: [
      grown('status', 3),
      within('P5 status p50', p50('many.status'), 'ms', 2),
      grown('summary'),
      grown('page'),
      within(`whole list of ${many.objectives.length}, one read`, list, 'ms'),
    ],
    figures: { timings, bytes: many.bytes },
  };
}

type Named<S extends 'few' | 'many'> = Subject & { name: `${S}.${Question}` };

async function questionsOf<S extends 'few' | 'many'>(set: S, model: Model): Promise<Named<S>[]> {
  const { db } = model.handle;
  const nowMs = model.untilM * MINUTE_MS;
  const ctx = { ...(await benchCtx(db, () => new Date(nowMs))), actor: watcher };
  await refreshSummaries(ctx, { spark: createSparkRows() });
  const rows = await objectives(db);
  const random = randomFrom(7);
  const any = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error('there are no objectives');
    return found;
  };
  const ask: Record<Question, () => Promise<unknown>> = {
    status: () => {
      const minutes = [0, ...statusMinutes].map((back) => model.untilM - 1 - back);
      return rowsAt(db, [{ sliId: any(model.objectives).sliId, minutes }], horizonMinute(nowMs));
    },
    summary: () => summariesFor(db, [any(rows)], nowMs, createSparkRows()),
    page: () => sloPage(ctx, { id: any(model.objectives).id }),
  };
  return (Object.keys(ask) as Question[]).map((question) => ({
    name: `${set}.${question}`,
    callsPerRound: 60,
    cpu: clockOf(process.pid),
    call: ask[question],
  }));
}

const watcher = {
  kind: 'user' as const,
  id: 'usr_bench',
  email: null,
  name: 'Bench',
  role: 'commander',
  grants: [{ platform: '*', permissions: ['slo:read' as const, 'changes:read' as const] }],
  sessionId: null,
  address: null,
};

async function wholeList(model: Model): Promise<number> {
  const walls: number[] = [];
  for (let i = 0; i < 11; i++) {
    const startMs = performance.now();
    await summariesOf(model.handle.db, '*');
    walls.push(performance.now() - startMs);
  }
  return walls.toSorted((a, b) => a - b)[5] ?? Number.NaN;
}
