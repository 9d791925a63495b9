import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processCpuMs, residentBytes } from '../measure/cpu.ts';
import { spreadOf, type Spread } from '../measure/spread.ts';
import { holds, quantity, versus, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { subscribe } from './subscribers.ts';

const program = fileURLToPath(new URL('server.ts', import.meta.url));
const ROUNDS = 10;
const GIVE_UP_MS = 15_000;
/** Lets a burst end before the next one, as changes do. */
const PAUSE_MS = 100;

interface FanOut {
  subscribers: number;
  latencyMs: Spread;
  deliveredRatio: number;
  cpuUsPerDelivery: number;
  megabytes: number;
}

const ways = {
  ours: { path: '/events?topics=slo', marker: 'event: change' },
  trpc: { path: '/trpc/changes', marker: '"version"' },
} as const;

/** P10: one change told to many screens, over our event stream and over tRPC subscriptions. */
export async function streamBench(stage: Stage): Promise<Report> {
  const crowds = stage.options.size === 'small' ? [200] : [1_000, 5_000];
  const found: { subscribers: number; ours: FanOut; trpc: FanOut }[] = [];
  for (const subscribers of crowds) {
    stage.say(`${subscribers} streams of each kind`);
    found.push({ subscribers, ours: await fanOut('ours', subscribers), trpc: await fanOut('trpc', subscribers) });
  }
  const most = Math.max(...crowds);
  return {
    bench: 'stream',
    title: 'Live updates: one event to many streams (P10)',
    measured: [
      `The hub and event stream of the product in a process of their own; ${ROUNDS} events, streams in this process.`,
    ],
    rows: found.flatMap((one) => rowsOf(one, one.subscribers === most)),
    figures: { found },
  };
}

function rowsOf(
  { subscribers, ours, trpc }: { subscribers: number; ours: FanOut; trpc: FanOut },
  isTarget: boolean,
): Row[] {
  const crowd = `${subscribers.toLocaleString('en-US')} streams`;
  const p10 = isTarget ? 'P10 ' : '';
  return [
    {
      ...within(`${p10}${crowd}, p99`, ours.latencyMs.p99, 'ms', isTarget ? 150 : undefined),
      peer: quantity(trpc.latencyMs.p99, 'ms'),
    },
    holds(`${p10}${crowd}, delivered`, `${ours.deliveredRatio * 100} %`, '100 %', ours.deliveredRatio === 1),
    versus(
      {
        what: `${p10}${crowd}, CPU per delivery vs tRPC subscription`,
        ours: ours.cpuUsPerDelivery,
        peer: trpc.cpuUsPerDelivery,
        unit: 'us',
      },
      isTarget ? 5 : undefined,
    ),
    versus({ what: `${crowd}, memory of the server`, ours: ours.megabytes, peer: trpc.megabytes, unit: 'MB' }),
  ];
}

async function fanOut(way: keyof typeof ways, subscribers: number): Promise<FanOut> {
  const server = fork(program, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const { path, marker } = ways[way];
    const streams = await subscribe(port, path, subscribers, marker);
    const latenciesMs: number[] = [];
    let cpuMs = 0;
    for (let round = 0; round <= ROUNDS; round++) {
      await delay(PAUSE_MS);
      const startCpuMs = processCpuMs(server.pid ?? 0);
      const all = streams.next(subscribers, GIVE_UP_MS);
      const sentNs = await publish(server);
      await all;
      // The first event warms up.
      if (round === 0) continue;
      cpuMs += processCpuMs(server.pid ?? 0) - startCpuMs;
      for (const arrivedNs of streams.arrivals) latenciesMs.push(Number(arrivedNs - sentNs) / 1e6);
    }
    streams.close();
    return {
      subscribers,
      latencyMs: spreadOf(latenciesMs),
      deliveredRatio: latenciesMs.length / (subscribers * ROUNDS),
      cpuUsPerDelivery: (cpuMs * 1_000) / latenciesMs.length,
      megabytes: Math.round(residentBytes(server.pid ?? 0) / 1e6),
    };
  } finally {
    server.kill('SIGKILL');
  }
}

async function publish(server: ChildProcess): Promise<bigint> {
  server.send('publish');
  const [{ atNs }] = (await once(server, 'message')) as [{ atNs: string }];
  return BigInt(atNs);
}
