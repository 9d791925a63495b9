import { and, asc, count, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { oncallSlots, platforms } from '../schema/index.ts';

/** A slot as stored. */
export type SlotRow = typeof oncallSlots.$inferSelect;

/** Until when a slot is held: as planned, or until it was given up. */
export const heldUntil = sql<Date>`coalesce(${oncallSlots.endedAt}, ${oncallSlots.endsAt})`.mapWith(oncallSlots.endsAt);

const isLeft = (userId: string, now: Date) =>
  and(eq(oncallSlots.userId, userId), isNull(oncallSlots.endedAt), gt(oncallSlots.endsAt, now));

/** Ends slots of a person that run or are still to come: what was held stays, what was to come is gone. Gives those slots. */
export async function endSlotsOf(
  tx: Tx,
  userId: string,
  ended: { at: Date; by: string | null; reason: string },
): Promise<Pick<SlotRow, 'id' | 'platformId' | 'role' | 'startsAt' | 'endsAt'>[]> {
  const { id, platformId, role, startsAt, endsAt, version } = oncallSlots;
  return tx
    .update(oncallSlots)
    .set({ endedAt: ended.at, endedBy: ended.by, endedReason: ended.reason, version: sql`${version} + 1` })
    .where(isLeft(userId, ended.at))
    .returning({ id, platformId, role, startsAt, endsAt });
}

/** Whose slots that are not over, on which platforms (`*`: all). */
export interface SlotsLeftOf {
  userId: string;
  platforms: '*' | readonly string[];
  now: Date;
}

const isLeftWithin = ({ userId, platforms: of, now }: SlotsLeftOf) =>
  and(isLeft(userId, now), of === '*' ? undefined : sql`${oncallSlots.platformId} = any(${sql.param(of)}::text[])`);

/** Slots of a person that run or are still to come, by their start, with the name of the platform. */
export async function selectSlotsLeft(db: ReadDb, of: SlotsLeftOf, limit: number) {
  return db
    .select({
      id: oncallSlots.id,
      platform: oncallSlots.platformId,
      platformName: platforms.name,
      role: oncallSlots.role,
      startsAt: oncallSlots.startsAt,
      endsAt: oncallSlots.endsAt,
    })
    .from(oncallSlots)
    .innerJoin(platforms, eq(platforms.id, oncallSlots.platformId))
    .where(isLeftWithin(of))
    .orderBy(asc(oncallSlots.startsAt), asc(oncallSlots.id))
    .limit(limit);
}

/** How many slots of a person run or are still to come. */
export async function countSlotsLeft(db: ReadDb, of: SlotsLeftOf): Promise<number> {
  const [row] = await db.select({ slots: count() }).from(oncallSlots).where(isLeftWithin(of));
  return row?.slots ?? 0;
}

/** What others hold at the time of slots of a person that are left, each pair once. */
export async function selectOthersBeside(db: ReadDb, { userId, now }: Pick<SlotsLeftOf, 'userId' | 'now'>) {
  const own = db
    .select({ platform: oncallSlots.platformId, startsAt: oncallSlots.startsAt, endsAt: oncallSlots.endsAt })
    .from(oncallSlots)
    .where(isLeft(userId, now))
    .as('own');
  return db
    .selectDistinct({ platform: oncallSlots.platformId, startsAt: oncallSlots.startsAt, endsAt: heldUntil })
    .from(oncallSlots)
    .innerJoin(
      own,
      and(eq(own.platform, oncallSlots.platformId), lt(oncallSlots.startsAt, own.endsAt), gt(heldUntil, own.startsAt)),
    )
    .where(and(ne(oncallSlots.userId, userId), gt(heldUntil, now)));
}
