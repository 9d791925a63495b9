import { holds, quantity, versus, within, type Report } from '../report/rows.ts';
import type { PagesMeasured } from '../slo/pages.ts';
import type { Stage } from '../stage.ts';
import { loopDelayDuringImport } from './loop.ts';

/** P7: the console without any database server, on the same data and in the same run as the pages of Prometheus. */
export async function embeddedBench(stage: Stage, { timings, embedded, history }: PagesMeasured): Promise<Report> {
  stage.say('Importing 100,000 people into the embedded database');
  const loop = await loopDelayDuringImport(stage.scratch);
  const wall = (name: keyof typeof timings) => timings[name]?.wallMs ?? { p50: Number.NaN, p95: Number.NaN };
  const detail = wall('embedded.detail');
  const against = (peer: 'prom_raw' | 'prom_rules' | 'prom_all_rules', times?: number) =>
    versus(
      { what: `P7 detail page, p50 vs ${peer}`, ours: detail.p50, peer: wall(`${peer}.detail`).p50, unit: 'ms' },
      times,
    );
  return {
    bench: 'embedded',
    title: 'The embedded database (P7)',
    measured: [
      history.words,
      `Ours: the built server with its embedded database, past all buffers, over HTTP; history put in in ${quantity(embedded.ingestMs / 1_000, 's')}.`,
    ],
    rows: [
      against('prom_raw', 40),
      against('prom_rules', 10),
      against('prom_all_rules'),
      within('P7 detail page p95', detail.p95, 'ms', 30),
      within('detail page from buffers p50', wall('embedded.buffered_detail').p50, 'ms'),
      within('list of 20 p50', wall('embedded.list').p50, 'ms'),
      within(`P7 event loop p99 during an import of ${loop.rows.toLocaleString('en-US')} rows`, loop.p99Ms, 'ms', 20),
      within('event loop, worst', loop.maxMs, 'ms'),
      holds('the import', quantity(loop.tookMs / 1_000, 's'), '<= 5 s', loop.tookMs <= 5_000),
    ],
    figures: { loop },
  };
}
