import type { CumulativeRow } from '@qd/shared/slo';
import { eq, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../db/client.ts';
import {
  deploys,
  exclusions,
  facts,
  grants,
  incidents,
  invitations,
  memberships,
  passkeys,
  platforms,
  sessions,
  sliHour,
  sliMinute,
  sliNow,
  sliPushed,
  slos,
  sources,
  users,
} from '../../db/schema/index.ts';

const ROWS_PER_INSERT = 5_000;

/** A lasting fact about the installation, or null. */
export async function readFact(db: ReadDb, key: string): Promise<unknown> {
  const rows = await db.select({ value: facts.value }).from(facts).where(eq(facts.key, key));
  return rows[0]?.value ?? null;
}

/** Sets a lasting fact. */
export async function writeFact(tx: Tx, key: string, value: unknown, now: Date): Promise<void> {
  await tx
    .insert(facts)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: facts.key, set: { value, updatedAt: now } });
}

/** True if nothing was ever set up: no platform and no person. */
export async function isEmpty(db: ReadDb): Promise<boolean> {
  const [platform, user] = await Promise.all([
    db.select({ id: platforms.id }).from(platforms).limit(1),
    db.select({ id: users.id }).from(users).limit(1),
  ]);
  return platform.length === 0 && user.length === 0;
}

/** Objectives of the demo with what binds them to their story. */
export function demoSlos(db: ReadDb) {
  return db
    .select({
      id: slos.id,
      sliId: slos.sliId,
      platformId: slos.platformId,
      slug: slos.slug,
      targetPercent: slos.targetPercent,
      windowMs: slos.windowMs,
      anchorAt: slos.anchorAt,
    })
    .from(slos)
    .where(eq(slos.isDemo, true))
    .orderBy(slos.sliId);
}

/** Adds the demo's platforms, their one source each, and their objectives. */
export async function insertDemoCatalog(
  tx: Tx,
  rows: {
    platforms: (typeof platforms.$inferInsert)[];
    sources: (typeof sources.$inferInsert)[];
    slos: (typeof slos.$inferInsert)[];
  },
): Promise<void> {
  await tx.insert(platforms).values(rows.platforms).onConflictDoNothing();
  await tx.insert(sources).values(rows.sources).onConflictDoNothing();
  await tx.insert(slos).values(rows.slos).onConflictDoNothing();
}

/** Adds the demo's excluded time. */
export async function insertDemoExclusions(tx: Tx, rows: (typeof exclusions.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(exclusions).values(rows).onConflictDoNothing();
}

/** Adds the demo accounts and their grants. */
export async function insertDemoPeople(
  tx: Tx,
  people: (typeof users.$inferInsert)[],
  given: (typeof grants.$inferInsert)[],
): Promise<void> {
  await tx.insert(users).values(people).onConflictDoNothing();
  await tx.insert(grants).values(given).onConflictDoNothing();
}

/** Adds the people of the demo's directory, with what they hold; after the accounts, who gave it to them. */
export async function insertDemoDirectory(
  tx: Tx,
  rows: {
    users: (typeof users.$inferInsert)[];
    grants: (typeof grants.$inferInsert)[];
    memberships: (typeof memberships.$inferInsert)[];
    passkeys: (typeof passkeys.$inferInsert)[];
    invitations: (typeof invitations.$inferInsert)[];
  },
): Promise<void> {
  await tx.insert(users).values(rows.users).onConflictDoNothing();
  if (rows.grants.length > 0) await tx.insert(grants).values(rows.grants).onConflictDoNothing();
  if (rows.memberships.length > 0) await tx.insert(memberships).values(rows.memberships).onConflictDoNothing();
  await tx.insert(passkeys).values(rows.passkeys).onConflictDoNothing();
  await tx.insert(invitations).values(rows.invitations).onConflictDoNothing();
}

/** Replaces the buckets of one objective and says up to where they were read. */
export async function replaceBuckets(
  tx: Tx,
  slo: { sliId: number; anchorAt: Date; sinceMinute: number; untilMinute: number },
  minutes: CumulativeRow[],
  hours: CumulativeRow[],
): Promise<void> {
  for (const table of [sliMinute, sliHour, sliPushed, sliNow]) await tx.delete(table).where(eq(table.sliId, slo.sliId));
  await insertRows(tx, 'sli_minute', slo.sliId, minutes);
  await insertRows(tx, 'sli_hour', slo.sliId, hours);
  await tx
    .update(slos)
    .set({ anchorAt: slo.anchorAt, measuredSinceMinute: slo.sinceMinute, readUntilMinute: slo.untilMinute })
    .where(eq(slos.sliId, slo.sliId));
}

async function insertRows(
  tx: Tx,
  table: 'sli_minute' | 'sli_hour',
  sliId: number,
  rows: CumulativeRow[],
): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_PER_INSERT) {
    const part = rows.slice(i, i + ROWS_PER_INSERT);
    const column = (pick: (r: CumulativeRow) => number) => sql.param(`{${part.map(pick).join(',')}}`);
    await tx.execute(sql`
      insert into ${sql.identifier(table)} (sli_id, m, total, bad, observed)
      select ${sliId}::int, t.m, t.total, t.bad, t.observed
      from unnest(${column((r) => r.m)}::int[], ${column((r) => r.total)}::bigint[], ${column((r) => r.bad)}::bigint[], ${column((r) => r.observed)}::int[]) as t(m, total, bad, observed)`);
  }
}

/** Replaces the demo's incidents and deploys. */
export async function replaceDemoEvents(
  tx: Tx,
  events: { incidents: (typeof incidents.$inferInsert)[]; deploys: (typeof deploys.$inferInsert)[] },
): Promise<void> {
  await tx.delete(incidents).where(eq(incidents.isDemo, true));
  await tx.delete(deploys).where(eq(deploys.isDemo, true));
  await tx.insert(incidents).values(events.incidents);
  await tx.insert(deploys).values(events.deploys);
}

/** Closes demo incidents whose story has ended by now. */
export async function closeDemoIncidents(tx: Tx, ended: { id: string; resolvedAt: Date }[]): Promise<number> {
  let closed = 0;
  for (const { id, resolvedAt } of ended) {
    const rows = await tx
      .update(incidents)
      .set({ status: 'resolved', resolvedAt })
      .where(sql`${incidents.id} = ${id} and ${incidents.resolvedAt} is null`)
      .returning({ id: incidents.id });
    closed += rows.length;
  }
  return closed;
}

/** Open incidents of the demo. */
export function openDemoIncidents(db: ReadDb) {
  return db
    .select({ id: incidents.id, startedAt: incidents.startedAt, title: incidents.title })
    .from(incidents)
    .where(sql`${incidents.isDemo} and ${incidents.resolvedAt} is null`);
}

/** Removes everything marked as demo. Gives how many platforms, objectives and people went. */
export async function deleteDemo(tx: Tx): Promise<{ platforms: number; slos: number; users: number }> {
  // A platform somebody has since measured for real stays, with what is real of it.
  await tx
    .update(platforms)
    .set({ isDemo: false })
    .where(
      sql`${platforms.isDemo} and exists (select 1 from sources s where s.platform_id = ${platforms.id} and not s.is_demo)`,
    );
  const sli = sql`(select sli_id from slos where is_demo)`;
  for (const table of [sliMinute, sliHour, sliPushed, sliNow])
    await tx.delete(table).where(sql`${table.sliId} in ${sli}`);
  await tx.delete(exclusions).where(eq(exclusions.isDemo, true));
  const goneSlos = await tx.delete(slos).where(eq(slos.isDemo, true)).returning({ id: slos.id });
  await tx.delete(sources).where(eq(sources.isDemo, true));
  await tx.delete(incidents).where(eq(incidents.isDemo, true));
  await tx.delete(deploys).where(eq(deploys.isDemo, true));
  const gonePlatforms = await tx.delete(platforms).where(eq(platforms.isDemo, true)).returning({ id: platforms.id });
  await tx.delete(sessions).where(sql`${sessions.userId} in (select id from users where is_demo)`);
  const goneUsers = await tx.delete(users).where(eq(users.isDemo, true)).returning({ id: users.id });
  return { platforms: gonePlatforms.length, slos: goneSlos.length, users: goneUsers.length };
}
