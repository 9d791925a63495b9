import type { SlotRole, Span } from '@qd/shared/oncall';
import { and, asc, eq, gt, inArray, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { heldUntil, type SlotRow } from '../../../db/queries/oncall.ts';
import { oncallSlots, platforms, users } from '../../../db/schema/index.ts';

/** A slot with who holds it, and the name of who ended it. */
export interface HeldSlot {
  slot: SlotRow;
  person: { id: string; name: string; state: (typeof users.$inferSelect)['state'] };
  endedByName: string | null;
}

const enders = alias(users, 'enders');

function held(db: ReadDb | Tx) {
  return db
    .select({
      slot: oncallSlots,
      person: { id: users.id, name: users.name, state: users.state },
      endedByName: enders.name,
    })
    .from(oncallSlots)
    .innerJoin(users, eq(users.id, oncallSlots.userId))
    .leftJoin(enders, eq(enders.id, oncallSlots.endedBy));
}

/** Which slots; instants bound the time they are held. */
export interface SlotScope {
  platforms: '*' | readonly string[];
  userId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Those too that were called off before they began. */
  calledOff: boolean;
}

function inScope({ platforms: of, userId, from, to, calledOff }: SlotScope): SQL | undefined {
  return and(
    of === '*' ? undefined : inArray(oncallSlots.platformId, [...of]),
    userId === undefined ? undefined : eq(oncallSlots.userId, userId),
    // What was called off has no time it was held at: it counts by its plan.
    from === undefined ? undefined : calledOff ? gt(oncallSlots.endsAt, from) : gt(heldUntil, from),
    to === undefined ? undefined : lt(oncallSlots.startsAt, to),
    calledOff ? undefined : or(isNull(oncallSlots.endedAt), gt(oncallSlots.endedAt, oncallSlots.startsAt)),
  );
}

/** A page of slots by their start; one more than `limit`. */
export async function selectSlots(
  db: ReadDb,
  scope: SlotScope,
  page: { afterId: string | null; limit: number },
): Promise<HeldSlot[]> {
  const after = sql`(${oncallSlots.startsAt}, ${oncallSlots.id}) > (select s.starts_at, s.id from oncall_slots s where s.id = ${page.afterId})`;
  return held(db)
    .where(and(inScope(scope), page.afterId === null ? undefined : after))
    .orderBy(asc(oncallSlots.startsAt), asc(oncallSlots.id))
    .limit(page.limit + 1);
}

/** Every slot held within a span on these platforms, by its start. Two of a role never overlap, so a span holds few. */
export async function selectSlotsWithin(db: ReadDb, of: '*' | readonly string[], span: Span): Promise<HeldSlot[]> {
  const scope = { platforms: of, from: new Date(span.startsAt), to: new Date(span.endsAt), calledOff: false };
  return held(db).where(inScope(scope)).orderBy(asc(oncallSlots.startsAt), asc(oncallSlots.id));
}

/** One slot, or null. */
export async function selectSlot(db: ReadDb | Tx, id: string): Promise<HeldSlot | null> {
  const [row] = await held(db).where(eq(oncallSlots.id, id));
  return row ?? null;
}

/** One slot, locked until the transaction ends, or null. */
export async function lockSlot(tx: Tx, id: string): Promise<SlotRow | null> {
  const [row] = await tx.select().from(oncallSlots).where(eq(oncallSlots.id, id)).for('update');
  return row ?? null;
}

/** A slot that a new one might not stand beside, with the name of who holds it. */
export interface BesideSlot extends Span {
  platform: string;
  userId: string;
  role: SlotRole;
  name: string;
}

/** Slots of a platform held at some time of a span, but for one. */
export async function selectBeside(
  tx: Tx,
  { platform, startsAt, endsAt }: Span & { platform: string },
  exceptId: string | null,
): Promise<BesideSlot[]> {
  const rows = await tx
    .select({ slot: oncallSlots, endsAt: heldUntil, name: users.name })
    .from(oncallSlots)
    .innerJoin(users, eq(users.id, oncallSlots.userId))
    .where(
      and(
        eq(oncallSlots.platformId, platform),
        lt(oncallSlots.startsAt, new Date(endsAt)),
        gt(heldUntil, new Date(startsAt)),
        exceptId === null ? undefined : ne(oncallSlots.id, exceptId),
      ),
    )
    .orderBy(asc(oncallSlots.startsAt));
  return rows.map((row) => ({
    platform,
    userId: row.slot.userId,
    role: row.slot.role,
    startsAt: row.slot.startsAt.getTime(),
    endsAt: row.endsAt.getTime(),
    name: row.name,
  }));
}

/** Platforms (`*`: all) by name. */
export async function selectPlatforms(
  db: ReadDb,
  of: '*' | readonly string[],
): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: platforms.id, name: platforms.name })
    .from(platforms)
    .where(of === '*' ? undefined : inArray(platforms.id, [...of]))
    .orderBy(asc(platforms.name), asc(platforms.id));
}
