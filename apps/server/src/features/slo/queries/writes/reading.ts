import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';
import { sources } from '../../../../db/schema/index.ts';
import { rowsOf } from '../raw.ts';
import { ints } from '../tiers.ts';

/** How far an objective was read, and up to where it now is. */
export interface ReadClaim {
  sliId: number;
  /** `readUntilMinute` the read started from; null for the first read. */
  before: number | null;
  until: number;
}

const NEVER = -1;

/**
 * Moves objectives on to where they were read, and gives the SLIs that were still where the read had started. What was
 * read of the others was stored by another replica in the meantime and must be dropped.
 */
export async function claimRead(tx: Tx, claims: readonly ReadClaim[]): Promise<Set<number>> {
  if (claims.length === 0) return new Set();
  const rows = await rowsOf<{ sli: number }>(
    tx,
    sql`update slos set read_until_minute = q.until, last_error = null
      from unnest(${ints(claims.map((c) => c.sliId))}, ${ints(claims.map((c) => c.before ?? NEVER))},
        ${ints(claims.map((c) => c.until))}) as q(s, before, until)
      where slos.sli_id = q.s and coalesce(slos.read_until_minute, ${NEVER}) = q.before
      returning slos.sli_id as sli`,
  );
  return new Set(rows.map((row) => row.sli));
}

/** Sets why objectives cannot be measured; null clears it. */
export async function noteSloErrors(tx: Tx, errors: ReadonlyMap<number, string | null>): Promise<void> {
  if (errors.size === 0) return;
  await tx.execute(sql`
    update slos set last_error = q.error
    from unnest(${ints([...errors.keys()])}, ${sql.param([...errors.values()])}::text[]) as q(s, error)
    where slos.sli_id = q.s and slos.last_error is distinct from q.error`);
}

/** How the last attempt to read a source went. */
export interface SourceOutcome {
  at: Date;
  /** Null when it answered. */
  error: string | null;
  latencyMs?: number;
  serverVersion?: string | null;
}

/** Stores how a source fared. What was not learnt this time stays as it was. */
export async function noteSource(tx: Tx, id: string, outcome: SourceOutcome): Promise<void> {
  const { at, error, latencyMs, serverVersion } = outcome;
  await tx
    .update(sources)
    .set({
      lastTriedAt: at,
      lastError: error,
      ...(error === null ? { lastOkAt: at } : {}),
      ...(latencyMs === undefined ? {} : { latencyMs }),
      ...(serverVersion == null ? {} : { serverVersion }),
    })
    .where(eq(sources.id, id));
}
