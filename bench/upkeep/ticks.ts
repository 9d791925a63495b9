import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { createPrometheusSource } from '../../apps/server/src/adapters/metrics/prometheus/prometheus.ts';
import { createSloJobs } from '../../apps/server/src/features/slo/jobs.ts';
import { createSloDeps } from '../../apps/server/src/features/slo/service/deps.ts';
import type { JobDefinition } from '../../apps/server/src/platform/jobs.ts';
import { benchCtx } from '../console/context.ts';
import type { Model } from '../growth/model.ts';
import type { CpuClock } from '../measure/cpu.ts';

/** What a minute of upkeep costs, CPU in ms by who spent it. */
export interface UpkeepCost {
  minutes: number;
  consoleMs: number;
  databaseMs: number;
  sourceMs: number;
  /** Wall time of a minute's work. */
  wallMs: number;
}

const WARM_UP_MINUTES = 2;

/**
 * Runs the console's own jobs at the pace of their schedule, on a clock that jumps from run to run, so that minutes pass
 * as fast as the work is done. Polls go to the real Prometheus, which knows the minutes to come.
 */
export async function measureTicks(
  model: Model,
  minutes: number,
  cpu: Record<'console' | 'database' | 'source', CpuClock>,
): Promise<UpkeepCost> {
  let nowMs = model.untilM * MINUTE_MS;
  const ctx = await benchCtx(model.handle.db, () => new Date(nowMs));
  const deps = createSloDeps({
    openSource: ({ url, intervalMs }) => (url === null ? null : createPrometheusSource({ url, intervalMs })),
  });
  const schedule = scheduleOf(createSloJobs(deps));
  const passMinute = async (): Promise<void> => {
    const startMs = nowMs;
    for (const { atMs, job } of schedule) {
      nowMs = startMs + atMs;
      await job.run(ctx);
    }
    nowMs = startMs + MINUTE_MS;
  };
  for (let i = 0; i < WARM_UP_MINUTES; i++) await passMinute();
  const before = await readAll(cpu);
  const startedMs = performance.now();
  for (let i = 0; i < minutes; i++) await passMinute();
  const wallMs = (performance.now() - startedMs) / minutes;
  const after = await readAll(cpu);
  await deps.close();
  const spent = (who: keyof typeof before): number => (after[who] - before[who]) / minutes;
  return {
    minutes,
    consoleMs: spent('console'),
    databaseMs: spent('database'),
    sourceMs: spent('source'),
    wallMs,
  };
}

/** Every run of one minute in order: a job of 15 s runs four times. Jobs rarer than a minute are left out. */
function scheduleOf(jobs: readonly JobDefinition[]): { atMs: number; job: JobDefinition }[] {
  return jobs
    .filter((job) => job.everyMs <= MINUTE_MS)
    .flatMap((job) =>
      Array.from({ length: MINUTE_MS / job.everyMs }, (_, i) => ({ atMs: i * job.everyMs + SECOND_MS, job })),
    )
    .sort((a, b) => a.atMs - b.atMs);
}

async function readAll(cpu: Record<'console' | 'database' | 'source', CpuClock>) {
  return { console: await cpu.console(), database: await cpu.database(), source: await cpu.source() };
}
