import { randomBytes } from 'node:crypto';
import type { LeakFacts, LeakReportView } from '@qd/shared/api-keys/ending';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import { lockKey, type KeyRow } from '../../queries.ts';
import { insertLeakHit, insertLeakReport, type LeakAction } from '../../queries/leaks.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { entryOf } from '../ending/locked.ts';
import { contain, endedFault } from '../ending/quarantine.ts';
import { policyOf } from '../policy.ts';
import { mayWith } from '../visible-key.ts';
import { findKeys, withoutKeys } from './find.ts';
import { inTurn } from './intake.ts';
import { leakReport } from './list.ts';

/** A text to be searched, and what is known of it. */
export interface LeakText extends LeakFacts {
  text: string;
  source: 'paste' | 'file' | 'cli';
}

/**
 * Searches a text for keys of ours and contains those the policy of their platform says to: each in a transaction of its own, so
 * that one that waits holds up no other. Keys of platforms the caller may not act on are noted for the people there and nothing
 * is done. The text is neither stored nor logged. Throws `invalid` for a text that is too long.
 */
export async function reportLeak(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'peppers' | 'tombstones'>,
  { text, source, leakedAt, ...given }: LeakText,
): Promise<LeakReportView> {
  const { hits, candidates, place } = await inTurn(async () => ({
    ...(await findKeys(ctx.db, deps.peppers, text)),
    place: await withoutKeys(ctx.db, deps.peppers, given.place),
  }));
  const report = {
    id: `klr_${randomBytes(9).toString('base64url')}`,
    source,
    place,
    leakedAt: leakedAt === null ? null : new Date(leakedAt),
    characters: text.length,
    candidates,
    reportedBy: ctx.actor.kind === 'user' ? ctx.actor.id : null,
    reportedAt: ctx.now(),
  };
  await write(ctx, async (tx, record) => {
    await insertLeakReport(tx, report);
    record({
      action: 'api-keys.leak_reported',
      category: 'api-keys',
      level: hits.length > 0 ? 'critical' : 'info',
      target: { kind: 'leak-report', id: report.id },
      details: { source, place, leakedAt: report.leakedAt, characters: text.length, candidates, keys: hits.length },
    });
  });
  for (const { id: keyId } of hits) {
    const stopped = await write(ctx, (tx, record) => handleHit(tx, ctx, { reportId: report.id, keyId, place, record }));
    // At once, so that the key is refused everywhere even if a later one fails.
    ctx.hub.publish('api-keys');
    if (stopped !== null && !stopped.key.isDemo) await deps.tombstones.note('quarantined', stopped.key, stopped.at);
  }
  return leakReport(ctx, report.id);
}

/** What is done about one key; gives the key if this stopped it. */
async function handleHit(
  tx: Tx,
  ctx: Ctx,
  hit: { reportId: string; keyId: string; place: string; record: (entry: AuditEntry) => void },
): Promise<{ key: KeyRow; at: Date } | null> {
  const { reportId, keyId, place, record } = hit;
  const key = await lockKey(tx, keyId);
  if (key === null) throw new Error('a key that was found is gone: keys are never deleted');
  const stops = (await policyOf(tx, key.platform)).quarantines.includes(key.environment);
  const isOver = endedFault(key, ctx.now()) !== null;
  const mayStop = stops && mayWith(ctx, key, 'api-keys:rotate');
  const action: LeakAction = isOver
    ? 'ended_before'
    : key.quarantinedAt !== null || mayStop
      ? 'quarantined'
      : 'reported';
  await insertLeakHit(tx, { reportId, keyId, action });
  record({
    ...entryOf(key, 'api-keys.leaked'),
    level: 'critical',
    details: { name: key.name, place, reportId, action },
  });
  if (action !== 'quarantined' || key.quarantinedAt !== null) return null;
  return { key, at: await contain(tx, ctx, { key, reason: `Found in a leak: ${place}`, record }) };
}
