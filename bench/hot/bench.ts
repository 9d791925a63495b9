import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { batchedRead, consolePages } from '../console/pages.ts';
import type { ConsoleRig } from '../console/rig.ts';
import { createClient } from '../http/client.ts';
import { clockOf } from '../measure/cpu.ts';
import { startChild } from '../process/children.ts';
import { freePort, untilAnswers } from '../process/ports.ts';
import { versus, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { attack, middle, type LoadFigures, type Target } from './attack.ts';

const ROUNDS = { default: 3, full: 5, small: 1 } as const;
const SECONDS = { default: 3, full: 5, small: 1 } as const;
const program = fileURLToPath(new URL('plain-server.ts', import.meta.url));

type Way = 'buffered' | 'not_modified' | 'plain' | 'uncached';
type Figures = Record<`${Way}.${number}`, LoadFigures>;

/** P8: hot reads of the real console against Express and tRPC that answer the same series from memory. */
export async function hotBench(stage: Stage, rig: ConsoleRig): Promise<Report> {
  const targets = await targetsOf(stage, rig);
  const figures = await measure(targets, ROUNDS[stage.options.size], SECONDS[stage.options.size]);
  return {
    bench: 'hot',
    title: 'Hot reads: buffers in front of tRPC (P8)',
    measured: [
      `The burn-down of one objective, ${rig.store.kind === 'postgres' ? 'Postgres' : 'embedded'} console with session check, request log and headers; load from another process, ${ROUNDS[stage.options.size]} rounds turn by turn.`,
      'Peer: bare Express 5 + tRPC 11 answering the same object from memory, without session, log or database.',
    ],
    rows: [...rowsAt(figures, 50, { buffered: 5, notModified: 7 }), ...rowsAt(figures, 200), ...soloRows(figures)],
    figures,
  };
}

function rowsAt(figures: Figures, c: number, times?: { buffered: number; notModified: number }): Row[] {
  const read = (way: Way): LoadFigures => figures[`${way}.${c}`] ?? nothing;
  const rate = (what: string, way: Way, least?: number): Row =>
    versus(
      {
        what: `${what}, c=${c}`,
        ours: read(way).perSecond,
        peer: read('plain').perSecond,
        unit: '/s',
        moreIsBetter: true,
      },
      least,
    );
  return [
    rate(times ? 'P8 from the buffer' : 'from the buffer', 'buffered', times?.buffered),
    rate(times ? 'P8 not modified (304)' : 'not modified (304)', 'not_modified', times?.notModified),
  ];
}

function soloRows(figures: Figures): Row[] {
  const read = (name: keyof Figures): LoadFigures => figures[name] ?? nothing;
  const cpu = (what: string, way: Way): Row =>
    versus({ what, ours: read(`${way}.50`).cpuUs, peer: read('plain.50').cpuUs, unit: 'us' });
  return [
    cpu('server CPU per read from the buffer', 'buffered'),
    cpu('server CPU per 304', 'not_modified'),
    versus({
      what: 'from the buffer vs our own path to the database, c=50',
      ours: read('buffered.50').perSecond,
      peer: read('uncached.50').perSecond,
      unit: '/s',
      moreIsBetter: true,
    }),
    within('P8 from the buffer p99, c=200', read('buffered.200').p99Ms, 'ms', 15),
    within('not modified p99, c=200', read('not_modified.200').p99Ms, 'ms'),
  ];
}

const nothing: LoadFigures = { perSecond: Number.NaN, p50Ms: Number.NaN, p99Ms: Number.NaN, cpuUs: Number.NaN };

async function targetsOf(stage: Stage, rig: ConsoleRig): Promise<Record<Way, Target>> {
  const { id } = rig.first;
  const [path = ''] = consolePages(id).detail;
  const { body } = await rig.client.get(path);
  const file = join(stage.scratch, 'payload.json');
  const answer = JSON.parse(body) as { result: { data: unknown } };
  writeFileSync(file, JSON.stringify(answer.result.data));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = startChild(process.execPath, [program, String(port), file]);
  stage.onEnd(() => child.stop());
  await untilAnswers(`${url}/health/live`, 10_000, () => null);
  const own = { url: rig.console.url, headers: { cookie: rig.cookie }, cpu: rig.console.cpu, status: 200 };
  return {
    buffered: { ...own, path },
    not_modified: { ...own, path, status: 304 },
    plain: { url, path: '/trpc/series', headers: {}, status: 200, cpu: clockOf(child.pid) },
    uncached: { ...own, path: batchedRead(id) },
  };
}

/** Attacks with the version of the moment; data that changed meanwhile are no fault of anybody's. */
async function attackFresh(target: Target, connections: number, seconds: number): Promise<LoadFigures> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await attack(target.status === 304 ? await withVersion(target) : target, connections, seconds);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function withVersion(target: Target): Promise<Target> {
  const client = createClient(target.url, target.headers);
  const { headers } = await client.get(target.path);
  client.close();
  return { ...target, headers: { ...target.headers, 'if-none-match': headers.etag ?? '' } };
}

async function measure(targets: Record<Way, Target>, rounds: number, seconds: number): Promise<Figures> {
  const all = new Map<keyof Figures, LoadFigures[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [way, target] of Object.entries(targets) as [Way, Target][]) {
      for (const connections of way === 'uncached' ? [50] : [50, 200]) {
        const name = `${way}.${connections}` as const;
        all.set(name, [...(all.get(name) ?? []), await attackFresh(target, connections, seconds)]);
      }
    }
  }
  return Object.fromEntries([...all].map(([name, figures]) => [name, middle(figures)])) as Figures;
}
