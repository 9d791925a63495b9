import type { Timing } from '../measure/interleave.ts';
import { promShapes } from '../prometheus/pages.ts';
import { holds, notMeasured, versus, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { agreement } from './agreement.ts';
import type { OurPage, Page, PagesMeasured, SubjectName } from './pages.ts';
import { sourceQueriesPerView } from './source-queries.ts';
import { consoleStorms, promStorms } from './storm.ts';

const VIEWERS = 50;
const MANY_VIEWERS = 200;

/** Least ratios against prom_raw, prom_rules and prom_all_rules. */
type Times = readonly [raw: number, rules: number, all: number];

/** P1 to P4: SLO pages against a real Prometheus on the same data. */
export async function sloBench(stage: Stage, measured: PagesMeasured): Promise<Report> {
  const { timings, postgres } = measured;
  if (postgres === null) {
    const row = notMeasured('P1-P4', 'no Postgres answers; start one or set TEST_DATABASE_URL');
    return { bench: 'slo', title, measured: [], rows: [row], figures: {} };
  }
  const wall = (what: string, page: Page, times?: Times, ours: SubjectName = `postgres.${asOurs(page)}`): Row[] =>
    promShapes.map((shape, i) =>
      versus({ what: `${what}, p50 vs ${shape}`, ...pair(timings, ours, `${shape}.${page}`, 'wall') }, times?.[i]),
    );
  const cpu = (what: string, page: Page, times?: Times): Row[] =>
    promShapes.map((shape, i) =>
      versus(
        {
          what: `${what}, server CPU vs ${shape}`,
          ...pair(timings, `postgres.${asOurs(page)}`, `${shape}.${page}`, 'cpu'),
        },
        times?.[i],
      ),
    );
  const grouped = pair(timings, 'postgres.list', 'prom_rules.grouped_list', 'wall');
  const same = await agreement(measured, postgres);
  const rows = [
    ...wall('status and burn rates', 'status'),
    ...wall('budget graph, by our whole page', 'budget'),
    ...wall('P1 detail page', 'detail', [200, 50, 2.5]),
    ...wall('detail, only what our page shows too', 'core'),
    within('detail page p95', timings['postgres.detail']?.wallMs.p95 ?? Number.NaN, 'ms'),
    within('detail page from buffers p50', timings['postgres.buffered_detail']?.wallMs.p50 ?? Number.NaN, 'ms'),
    ...cpu('P2 detail page', 'detail', [250, 70, 3]),
    ...wall('P3 list of 20, one query per SLO', 'list', [500, 4, 4]),
    versus({ what: 'P3 list of 20, one grouped query on rules', ...grouped }, 0.8),
    ...(await stormRows(stage, measured)),
    zeroQueries(await sourceQueriesPerView(measured)),
    holds(
      'same counts as PromQL over 29 days',
      `${same.ours.bad} of ${same.ours.total}`,
      `${same.prometheus.bad} of ${same.prometheus.total}`,
      same.ours.bad === same.prometheus.bad && same.ours.total === same.prometheus.total,
    ),
  ];
  const how = [
    measured.history.words,
    `Ours: the built server over Postgres, ${postgres.objectives.length} objectives, slo.page as the screen asks for it, each view the first of its version: nothing comes from a buffer; after 1,500 views of each page to warm up.`,
    'Peers: prom_raw counters only; prom_rules as Pyrra records; prom_all_rules every graph recorded. All over HTTP, parsed, turn by turn.',
  ];
  return { bench: 'slo', title, measured: how, rows, figures: { timings, same } };
}

const title = 'SLO pages against a real Prometheus (P1-P4)';

/**
 * Our detail page shows no request, error and latency graphs, so it is also compared with the peers' page without them,
 * and with their graph of the budget, which it comes with.
 */
function asOurs(page: Page): OurPage {
  return page === 'core' || page === 'budget' ? 'detail' : page;
}

function pair(
  timings: PagesMeasured['timings'],
  ours: SubjectName,
  peer: SubjectName,
  which: 'wall' | 'cpu',
): { ours: number; peer: number; unit: string } {
  const read = (timing: Timing | undefined): number =>
    (which === 'wall' ? timing?.wallMs.p50 : timing?.cpuMs) ?? Number.NaN;
  return { ours: read(timings[ours]), peer: read(timings[peer]), unit: 'ms' };
}

async function stormRows(stage: Stage, measured: PagesMeasured): Promise<Row[]> {
  const { postgres } = measured;
  if (postgres === null) return [];
  stage.say(`A storm of ${VIEWERS} viewers on each`);
  const unread = postgres.objectives.map(({ id }) => id).slice(1);
  const peers = await promStorms(measured, VIEWERS);
  const ours = await consoleStorms(postgres, VIEWERS, unread.slice(0, 5));
  const many = await consoleStorms(postgres, MANY_VIEWERS, unread.slice(5, 10));
  const times: Times = [500, 150, 10];
  return [
    ...promShapes.map((shape, i) =>
      versus(
        {
          what: `P4 storm of ${VIEWERS}, last viewer vs ${shape}`,
          ours: ours.buffered.lastMs,
          peer: peers[shape].lastMs,
          unit: 'ms',
        },
        times[i],
      ),
    ),
    within(`storm of ${VIEWERS} without buffers, last viewer`, ours.uncached.lastMs, 'ms'),
    within(`P4 storm of ${MANY_VIEWERS}, last viewer`, many.buffered.lastMs, 'ms', 100),
    within(`storm of ${MANY_VIEWERS} without buffers, last viewer`, many.uncached.lastMs, 'ms'),
  ];
}

function zeroQueries({ views, queries }: { views: number; queries: number }): Row {
  return holds(`queries to the source in ${views} page views`, String(queries), '0', queries === 0);
}
