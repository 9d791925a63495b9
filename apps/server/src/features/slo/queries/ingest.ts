import type { CumulativeRow } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { applyLate } from './ingest-late.ts';
import {
  type Addition,
  type Continuation,
  continueFrom,
  gather,
  type SliAdditions,
  type SliCounts,
  type SliRow,
} from './plan-counts.ts';
import { headRows } from './probes.ts';
import { bigints, ints } from './tiers.ts';

/** First half of the advisory lock keys of this read model. */
const LOCK_CLASS = 5_101;
/** Key of the lock that every batch holds, shared by small ones; real SLI ids start at 1. */
const WHOLE_MODEL = 0;
/** Batches over more SLIs than this lock the whole model: the lock table of the embedded store is small. */
const MAX_SINGLE_LOCKS = 16;

/** What became of a batch, per SLI. */
export interface AppliedSli {
  sliId: number;
  /** Newest row afterwards. */
  head: CumulativeRow;
  /** First minute that was not there before, or changed. */
  fromM: number;
  /** True if an older row changed. */
  late: boolean;
}

/**
 * Adds counts to the read model: at the end, into a minute that is there, or late, which moves every later row.
 * A fixed number of statements for any number of SLIs. Must run inside the transaction that records what was read, so
 * that nothing is counted twice. `horizon` is `horizonMinute(now)`.
 */
export async function applyCounts(tx: Tx, batch: readonly SliCounts[], horizon: number): Promise<AppliedSli[]> {
  const slis = gather(batch, horizon);
  if (slis.length === 0) return [];
  const ids = slis.map((s) => s.sliId);
  await lockSlis(tx, ids);
  const heads = await headRows(tx, ids, horizon);
  const late: Addition[] = [];
  const plans = slis.map((sli, i) => split(sli, heads[i] ?? null));
  for (const plan of plans) late.push(...plan.late);
  const gained = late.length === 0 ? new Map<number, CumulativeRow>() : await applyLate(tx, plans, horizon);
  const continuations = plans.map((plan) => {
    const head = gained.get(plan.sliId) ?? plan.head;
    return continueFrom(head, plan.appended, horizon);
  });
  await appendRows(tx, continuations);
  await noteFirstMinutes(tx, plans);
  return plans.map((plan, i) => applied(plan, continuations[i], gained.get(plan.sliId)));
}

/** Additions of one SLI on both sides of its newest row. */
export interface SliPlan {
  sliId: number;
  firstM: number;
  head: CumulativeRow | null;
  late: Addition[];
  appended: Addition[];
}

function split({ sliId, firstM, additions }: SliAdditions, head: CumulativeRow | null): SliPlan {
  const isLate = (a: Addition): boolean => head !== null && a.m <= head.m;
  return { sliId, firstM, head, late: additions.filter(isLate), appended: additions.filter((a) => !isLate(a)) };
}

function applied(plan: SliPlan, continuation: Continuation | undefined, gained: CumulativeRow | undefined): AppliedSli {
  const rows = [...(continuation?.hours ?? []), ...(continuation?.minutes ?? [])];
  const newest = rows.reduce<CumulativeRow | null>((a, b) => (a === null || b.m >= a.m ? b : a), gained ?? plan.head);
  return {
    sliId: plan.sliId,
    head: newest ?? { m: 0, total: 0, bad: 0, observed: 0 },
    fromM: plan.firstM,
    late: plan.late.some((a) => plan.head !== null && a.m < plan.head.m),
  };
}

/** Lets nobody else change these SLIs until the transaction ends. `sliIds` are ascending; taking it twice is harmless. */
export async function lockSlis(tx: Tx, sliIds: readonly number[]): Promise<void> {
  if (sliIds.length > MAX_SINGLE_LOCKS) return lockModel(tx);
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${LOCK_CLASS}::int, ${WHOLE_MODEL}::int)`);
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS}::int, s) from unnest(${ints(sliIds)}) as s`);
}

/** Lets nobody else change any SLI until the transaction ends. */
export async function lockModel(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS}::int, ${WHOLE_MODEL}::int)`);
}

/** Adds rows to both tiers. None of the minutes may be there; hours that are take the new value. */
export async function appendRows(tx: Tx, continuations: readonly Continuation[]): Promise<void> {
  const minutes = continuations.flatMap((c) => c.minutes);
  const hours = continuations.flatMap((c) => c.hours);
  if (minutes.length > 0)
    await tx.execute(sql`insert into sli_minute (sli_id, m, total, bad, observed) ${unnested(minutes)}`);
  if (hours.length === 0) return;
  await tx.execute(sql`
    insert into sli_hour (sli_id, m, total, bad, observed) ${unnested(hours)}
    on conflict (sli_id, m) do update
      set total = excluded.total, bad = excluded.bad, observed = excluded.observed`);
}

function unnested(rows: readonly SliRow[]) {
  const column = (read: (row: SliRow) => number): number[] => rows.map(read);
  return sql`select * from unnest(${ints(column((r) => r.sliId))}, ${ints(column((r) => r.m))},
    ${bigints(column((r) => r.total))}, ${bigints(column((r) => r.bad))}, ${ints(column((r) => r.observed))})`;
}

/** Keeps the first minute ever measured; only SLIs that are new or were corrected can have an earlier one. */
async function noteFirstMinutes(tx: Tx, plans: readonly SliPlan[]): Promise<void> {
  const open = plans.filter((p) => p.head === null || p.late.length > 0);
  if (open.length === 0) return;
  await tx.execute(sql`
    update slos set measured_since_minute = q.m
    from unnest(${ints(open.map((p) => p.sliId))}, ${ints(open.map((p) => p.firstM))}) as q(s, m)
    where slos.sli_id = q.s and (measured_since_minute is null or measured_since_minute > q.m)`);
}
