import { fileURLToPath } from 'node:url';
import type { CpuClock } from '../measure/cpu.ts';
import { runChild } from '../process/children.ts';
import type { LoadPlan, LoadResult } from './load.ts';

const program = fileURLToPath(new URL('load.ts', import.meta.url));

/** What is asked, and of whom. */
export interface Target {
  url: string;
  path: string;
  headers: Record<string, string>;
  /** The status every answer must have. */
  status: number;
  cpu: CpuClock;
}

export interface LoadFigures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** CPU (µs) of the server per request. */
  cpuUs: number;
}

/** Loads a server for some seconds from another process. Throws when any answer was not the expected one. */
export async function attack(target: Target, connections: number, seconds: number): Promise<LoadFigures> {
  const { url, path, headers, status, cpu } = target;
  const plan: LoadPlan = { port: Number(new URL(url).port), path, headers, status, connections, seconds };
  const startCpuMs = await cpu();
  const result = JSON.parse(await runChild(process.execPath, [program, JSON.stringify(plan)])) as LoadResult;
  const cpuMs = (await cpu()) - startCpuMs;
  if (result.wrong > 0) throw new Error(`${result.wrong} of ${result.requests} answers of ${path} were not ${status}`);
  return {
    perSecond: result.requests / seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuUs: (cpuMs * 1_000) / result.requests,
  };
}

/** The middle of several loads by rate, each quantity for itself. */
export function middle(figures: readonly LoadFigures[]): LoadFigures {
  const of = (read: (one: LoadFigures) => number): number => {
    const sorted = figures.map(read).toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  };
  return {
    perSecond: of((one) => one.perSecond),
    p50Ms: of((one) => one.p50Ms),
    p99Ms: of((one) => one.p99Ms),
    cpuUs: of((one) => one.cpuUs),
  };
}
