import type { AlertKind, AlertView } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { rowsOf } from './raw.ts';

/** One alert before and after; null before it fired and after it is over. */
export interface StoredChange {
  sloId: string;
  kind: AlertKind;
  before: { state: AlertView['state']; changedAt: Date } | null;
  after: AlertView | null;
}

/** Advisory lock of everyone who changes alerts: two at once would lock the same rows in different orders. */
const LOCK_KEY = 5_102;

/**
 * Makes those of the changes whose alert still is what it was before, in one statement, and gives which: somebody else
 * may have looked at the same figures at the same time, and each change is told once.
 */
export async function applyAlertChanges(
  tx: Tx,
  changes: readonly StoredChange[],
  now: Date,
): Promise<Pick<StoredChange, 'sloId' | 'kind'>[]> {
  if (changes.length === 0) return [];
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_KEY})`);
  const records = changes.map(recordOf);
  const at = sql`${now.toISOString()}::timestamptz`;
  const isSame = sql`a.slo_id = c.slo_id and a.kind = c.kind and a.state = c.was_state and a.changed_at = c.was_at`;
  return rowsOf<Pick<StoredChange, 'sloId' | 'kind'>>(
    tx,
    sql`
      with c as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as x(
          slo_id text, kind text, was_state text, was_at timestamptz, state text, severity text, tier text,
          fired_at timestamptz, summary text)
      ), begun as (
        insert into slo_alerts (slo_id, kind, state, severity, tier, fired_at, changed_at, summary)
        select c.slo_id, c.kind, c.state, c.severity, c.tier, c.fired_at, ${at}, c.summary
        from c join slos o on o.id = c.slo_id
        where c.was_state is null and c.state is not null
        on conflict (slo_id, kind) do nothing
        returning slo_id, kind
      ), moved as (
        update slo_alerts a
        set state = c.state, severity = c.severity, tier = c.tier, changed_at = ${at}, summary = c.summary
        from c where c.state is not null and ${isSame}
        returning a.slo_id, a.kind
      ), ended as (
        delete from slo_alerts a using c where c.state is null and ${isSame}
        returning a.slo_id, a.kind
      )
      select slo_id as "sloId", kind from begun
      union all select slo_id, kind from moved
      union all select slo_id, kind from ended`,
  );
}

/** A change as the statement above reads it; what it has not is null. */
function recordOf({ sloId, kind, before, after }: StoredChange): Record<string, unknown> {
  const was = before === null ? {} : { was_state: before.state, was_at: before.changedAt.toISOString() };
  if (after === null) return { slo_id: sloId, kind, ...was };
  const { state, severity, tier, summary } = after;
  return {
    slo_id: sloId,
    kind,
    ...was,
    state,
    severity,
    tier,
    summary,
    fired_at: new Date(after.firedAt).toISOString(),
  };
}
