import type { AuditFilters, AuditListInput } from '@qd/shared/audit';
import { DAY_MS, LAST_INSTANT_MS } from '@qd/shared/time';
import { type SQL, and, desc, gt, inArray, lt, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { auditEvents } from '../../../db/schema/index.ts';
import { passes, says } from '../facets.ts';
import { actedBy, conditions, facetConditions, inTime, onPlatforms, selectActor } from './conditions.ts';
import { selectFacets, selectNewestOf, type AmongRows } from './facets.ts';
import { selectHolding } from './find-text.ts';
import type { StoredAuditRow } from './log.ts';

type Filters = Omit<AuditListInput, 'cursor'>;

/** A host whose clock is wrong by less than this writes rows that are still found by their time. */
const CLOCK_FAULT_MS = DAY_MS;

/** Rows that pass every filter, newest first, on the platforms given; rows of no platform only for `*`. One more than `limit`. */
export async function selectAudit(
  db: ReadDb,
  filters: Filters,
  page: { platforms: '*' | string[]; beforeSeq: number | null },
): Promise<StoredAuditRow[]> {
  const limit = filters.limit + 1;
  const actor = filters.actor === undefined ? null : await selectActor(db, filters.actor);
  const bounds = await selectBounds(db, filters, page.beforeSeq);
  const userId = actor !== null && 'id' in actor ? actor.id : null;
  const isPlain = page.platforms === '*' && facetConditions(filters).every((condition) => condition === undefined);
  // An address of nobody here, or a text within what one person did: few rows, and an index for them.
  const isOfFew = actor !== null && (userId === null || filters.text !== undefined);
  if (isOfFew || (isPlain && filters.text === undefined)) {
    const all = [
      onPlatforms(page.platforms),
      inRange(bounds),
      ...(actor === null ? [] : [actedBy(actor)]),
      ...(await conditions(db, without(filters, 'actor'))),
    ];
    return selectRows(db, and(...all), limit);
  }
  const seqs = await selectSeqs(db, { filters, platforms: page.platforms, limit, userId, ...bounds });
  return seqs.length === 0 ? [] : selectRows(db, inArray(auditEvents.seq, seqs), limit);
}

async function selectSeqs(
  db: ReadDb,
  of: { filters: Filters; platforms: '*' | string[]; limit: number } & Omit<AmongRows, 'where'>,
): Promise<number[]> {
  const { filters, platforms, limit, ...range } = of;
  const among = { ...range, limit, where: inTime(filters) };
  const facets = (await selectFacets(db, among.userId)).filter((facet) => passes(facet, filters, platforms));
  const { text } = filters;
  if (text === undefined) return selectNewestOf(db, facets, among);
  const found = await selectNewestOf(
    db,
    facets.filter((facet) => says(facet, text)),
    among,
  );
  const rest = facets.filter((facet) => !says(facet, text));
  if (rest.length === 0) return found;
  // What is older than a full page of those need not be looked at.
  const afterSeq = found[limit - 1] ?? among.afterSeq;
  const where = [...among.where, onPlatforms(platforms), ...facetConditions(filters)];
  const holding = await selectHolding(db, { text, facets: rest }, { ...among, afterSeq, where });
  return [...new Set([...found, ...holding])].toSorted((a, b) => b - a).slice(0, limit);
}

function without(filters: Filters, name: 'actor'): AuditFilters {
  const { [name]: _left, ...rest } = filters;
  return rest;
}

async function selectRows(db: ReadDb, where: SQL | undefined, limit: number): Promise<StoredAuditRow[]> {
  return db.select().from(auditEvents).where(where).orderBy(desc(auditEvents.seq)).limit(limit);
}

interface Bounds {
  afterSeq: number;
  beforeSeq: number;
}

function inRange({ afterSeq, beforeSeq }: Bounds): SQL | undefined {
  return and(gt(auditEvents.seq, afterSeq), lt(auditEvents.seq, beforeSeq));
}

/**
 * Between which numbers the rows of a span of time lie, and before the page's marker. Rows are numbered in the order in which they
 * were written, which is that of their times but for what clocks differ.
 */
async function selectBounds(db: ReadDb, filters: Filters, beforeSeq: number | null): Promise<Bounds> {
  const { from, to } = filters;
  if (from === undefined && to === undefined) return { afterSeq: 0, beforeSeq: beforeSeq ?? Number.MAX_SAFE_INTEGER };
  const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const before =
    from === undefined
      ? sql`null`
      : sql`(select e.seq from audit_events e
    where e.timestamp < ${at(Math.max(0, from - CLOCK_FAULT_MS))} order by e.timestamp desc limit 1)`;
  const after =
    to === undefined
      ? sql`null`
      : sql`(select e.seq from audit_events e
    where e.timestamp >= ${at(Math.min(LAST_INSTANT_MS, to + CLOCK_FAULT_MS))} order by e.timestamp limit 1)`;
  const result: unknown = await db.execute(sql`select ${before}::bigint as after, ${after}::bigint as before`);
  const [row] = (result as { rows: Record<'after' | 'before', string | number | null>[] }).rows;
  return {
    afterSeq: Number(row?.after ?? 0),
    beforeSeq: Math.min(Number(row?.before ?? Number.MAX_SAFE_INTEGER), beforeSeq ?? Number.MAX_SAFE_INTEGER),
  };
}
