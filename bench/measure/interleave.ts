import { performance } from 'node:perf_hooks';
import type { CpuClock } from './cpu.ts';
import { spreadOf, type Spread } from './spread.ts';

/** One of the things compared. */
export interface Subject {
  name: string;
  /** Calls a round; cheap ones take more so that their CPU can be read. */
  callsPerRound: number;
  /** Calls before the first round, where a compiler needs more than one round to settle. */
  warmUpCalls?: number;
  cpu: CpuClock;
  call(): Promise<unknown>;
}

/** Wall time per call and CPU of the servers per call, in ms. */
export interface Timing {
  wallMs: Spread;
  cpuMs: number;
}

export type Timings<K extends string> = Record<K, Timing>;

/**
 * Times subjects turn by turn, so that a neighbour's load hits all alike. One round before the first is not counted:
 * it fills caches and compilers.
 */
export async function interleave<K extends string>(
  subjects: readonly (Subject & { name: K })[],
  rounds: number,
): Promise<Timings<K>> {
  const walls = new Map<K, number[]>(subjects.map((s) => [s.name, []]));
  const cpus = new Map<K, number>();
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const startCpuMs = await subject.cpu();
      const wallMs = await timedCalls(subject, round);
      const cpuMs = (await subject.cpu()) - startCpuMs;
      if (round === 0) continue;
      walls.get(subject.name)?.push(...wallMs);
      cpus.set(subject.name, (cpus.get(subject.name) ?? 0) + cpuMs);
    }
  }
  const timed = subjects.map(({ name, callsPerRound }) => {
    const timing: Timing = {
      wallMs: spreadOf(walls.get(name) ?? []),
      cpuMs: (cpus.get(name) ?? Number.NaN) / (rounds * callsPerRound),
    };
    return [name, timing] as const;
  });
  return Object.fromEntries(timed) as Timings<K>;
}

async function timedCalls(subject: Subject, round: number): Promise<number[]> {
  const walls: number[] = [];
  const calls = round === 0 ? (subject.warmUpCalls ?? subject.callsPerRound) : subject.callsPerRound;
  for (let i = 0; i < calls; i++) {
    const startMs = performance.now();
    await subject.call();
    walls.push(performance.now() - startMs);
  }
  return walls;
}
