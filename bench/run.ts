import { mkdirSync, writeFileSync } from 'node:fs';
import { alertsBench } from './alerts/bench.ts';
import { auditBench } from './audit/bench.ts';
import { backfillBench } from './backfill/bench.ts';
import { embeddedBench } from './embedded/bench.ts';
import { machineFacts } from './facts.ts';
import { growthBench } from './growth/bench.ts';
import { hotBench } from './hot/bench.ts';
import { importBench } from './import/bench.ts';
import { keysBench } from './keys/bench.ts';
import { type Options, readOptions, usage } from './options.ts';
import { killAll } from './process/children.ts';
import { notMeasured, type Report } from './report/rows.ts';
import { tableOf, tally } from './report/table.ts';
import { sessionBench } from './session/bench.ts';
import { createSharedParts } from './shared.ts';
import { sloBench } from './slo/bench.ts';
import { createStage, type Stage } from './stage.ts';
import { startBench } from './start/bench.ts';
import { streamBench } from './stream/bench.ts';
import { upkeepBench } from './upkeep/bench.ts';
import { usersBench } from './users/bench.ts';

const RESULTS = 'bench-results';

type BenchName =
  | 'users'
  | 'session'
  | 'keys'
  | 'slo'
  | 'backfill'
  | 'growth'
  | 'alerts'
  | 'upkeep'
  | 'embedded'
  | 'hot'
  | 'stream'
  | 'start'
  | 'import'
  | 'audit';

/** Every bench by name, in the order they run. */
function benchesOf(stage: Stage): Record<BenchName, () => Promise<Report>> {
  const shared = createSharedParts(stage);
  return {
    slo: async () => sloBench(stage, await shared.pages()),
    backfill: async () => backfillBench(stage, await stage.history()),
    embedded: async () => embeddedBench(stage, await shared.pages()),
    hot: async () => {
      const { postgres, embedded } = await shared.pages();
      return hotBench(stage, postgres ?? embedded);
    },
    growth: async () => {
      const [few, many] = [await shared.few(), await shared.many()];
      return growthBench(few === null || many === null ? null : { few: few.model, many: many.model });
    },
    alerts: async () => alertsBench(await shared.many()),
    upkeep: async () => upkeepBench(stage, await stage.history(), await shared.many()),
    stream: () => streamBench(stage),
    start: () => startBench(stage),
    users: () => usersBench(stage),
    session: () => sessionBench(stage),
    keys: () => keysBench(stage),
    import: () => importBench(stage),
    audit: () => auditBench(stage),
  };
}

const known: readonly BenchName[] = [
  'slo',
  'backfill',
  'growth',
  'alerts',
  'upkeep',
  'embedded',
  'hot',
  'stream',
  'start',
  'users',
  'session',
  'keys',
  'import',
  'audit',
];

/** What was asked for; null, with a word on the screen, when there is nothing to run. */
function asked(): Options | null {
  try {
    const options = readOptions(process.argv.slice(2), known);
    if (options === null) console.log(usage(known));
    return options;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
    return null;
  }
}

async function main(): Promise<void> {
  const options = asked();
  if (options === null) return;
  const startedMs = Date.now();
  const say = (words: string): void => {
    console.log(`  ${((Date.now() - startedMs) / 1_000).toFixed(0).padStart(4)} s  ${words}`);
  };
  const facts = machineFacts();
  console.log(`${facts.cores} cores (${facts.cpu}), Node ${facts.node}, load ${facts.load}, commit ${facts.commit}`);
  const stage = createStage(options, say);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stage.end().finally(() => process.exit(130)));
  }
  const reports: Report[] = [];
  try {
    const benches = benchesOf(stage);
    for (const [name, bench] of Object.entries(benches)) {
      if (options.names.length > 0 && !options.names.includes(name)) continue;
      say(`bench ${name}`);
      const report = await attempt(name, bench);
      reports.push(report);
      console.log(`\n${tableOf(report)}\n`);
    }
  } finally {
    await stage.end();
  }
  const { met, missed } = tally(reports);
  mkdirSync(RESULTS, { recursive: true });
  const file = `${RESULTS}/${facts.at.replaceAll(/[:.]/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify({ facts, options, reports }, null, 2)}\n`);
  console.log(`${met} targets met, ${missed} MISSED, in ${Math.round((Date.now() - startedMs) / 1_000)} s; ${file}`);
}

/** One bench that fails leaves the others their turn; the run as a whole then fails. */
async function attempt(name: string, bench: () => Promise<Report>): Promise<Report> {
  try {
    return await bench();
  } catch (error) {
    process.exitCode = 1;
    const why = error instanceof Error ? error.message : String(error);
    return { bench: name, title: 'failed', measured: [], rows: [notMeasured(name, why.slice(0, 500))], figures: {} };
  }
}

process.on('exit', killAll);
await main();
