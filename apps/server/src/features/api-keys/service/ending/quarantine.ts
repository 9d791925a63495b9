import { keyStopsMs } from '@qd/shared/api-keys';
import type { ContainKeyInput } from '@qd/shared/api-keys/ending';
import { DomainError } from '@qd/shared/errors';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import type { KeyRow } from '../../queries.ts';
import { setQuarantine } from '../../queries/ending.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { standingOf } from '../standing.ts';
import { entryOf, lockedForEnding } from './locked.ts';

type Deps = Pick<ApiKeysDeps, 'tombstones'>;

/** Stops a key until it is released. Throws `not_found`, `forbidden`, and `conflict` for one that has ended or is stopped. */
export async function quarantineKey(ctx: Ctx, deps: Deps, { id, reason }: ContainKeyInput): Promise<void> {
  const { key, at } = await write(ctx, async (tx, record) => {
    const key = await lockedForEnding(tx, ctx, id);
    const fault = endedFault(key, ctx.now());
    if (fault !== null) throw new DomainError('conflict', fault);
    if (key.quarantinedAt !== null) throw new DomainError('conflict', `${key.name} is quarantined already.`);
    return { key, at: await contain(tx, ctx, { key, reason, record }) };
  });
  ctx.hub.publish('api-keys');
  if (!key.isDemo) await deps.tombstones.note('quarantined', key, at);
}

/** Stops a locked key, and says so in the log; gives the instant. */
export async function contain(
  tx: Tx,
  ctx: Ctx,
  { key, reason, record }: { key: KeyRow; reason: string; record: (entry: AuditEntry) => void },
): Promise<Date> {
  const end = { at: ctx.now(), reason, by: ctx.actor.id };
  await setQuarantine(tx, key.id, end);
  record({
    ...entryOf(key, 'api-keys.quarantined'),
    level: 'critical',
    details: { name: key.name, reason },
    before: { quarantinedAt: null },
    after: { quarantinedAt: end.at },
  });
  return end.at;
}

/** Lets a quarantined key work again. Throws `not_found`, `forbidden`, and `conflict` for one that is not, or is revoked. */
export async function releaseKey(ctx: Ctx, deps: Deps, { id, reason }: ContainKeyInput): Promise<void> {
  const { key, since } = await write(ctx, async (tx, record) => {
    const key = await lockedForEnding(tx, ctx, id);
    if (key.revokedAt !== null)
      throw new DomainError('conflict', `${key.name} is revoked, and stays so; make another key.`);
    if (key.quarantinedAt === null) throw new DomainError('conflict', `${key.name} is not quarantined.`);
    await setQuarantine(tx, id, null);
    record({
      ...entryOf(key, 'api-keys.released'),
      details: { name: key.name, reason, wasStoppedFor: key.endReason },
      before: { quarantinedAt: key.quarantinedAt },
      after: { quarantinedAt: null },
    });
    return { key, since: key.quarantinedAt };
  });
  ctx.hub.publish('api-keys');
  if (!key.isDemo) await deps.tombstones.note('released', key, since);
}

/** Why a key needs no containing any more, as a sentence; null while it would work. */
export function endedFault(key: KeyRow, now: Date): string | null {
  if (key.revokedAt !== null) return `${key.name} is revoked already.`;
  const stopsMs = keyStopsMs(standingOf(key, null));
  return stopsMs !== null && stopsMs <= now.getTime() ? `${key.name} has ended already.` : null;
}
