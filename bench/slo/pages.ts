import { MINUTE_MS } from '@qd/shared/time';
import { consolePages, firstViewOf } from '../console/pages.ts';
import { consoleRig, type ConsoleRig } from '../console/rig.ts';
import { embeddedStore, postgresStore } from '../console/stores.ts';
import { createClient, type Client } from '../http/client.ts';
import { interleave, type Subject, type Timings } from '../measure/interleave.ts';
import { groupedList, promPages, promShapes, type PromShape } from '../prometheus/pages.ts';
import type { History, Stage } from '../stage.ts';
import { view } from './views.ts';

const ROUNDS = { default: 5, full: 8, small: 2 } as const;

export type Page = 'status' | 'budget' | 'core' | 'detail' | 'list';
/** Our detail page is one request; nobody asks for the graph alone. */
export type OurPage = Exclude<Page, 'core' | 'budget'>;
type Us = 'postgres' | 'embedded';
export type SubjectName =
  | `${PromShape}.${Page}`
  | 'prom_rules.grouped_list'
  | `${Us}.${OurPage}`
  | `${Us}.buffered_detail`;

/** Consoles and Prometheus side by side, and how long their pages took, turn by turn in one run. */
export interface PagesMeasured {
  history: History;
  postgres: ConsoleRig | null;
  embedded: ConsoleRig;
  prometheus: Client;
  /** Instant of the questions to Prometheus, epoch seconds. */
  atS: number;
  timings: Partial<Timings<SubjectName>>;
}

/** Starts everything and times the pages; the long part of the benches `slo` and `embedded`. */
export async function measurePages(stage: Stage): Promise<PagesMeasured> {
  const history = await stage.history();
  const store = await postgresStore();
  stage.say('Putting the same history into the read models');
  const postgres = store === null ? null : await consoleRig(stage, history, store);
  const embedded = await consoleRig(stage, history, await embeddedStore(stage.scratch));
  const prometheus = createClient(history.prometheus.url);
  const atS = Math.floor(Date.now() / MINUTE_MS) * 60;
  const rigs = [...(postgres ? [postgres] : []), embedded];
  const subjects = [...promSubjects(history, prometheus, atS), ...rigs.flatMap((rig) => consoleSubjects(rig))];
  stage.say('Timing pages turn by turn');
  const timings = await interleave(subjects, ROUNDS[stage.options.size]);
  return { history, postgres, embedded, prometheus, atS, timings };
}

type Named = Subject & { name: SubjectName };

const callsOf: Record<PromShape, number> = { prom_raw: 2, prom_rules: 8, prom_all_rules: 20 };

function promSubjects(history: History, client: Client, atS: number): Named[] {
  const names = history.services.map((service) => service.name);
  const { cpu } = history.prometheus;
  const subjects = promShapes.flatMap((shape): Named[] => {
    const pages = promPages(shape, names[0] ?? '', names, atS);
    const { status, budget, graphs, list } = pages;
    const core = [...status, ...budget];
    const paths = { status, budget, core, detail: [...core, ...graphs], list };
    return (Object.keys(paths) as Page[]).map((page) => ({
      name: `${shape}.${page}`,
      callsPerRound: callsOf[shape],
      cpu,
      call: () => view(client, paths[page]),
    }));
  });
  const grouped = [groupedList(atS)];
  return [...subjects, { name: 'prom_rules.grouped_list', callsPerRound: 40, cpu, call: () => view(client, grouped) }];
}

/** A server that has run for a minute has compiled what it runs; Prometheus comes compiled. */
const WARM_UP_CALLS = 1_500;

function consoleSubjects({ store, console, client, first: { id } }: ConsoleRig): Named[] {
  const uncached = (['status', 'detail', 'list'] as const satisfies readonly OurPage[]).map((page): Named => ({
    name: `${store.kind}.${page}`,
    callsPerRound: 40,
    warmUpCalls: WARM_UP_CALLS,
    cpu: console.cpu,
    call: () => view(client, firstViewOf(id)[page]),
  }));
  const buffered: Named = {
    name: `${store.kind}.buffered_detail`,
    callsPerRound: 40,
    cpu: console.cpu,
    call: () => view(client, consolePages(id).detail),
  };
  return [...uncached, buffered];
}
