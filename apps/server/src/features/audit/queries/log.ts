import type { AuditFilters, AuditListInput } from '@qd/shared/audit';
import { type SQL, and, asc, count, desc, eq, gt, gte, ilike, inArray, lt, lte, max, min, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { auditEvents, auditHead, users } from '../../../db/schema/index.ts';

/** A stored row, as the database has it. */
export type StoredAuditRow = typeof auditEvents.$inferSelect;

/** Rows that pass every filter, newest first, on the platforms given; rows of no platform only for `*`. One more than `limit`. */
export async function selectAudit(
  db: ReadDb,
  filters: Omit<AuditListInput, 'cursor'>,
  page: { platforms: '*' | string[]; beforeSeq: number | null },
): Promise<StoredAuditRow[]> {
  return db
    .select()
    .from(auditEvents)
    .where(
      and(
        onPlatforms(page.platforms),
        page.beforeSeq === null ? undefined : lt(auditEvents.seq, page.beforeSeq),
        ...(await conditions(db, filters)),
      ),
    )
    .orderBy(desc(auditEvents.seq))
    .limit(filters.limit + 1);
}

/** Rows of an export: `(afterSeq, throughSeq]` of those that pass the filters, and how many they are. */
export interface AuditExtent {
  afterSeq: number;
  throughSeq: number;
  rows: number;
  /** True when more than `maxRows` passed, and the oldest are left out. */
  isCut: boolean;
}

/** How far an export reaches: the newest `maxRows` rows that pass every filter, on the platforms given. */
export async function selectAuditExtent(
  db: ReadDb,
  filters: AuditFilters,
  of: { platforms: '*' | string[]; maxRows: number },
): Promise<AuditExtent> {
  const newest = db
    .select({ seq: auditEvents.seq })
    .from(auditEvents)
    .where(and(onPlatforms(of.platforms), ...(await conditions(db, filters))))
    .orderBy(desc(auditEvents.seq))
    .limit(of.maxRows + 1)
    .as('newest');
  const [found] = await db.select({ rows: count(), firstSeq: min(newest.seq), lastSeq: max(newest.seq) }).from(newest);
  const rows = found?.rows ?? 0;
  const isCut = rows > of.maxRows;
  const firstSeq = Number(found?.firstSeq ?? 1);
  return {
    afterSeq: isCut ? firstSeq : firstSeq - 1,
    throughSeq: Number(found?.lastSeq ?? 0),
    rows: Math.min(rows, of.maxRows),
    isCut,
  };
}

/** Rows of an export in the order of the chain, at most `limit`. */
export async function selectAuditRange(
  db: ReadDb,
  filters: AuditFilters,
  range: { platforms: '*' | string[]; afterSeq: number; throughSeq: number; limit: number },
): Promise<StoredAuditRow[]> {
  return db
    .select()
    .from(auditEvents)
    .where(
      and(
        onPlatforms(range.platforms),
        gt(auditEvents.seq, range.afterSeq),
        lte(auditEvents.seq, range.throughSeq),
        ...(await conditions(db, filters)),
      ),
    )
    .orderBy(asc(auditEvents.seq))
    .limit(range.limit);
}

function onPlatforms(platforms: '*' | string[]): SQL | undefined {
  return platforms === '*' ? undefined : inArray(auditEvents.platform, platforms);
}

async function conditions(db: ReadDb, filters: AuditFilters): Promise<(SQL | undefined)[]> {
  const { actor, action, status, platform, targetKind, from, to, text } = filters;
  return [
    actor === undefined ? undefined : await actedBy(db, actor),
    action === undefined ? undefined : await isAction(db, action),
    status === undefined ? undefined : eq(auditEvents.status, status),
    platform === undefined ? undefined : eq(auditEvents.platform, platform),
    targetKind === undefined ? undefined : eq(auditEvents.targetKind, targetKind),
    from === undefined ? undefined : gte(auditEvents.timestamp, new Date(from)),
    to === undefined ? undefined : lt(auditEvents.timestamp, new Date(to)),
    text === undefined ? undefined : containing(text),
  ];
}

/**
 * Rows of an actor by id, or by address: of the person who has it now, whatever address they had then. An address nobody
 * has is looked for in the rows themselves.
 */
async function actedBy(db: ReadDb, actor: string): Promise<SQL | undefined> {
  if (!actor.includes('@')) return eq(auditEvents.userId, actor);
  const [person] = await db.select({ id: users.id }).from(users).where(eq(users.emailKey, actor.toLowerCase()));
  return person === undefined
    ? sql`lower(${auditEvents.userEmail}) = ${actor.toLowerCase()}`
    : eq(auditEvents.userId, person.id);
}

/** Rows of a whole action, or of every action of a feature, named one by one so that the index of actions serves. */
async function isAction(db: ReadDb, action: string): Promise<SQL> {
  if (action.includes('.')) return eq(auditEvents.action, action);
  const named = (await selectActions(db)).filter((known) => known === action || known.startsWith(`${action}.`));
  return named.length === 0 ? sql`false` : inArray(auditEvents.action, named);
}

/** Every action there is in the log, read by leaps through the index: as many steps as actions, not as rows. */
async function selectActions(db: ReadDb): Promise<string[]> {
  const result: unknown = await db.execute(sql`
    with recursive known as (
      (select action from audit_events order by action limit 1)
      union all
      select (select e.action from audit_events e where e.action > known.action order by e.action limit 1)
      from known where known.action is not null
    )
    select action from known where action is not null`);
  return (result as { rows: { action: string }[] }).rows.map((row) => row.action);
}

function containing(text: string): SQL | undefined {
  const pattern = `%${literal(text)}%`;
  return or(
    ilike(auditEvents.action, pattern),
    ilike(auditEvents.userEmail, pattern),
    ilike(auditEvents.targetKind, pattern),
    ilike(auditEvents.targetId, pattern),
  );
}

/** Text in which LIKE sees no wildcard. */
function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

/** Rows after `afterSeq` up to `lastSeq`, in the order of the chain. */
export async function selectChain(
  db: ReadDb,
  range: { afterSeq: number; lastSeq: number; limit: number },
): Promise<StoredAuditRow[]> {
  return db
    .select()
    .from(auditEvents)
    .where(and(gt(auditEvents.seq, range.afterSeq), lte(auditEvents.seq, range.lastSeq)))
    .orderBy(asc(auditEvents.seq))
    .limit(range.limit);
}

/** The head of the chain and the highest row there is, of one moment; null when nothing was ever written. */
export async function selectChainEnd(
  db: ReadDb,
  chain: string,
): Promise<{ head: { seq: number; hash: Uint8Array } | null; lastSeq: number }> {
  const last = db
    .select({ seq: max(auditEvents.seq).as('last_seq') })
    .from(auditEvents)
    .as('last');
  const [row] = await db
    .select({ headSeq: auditHead.seq, headHash: auditHead.hash, lastSeq: last.seq })
    .from(last)
    .leftJoin(auditHead, eq(auditHead.id, chain));
  const head = row?.headHash && row.headSeq !== null ? { seq: row.headSeq, hash: row.headHash } : null;
  return { head, lastSeq: Number(row?.lastSeq ?? 0) };
}
