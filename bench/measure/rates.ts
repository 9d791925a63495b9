import { performance } from 'node:perf_hooks';

/**
 * Calls a second of each subject: the middle of several rounds taken turn by turn. Every round lasts the same time, not the same
 * number of calls, so that a neighbour's load hits the quick and the slow alike.
 */
export async function ratesWithin<K extends string>(
  subjects: Readonly<Record<K, () => Promise<void>>>,
  how: { callers: number; roundMs: number; rounds: number },
): Promise<Record<K, number>> {
  const names = Object.keys(subjects) as K[];
  const rates = new Map<K, number[]>(names.map((name) => [name, []]));
  // The first round fills caches and compilers and is not counted.
  for (let round = 0; round <= how.rounds; round += 1) {
    for (const name of names) {
      const rate = await rateOf(subjects[name], how);
      if (round > 0) rates.get(name)?.push(rate);
    }
  }
  return Object.fromEntries(names.map((name) => [name, middle(rates.get(name) ?? [])])) as Record<K, number>;
}

async function rateOf(call: () => Promise<void>, how: { callers: number; roundMs: number }): Promise<number> {
  const startMs = performance.now();
  let calls = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - startMs < how.roundMs) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: how.callers }, caller));
  return calls / ((performance.now() - startMs) / 1_000);
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
