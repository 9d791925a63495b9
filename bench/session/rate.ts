import { performance } from 'node:perf_hooks';

/** Calls a second of each subject: the middle of several rounds taken turn by turn, so that a neighbour's load hits all alike. */
export async function ratesOf<K extends string>(
  subjects: Readonly<Record<K, () => Promise<void>>>,
  how: { callers: number; calls: number; rounds: number },
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

async function rateOf(call: () => Promise<void>, how: { callers: number; calls: number }): Promise<number> {
  const startMs = performance.now();
  let left = how.calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: how.callers }, caller));
  return how.calls / ((performance.now() - startMs) / 1_000);
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
