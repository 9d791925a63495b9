import { and, eq, gte, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { keyMinutes, keyUsage } from '../../../db/schema/index.ts';

/** Calls of a key by minute since an instant: all of them, and those beyond a limit a minute (null: none). */
export async function selectMinutesBeyond(
  db: ReadDb,
  of: { keyId: string; since: Date; limitPerMin: number | null },
): Promise<{ calls: number; beyond: number }> {
  const beyond =
    of.limitPerMin === null
      ? sql<number>`0`
      : sql<number>`coalesce(sum(greatest(${keyMinutes.count} - ${of.limitPerMin}::int, 0)), 0)`;
  const [row] = await db
    .select({
      calls: sql<number>`coalesce(sum(${keyMinutes.count}), 0)`.mapWith(Number),
      beyond: beyond.mapWith(Number),
    })
    .from(keyMinutes)
    .where(and(eq(keyMinutes.keyId, of.keyId), gte(keyMinutes.minuteAt, of.since)));
  return row ?? { calls: 0, beyond: 0 };
}

/** Calls of a key that were let in since an instant, by address, the busiest first. */
export async function selectCallsByAddress(
  db: ReadDb,
  of: { keyId: string; since: Date; limit: number },
): Promise<{ address: string; calls: number }[]> {
  const calls = sql<number>`sum(${keyUsage.count})`.mapWith(Number);
  return db
    .select({ address: keyUsage.address, calls })
    .from(keyUsage)
    .where(and(eq(keyUsage.keyId, of.keyId), gte(keyUsage.startsAt, of.since), eq(keyUsage.outcome, 'ok')))
    .groupBy(keyUsage.address)
    .orderBy(sql`2 desc`)
    .limit(of.limit);
}
