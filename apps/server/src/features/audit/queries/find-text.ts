import { type SQL, and, desc, gt, lt, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { auditEvents, auditWords } from '../../../db/schema/index.ts';
import { cheapestWay, type AuditFacet, type Sample } from '../facets.ts';
import { containingWord, patternOf } from './conditions.ts';
import { andAll, selectNewestOf, type AmongRows } from './facets.ts';

/** Rows looked at first, from the newest: a text that many rows hold is found among them. */
const LOOK_ROWS = 3_000;
/** What else is looked at to choose the way, spread over the log. */
const STRETCHES = 20;
const STRETCH_ROWS = 100;

/** Words looked through one by one. */
const MAX_WORDS = 2_000;
/** So few that nothing else need be tried. */
const FEW_WORDS = 50;

/** An address or the id of a target, as the table of words has it. */
interface Word {
  targetKind: string;
  word: string;
}

/**
 * Numbers of the newest rows whose address or target's id holds a text, of those that pass `among`, at most its `limit`. `facets` are
 * those the rows may have. What the newest rows do not answer is found through the few words that hold the text, through the facets
 * where these seldom occur, or by going on from the newest.
 */
export async function selectHolding(
  db: ReadDb,
  { text, facets }: { text: string; facets: readonly AuditFacet[] },
  among: AmongRows & { limit: number },
): Promise<number[]> {
  const { limit } = among;
  const words = await selectWords(db, text);
  if (words.length === 0) return [];
  const asksNoMore = among.where.every((condition) => condition === undefined);
  if (asksNoMore && words.length <= FEW_WORDS) return selectNewestWith(db, words, among);
  const holds = containingWord(text);
  const { rows, seqs, lastSeq } = await selectLook(db, holds, among);
  if (rows < LOOK_ROWS || seqs.length === limit) return seqs;
  const sample = await selectSample(db, holds, { ...among, lastSeq });
  const way = cheapestWay(sample, {
    words: words.length > MAX_WORDS ? null : words.length,
    total: lastSeq - among.afterSeq,
    limit,
    newest: seqs.length / rows,
  });
  if (way === 'words') return selectNewestWith(db, words, among);
  if (way === 'facets') return selectNewestOf(db, facets, { ...among, where: [...among.where, holds] });
  return selectFromNewest(db, and(holds, inRange(among), ...among.where), limit);
}

/** Words that hold a text, at most one more than can be looked through. */
async function selectWords(db: ReadDb, text: string): Promise<Word[]> {
  return db
    .select()
    .from(auditWords)
    .where(sql`lower(${auditWords.word}) like lower(${patternOf(text)})`)
    .limit(MAX_WORDS + 1);
}

interface Look {
  /** Rows looked at. */
  rows: number;
  /** Numbers of those that hold the text and pass, the newest first. */
  seqs: number[];
  lastSeq: number;
}

async function selectLook(db: ReadDb, holds: SQL | undefined, among: AmongRows & { limit: number }): Promise<Look> {
  const newest = db
    .select({ seq: auditEvents.seq, fits: sql`${and(holds, ...among.where)}`.as('fits') })
    .from(auditEvents)
    .where(inRange(among))
    .orderBy(desc(auditEvents.seq))
    .limit(LOOK_ROWS)
    .as('newest');
  const [row] = await db
    .select({
      rows: sql<number>`count(*)::int`,
      lastSeq: sql<string | null>`max(seq)`,
      seqs: sql<
        number[] | null
      >`to_json((array_agg(seq order by seq desc) filter (where fits))[1:${among.limit}::int])`,
    })
    .from(newest);
  return { rows: row?.rows ?? 0, seqs: row?.seqs ?? [], lastSeq: Number(row?.lastSeq ?? 0) };
}

/** How many hold the text and how many pass, of stretches of rows spread evenly over the range. */
async function selectSample(
  db: ReadDb,
  holds: SQL | undefined,
  among: AmongRows & { lastSeq: number },
): Promise<Sample> {
  const { afterSeq, lastSeq } = among;
  const step = (lastSeq - afterSeq) / STRETCHES;
  const passes = and(...among.where) ?? sql`true`;
  const rows = (which: SQL) => sql`(count(*) filter (where ${which}))::int`;
  const result: unknown = await db.execute(sql`
    with stretch as (
      select ${afterSeq}::bigint + round(n * ${step}::numeric)::bigint as after_seq from generate_series(0, ${STRETCHES - 1}::int) n
    ), seen as (
      select s.* from stretch cross join lateral (
        select ${holds} as holds, ${passes} as passes from audit_events
        where audit_events.seq > stretch.after_seq and audit_events.seq <= stretch.after_seq + ${STRETCH_ROWS}::int
      ) s
    )
    select ${rows(sql`true`)} as rows, ${rows(sql`holds`)} as holding, ${rows(sql`passes`)} as passing,
      ${rows(sql`holds and passes`)} as both
    from seen`);
  const [sample] = (result as { rows: Sample[] }).rows;
  return sample ?? { rows: 0, holding: 0, passing: 0, both: 0 };
}

/** Only the words of the newest rows are read further: what the others are in is older than `limit` rows. */
async function selectNewestWith(
  db: ReadDb,
  words: readonly Word[],
  among: AmongRows & { limit: number },
): Promise<number[]> {
  const { limit, afterSeq, beforeSeq, where } = among;
  const ofWord = (is: SQL, rows: number) => sql`(
    select audit_events.seq from audit_events
    where ${is} and audit_events.seq > ${afterSeq}::bigint and audit_events.seq < ${beforeSeq}::bigint ${andAll(where)}
    order by audit_events.seq desc limit ${rows}::int)`;
  const newest = (word: SQL, rows: number) => sql`lateral (
    ${ofWord(sql`${word}."targetKind" = '' and lower(audit_events.user_email) = ${word}.word`, rows)}
    union all
    ${ofWord(sql`audit_events.target_kind = ${word}."targetKind" and audit_events.target_id = ${word}.word`, rows)})`;
  const result: unknown = await db.execute(sql`
    with word as (
      select * from jsonb_to_recordset(${JSON.stringify(words)}::jsonb) as w("targetKind" text, word text)
    ), recent as (
      select w.* from word w cross join ${newest(sql`w`, 1)} last order by last.seq desc limit ${limit}::int
    )
    select distinct found.seq from recent r cross join ${newest(sql`r`, limit)} found
    order by found.seq desc limit ${limit}::int`);
  return (result as { rows: { seq: string | number }[] }).rows.map((row) => Number(row.seq));
}

async function selectFromNewest(db: ReadDb, where: SQL | undefined, limit: number): Promise<number[]> {
  const rows = await db
    .select({ seq: auditEvents.seq })
    .from(auditEvents)
    .where(where)
    .orderBy(desc(auditEvents.seq))
    .limit(limit);
  return rows.map((row) => row.seq);
}

function inRange({ afterSeq, beforeSeq }: AmongRows): SQL | undefined {
  return and(gt(auditEvents.seq, afterSeq), lt(auditEvents.seq, beforeSeq));
}
