import type { Override } from '@qd/shared/slo';
import { eq, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { sloOverrides, slos } from '../../../db/schema/index.ts';

const columns = {
  id: sloOverrides.id,
  sloId: sloOverrides.sloId,
  reason: sloOverrides.reason,
  createdAt: sloOverrides.createdAt,
  createdBy: sloOverrides.createdBy,
  until: sloOverrides.until,
};

/**
 * The override in force, the longest first, on the objective of the statement it stands in, at the instant of the
 * placeholder `now`; null when there is none.
 */
export const overrideInForce = sql<Override | null>`(
  select json_build_object('id', o.id, 'sloId', o.slo_id, 'reason', o.reason,
    'createdAt', trunc(extract(epoch from o.created_at) * 1000), 'createdBy', o.created_by,
    'createdByName', coalesce((select u.name from users u where u.email_key = lower(o.created_by)), o.created_by),
    'until', trunc(extract(epoch from o.until) * 1000))
  from slo_overrides o
  where o.slo_id = ${slos.id} and o.withdrawn_at is null and o.until > ${sql.placeholder('now')}::timestamptz
  order by o.until desc, o.id desc limit 1)`;

/** One override and the platform it is on, or null when there is none of that id. */
export async function overrideRecord(db: ReadDb, id: string) {
  const [row] = await db
    .select({ ...columns, withdrawnAt: sloOverrides.withdrawnAt, platformId: slos.platformId })
    .from(sloOverrides)
    .innerJoin(slos, eq(slos.id, sloOverrides.sloId))
    .where(eq(sloOverrides.id, id));
  return row ?? null;
}
