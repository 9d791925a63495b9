import type { AuditFilters } from '@qd/shared/audit';
import { and, asc, count, desc, eq, gt, lte, max, min } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { auditEvents, auditHead } from '../../../db/schema/index.ts';
import { conditions, onPlatforms } from './conditions.ts';

/** A stored row, as the database has it. */
export type StoredAuditRow = typeof auditEvents.$inferSelect;

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
