import { DomainError } from '@qd/shared/errors';
import { hasHistory, sliceMinutesOf } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf, startOfMinute } from '@qd/shared/time';
import type { MetricsSource, MinuteCount } from '../../../adapters/metrics/port.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { objective, type ObjectiveRow } from '../queries/objectives.ts';
import { horizonMinute } from '../queries/tiers.ts';
import { lockBeginning, prependCounts } from '../queries/writes/backfill.ts';
import { isOperator } from './definitions/check.ts';
import type { SloDeps } from './deps.ts';
import { oldBoundaries } from './exclusions/old-boundaries.ts';
import { readPast } from './preview/read-past.ts';
import { minutesOf, readableUntil, readHistory } from './reading/read-history.ts';
import { refreshSummaries } from './refresh-summaries.ts';

/** Longest past that can be read; hours are kept about as long. */
export const MAX_BACKFILL_DAYS = 400;
/** Stored in one transaction: each one raises every later row, so that few are better than many. */
const CHUNK_MINUTES = (7 * DAY_MS) / MINUTE_MS;
const MINUTES_PER_HOUR = 60;
/** Rounds of the first reading; each takes a tick's time. */
const MAX_ROUNDS = 60;

export interface BackfillOptions {
  /** How far back from now, 1 to `MAX_BACKFILL_DAYS`. */
  days: number;
  /** Hears after each chunk how much of the way is done, 0..1. */
  onProgress?: (doneRatio: number) => void;
}

/** What a backfill stored. */
export interface Backfilled {
  /** Minutes that were not measured before. */
  minutes: number;
  /** First minute that is measured now (epoch ms); null if nothing is. */
  measuredSince: number | null;
}

/**
 * Reads what an objective's source knows of the time before it was measured, newest first, and stores it: only minutes
 * before the first one that is there, so that doing it again, or twice at once, counts nothing twice. Each chunk is
 * recorded. Throws `not_found`, `forbidden`, `precondition` where the source knows no past, and what the source throws.
 */
export async function backfill(
  ctx: Ctx,
  deps: SloDeps,
  sloId: string,
  { days, onProgress }: BackfillOptions,
): Promise<Backfilled> {
  refuseDays(days);
  const row = await objective(ctx.db, sloId);
  if (row === null) throw new DomainError('not_found', 'There is no such objective; check the id.');
  if (!isOperator(ctx)) assertCan(ctx, 'slo:write', row.platformId);
  const source = hasHistory(row.source.kind) ? deps.openSource(row.source) : null;
  if (source === null) {
    const message = `${row.source.name} knows no past: only what a Prometheus measured can be read again.`;
    throw new DomainError('precondition', message);
  }
  try {
    return await readBack(ctx, deps, { row: await begun(ctx, deps, row, source), source, days, onProgress });
  } finally {
    await source.close();
  }
}

function refuseDays(days: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= MAX_BACKFILL_DAYS) return;
  const message = `must be whole days, 1 to ${MAX_BACKFILL_DAYS}`;
  throw new DomainError('invalid', `days ${message}.`, { fields: [{ field: 'days', message }] });
}

/** The objective after its first reading, which is waited for where no tick has done it yet. */
async function begun(ctx: Ctx, deps: SloDeps, row: ObjectiveRow, source: MetricsSource): Promise<ObjectiveRow> {
  let present = row;
  for (let round = 0; present.readUntilMinute === null && round < MAX_ROUNDS; round += 1) {
    const until = readableUntil(ctx.now().getTime(), source.settleMs);
    await readHistory(ctx, deps, { rows: [present], until, read: minutesOf(source), probe: () => source.probe() });
    const found = await objective(ctx.db, row.id);
    if (found === null) throw new DomainError('not_found', 'The objective was removed meanwhile.');
    present = found;
    if (present.lastError !== null) throw new DomainError('invalid', present.lastError);
  }
  return present;
}

interface Way {
  row: ObjectiveRow;
  source: MetricsSource;
  days: number;
  onProgress: BackfillOptions['onProgress'];
}

async function readBack(ctx: Ctx, deps: SloDeps, { row, source, days, onProgress }: Way): Promise<Backfilled> {
  const step = sliceMinutesOf(row.indicator);
  const nowM = minuteOf(ctx.now().getTime());
  const goal = Math.floor((nowM - (days * DAY_MS) / MINUTE_MS) / MINUTES_PER_HOUR) * MINUTES_PER_HOUR;
  const start = Math.floor((row.measuredSinceMinute ?? row.readUntilMinute ?? nowM) / step) * step;
  const { signal } = new AbortController();
  let minutes = 0;
  for (let until = start; until > goal;) {
    const fromMinute = Math.max(goal, until - CHUNK_MINUTES);
    const { counts } = await readPast(source, row.indicator, { fromMinute, untilMinute: until, signal });
    minutes += await storeChunk(ctx, row, { counts, fromMinute, untilMinute: until });
    until = fromMinute;
    onProgress?.((start - until) / (start - goal));
  }
  deps.memory.spark.forget([row.sliId]);
  await refreshSummaries(ctx, deps.memory, [row.sliId]);
  const after = await objective(ctx.db, row.id);
  const sinceM = after?.measuredSinceMinute ?? null;
  return { minutes, measuredSince: sinceM === null ? null : startOfMinute(sinceM) };
}

interface Chunk {
  counts: readonly MinuteCount[];
  fromMinute: number;
  untilMinute: number;
}

/** Stores the minutes of a chunk that nobody has stored meanwhile, and gives how many were measured. */
async function storeChunk(ctx: Ctx, row: ObjectiveRow, { counts, fromMinute, untilMinute }: Chunk): Promise<number> {
  if (counts.length === 0) return 0;
  const { sliId } = row;
  const horizon = horizonMinute(ctx.now().getTime());
  const boundaries = (await oldBoundaries(ctx.db, [{ sliId, counts }], horizon)).get(sliId) ?? [];
  return write(ctx, async (tx, record) => {
    const now = await lockBeginning(tx, row.id);
    if (now?.sliId !== sliId) {
      throw new DomainError('conflict', 'What the objective counts was changed meanwhile; start the backfill again.');
    }
    const sinceMinute = now.measuredSinceMinute;
    const end = Math.min(untilMinute, sinceMinute ?? untilMinute);
    const fresh = counts.filter(({ m }) => m < end);
    await prependCounts(tx, { sliId, counts: fresh, boundaries }, { sinceMinute, horizon });
    const minutes = fresh.filter(({ observed }) => observed).length;
    record({
      action: 'slo.backfilled',
      category: 'slo',
      platform: row.platformId,
      target: { kind: 'slo', id: row.id },
      details: { from: startOfMinute(fromMinute), until: startOfMinute(end), minutes },
    });
    return minutes;
  });
}
