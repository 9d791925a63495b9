import { sources } from '../../apps/server/src/db/schema/index.ts';
import type { Store } from '../console/stores.ts';
import type { Model } from '../growth/model.ts';
import { clockOf } from '../measure/cpu.ts';
import { holds, notMeasured, quantity, versus, within, type Report } from '../report/rows.ts';
import type { History, Stage } from '../stage.ts';
import { coreShareOf, measureRules } from './rules.ts';
import { measureTicks, type UpkeepCost } from './ticks.ts';

const MINUTES = { default: 6, full: 12, small: 2 } as const;
const title = 'Upkeep: polling and summing up against recording rules (P6)';

/** P6: what keeping 1,000 objectives up to date costs, against Pyrra-shaped rules in the same Prometheus. */
export async function upkeepBench(
  stage: Stage,
  history: History,
  prepared: { store: Store; model: Model } | null,
): Promise<Report> {
  if (prepared === null) {
    return { bench: 'upkeep', title, measured: [], rows: [notMeasured('P6', 'no Postgres answers')], figures: {} };
  }
  const { store, model } = prepared;
  const count = model.objectives.length;
  stage.say('Prometheus evaluates the recording rules');
  const rules = await measureRules(
    history.prometheus,
    history.services.map((service) => service.name),
  );
  stage.say(`The console keeps ${count} objectives`);
  await model.handle.db.update(sources).set({ url: history.prometheus.url });
  const ticks = await measureTicks(model, MINUTES[stage.options.size], {
    console: clockOf(process.pid),
    database: store.cpu,
    source: history.prometheus.cpu,
  });
  const ours = shareOf(ticks) * 100;
  const peer = coreShareOf(rules, count) * 100;
  return {
    bench: 'upkeep',
    title,
    measured: [
      history.words,
      `Rules: ${quantity(rules.increaseMs, 'ms')} CPU for increase30d every 150 s, ${quantity(rules.burnRatesMs, 'ms')} for six burn rates every 30 s, per objective.`,
      `Ours: the jobs of ${ticks.minutes} minutes, ${count} objectives read as raw counters from that Prometheus, one by one.`,
    ],
    rows: [
      versus({ what: `P6 upkeep of ${count} objectives vs recording rules`, ours, peer, unit: '% of a core' }, 40),
      within(`P6 upkeep of ${count} objectives`, ours, '% of a core', 2),
      within('  of it in the console', ticks.consoleMs / 600, '% of a core'),
      within('  of it in its database', ticks.databaseMs / 600, '% of a core'),
      within('  of it in Prometheus, answering polls', ticks.sourceMs / 600, '% of a core'),
      holds(
        'a minute of work fits into a minute',
        quantity(ticks.wallMs / 1_000, 's'),
        '< 60 s',
        ticks.wallMs < 60_000,
      ),
    ],
    figures: { rules, ticks },
  };
}

function shareOf({ consoleMs, databaseMs, sourceMs }: UpkeepCost): number {
  return (consoleMs + databaseMs + sourceMs) / 60_000;
}
