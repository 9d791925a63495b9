import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Db } from './client.ts';
import { jobRuns } from './schema/index.ts';

/** Takes the lease of a job if it is due and free. One statement, so of many replicas one gets it. */
export async function leaseJob(
  db: Db,
  lease: { name: string; owner: string; now: Date; leaseMs: number; everyMs: number },
): Promise<boolean> {
  await db.insert(jobRuns).values({ name: lease.name }).onConflictDoNothing();
  // Replicas tick at slightly different moments; a tenth of slack keeps the cadence without a second run.
  const dueBefore = new Date(lease.now.getTime() - lease.everyMs * 0.9);
  const taken = await db
    .update(jobRuns)
    .set({
      lockedBy: lease.owner,
      lockedUntil: new Date(lease.now.getTime() + lease.leaseMs),
      lastStartedAt: lease.now,
    })
    .where(
      and(
        eq(jobRuns.name, lease.name),
        or(isNull(jobRuns.lockedUntil), lte(jobRuns.lockedUntil, lease.now)),
        or(isNull(jobRuns.lastStartedAt), lte(jobRuns.lastStartedAt, dueBefore)),
      ),
    )
    .returning({ name: jobRuns.name });
  return taken.length === 1;
}

/** Gives the lease back and records how the run went; a lease lost to another replica is left alone. */
export async function finishJob(
  db: Db,
  end: { name: string; owner: string; now: Date; durationMs: number; error: string | null },
): Promise<void> {
  await db
    .update(jobRuns)
    .set({
      lockedBy: null,
      lockedUntil: null,
      lastFinishedAt: end.now,
      lastDurationMs: end.durationMs,
      lastError: end.error,
      runs: sql`${jobRuns.runs} + 1`,
      failures: end.error === null ? jobRuns.failures : sql`${jobRuns.failures} + 1`,
    })
    .where(and(eq(jobRuns.name, end.name), eq(jobRuns.lockedBy, end.owner)));
}
