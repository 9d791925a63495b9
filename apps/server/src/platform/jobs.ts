import { randomBytes } from 'node:crypto';
import { Cron } from 'croner';
import type { Logger } from 'pino';
import type { Db } from '../db/client.ts';
import { finishJob, leaseJob } from '../db/job-leases.ts';
import type { Ctx } from './context.ts';
import type { Telemetry } from './telemetry.ts';

/** Work that repeats. One replica runs it at a time, unless it concerns the process itself. */
export interface JobDefinition {
  /** `feature.verb`, the row in `job_runs`. */
  name: string;
  everyMs: number;
  /** Run in every replica, without a lease. */
  perReplica?: boolean;
  run(ctx: Ctx): Promise<void>;
}

export interface JobRunner {
  start(jobs: readonly JobDefinition[]): void;
  /** Runs one job now, outside its schedule; waits for it. */
  runNow(job: JobDefinition): Promise<void>;
  /** Stops the schedule and waits for what is running. */
  stop(): Promise<void>;
}

/** A lease outlives its run by this factor of the interval, so that a dead replica's job is taken over soon. */
const LEASE_FACTOR = 4;
const MIN_LEASE_MS = 60_000;

/** Runs jobs on their intervals under leases in `job_runs`. A failure is logged and the next run comes as planned. */
export function createJobRunner(options: { db: Db; ctx: () => Ctx; telemetry: Telemetry; log: Logger }): JobRunner {
  const { db, telemetry, log } = options;
  const owner = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const crons: Cron[] = [];
  const running = new Set<Promise<void>>();
  let stopped = false;

  const runOnce = async (job: JobDefinition, forced: boolean): Promise<void> => {
    const ctx = options.ctx();
    const startedAt = ctx.now();
    const leaseMs = Math.max(MIN_LEASE_MS, job.everyMs * LEASE_FACTOR);
    const leased =
      job.perReplica === true ||
      (await leaseJob(db, { name: job.name, owner, now: startedAt, leaseMs, everyMs: forced ? 0 : job.everyMs }));
    if (!leased) return;
    let error: string | null = null;
    try {
      await job.run(ctx);
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
      log.error({ err: cause, job: job.name }, 'job failed');
    }
    const durationMs = ctx.now().getTime() - startedAt.getTime();
    telemetry.jobSeconds.observe({ job: job.name, outcome: error === null ? 'ok' : 'failed' }, durationMs / 1_000);
    if (job.perReplica !== true) await finishJob(db, { name: job.name, owner, now: ctx.now(), durationMs, error });
  };

  const track = (work: Promise<void>, name: string): Promise<void> => {
    const settled = work
      .catch((error: unknown) => log.error({ err: error, job: name }, 'job could not be leased'))
      .finally(() => running.delete(settled));
    running.add(settled);
    return settled;
  };

  return {
    start(jobs) {
      for (const job of jobs) {
        const seconds = Math.max(1, Math.round(job.everyMs / 1_000));
        crons.push(
          new Cron('* * * * * *', { interval: seconds, protect: true }, () =>
            stopped ? undefined : track(runOnce(job, false), job.name),
          ),
        );
      }
    },
    runNow: (job) => track(runOnce(job, true), job.name),
    async stop() {
      stopped = true;
      for (const cron of crons) cron.stop();
      await Promise.all(running);
    },
  };
}
