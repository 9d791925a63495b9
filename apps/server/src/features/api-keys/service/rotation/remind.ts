import { DomainError } from '@qd/shared/errors';
import { HOUR_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { selectLastReminders } from '../../queries/key-notices.ts';
import { selectOpenRotation } from '../../queries/rotations.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { scopeOfKey } from '../visible-key.ts';
import { isToldApart, rotationCalls } from './callers.ts';
import { lockedKey } from './locked.ts';
import { tellConsumers } from './tell.ts';

/** Nobody is reminded more often. */
const PAUSE_MS = HOUR_MS;

/**
 * Reminds the consumers of a key that have not moved, each at most once an hour. Gives the names of those reminded. Throws
 * `not_found`, and `conflict` when the key has no end or has ended, or when there is nobody to remind.
 */
export async function remindConsumers(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'sealing'>,
  keyId: string,
): Promise<{ reminded: string[] }> {
  const reminded = await write(ctx, async (tx, record) => {
    const key = await lockedKey(tx, ctx, keyId);
    const now = ctx.now();
    const endsAt = key.endsAt ?? key.expiresAt;
    if (endsAt === null) throw new DomainError('conflict', `${key.name} does not end by itself; rotate it first.`);
    if (endsAt <= now || key.revokedAt !== null) throw new DomainError('conflict', `${key.name} has ended already.`);
    const rotation = await selectOpenRotation(tx, keyId);
    const newKeyId = rotation?.oldKeyId === keyId ? rotation.newKeyId : null;
    const calls = await rotationCalls(tx, { oldKeyId: keyId, newKeyId, lineageId: key.lineageId, now });
    const behind = calls.consumers.filter(({ consumer, sending }) => !isToldApart(consumer) || sending.sends !== 'new');
    const ids = behind.map(({ consumer }) => consumer.id);
    const last = await selectLastReminders(tx, keyId, ids);
    const open = behind.filter(({ consumer }) => (last.get(consumer.id)?.getTime() ?? 0) <= now.getTime() - PAUSE_MS);
    const tellings = open.map(({ consumer }) => ({ consumer, daysBefore: null }));
    const names = await tellConsumers(tx, ctx, deps, { key, endsAt, isRotated: newKeyId !== null, tellings });
    if (names.length === 0) throw nobody(key.name, { consumers: calls.consumers.length, behind: behind.length });
    record({
      action: 'api-keys.reminded',
      category: 'api-keys',
      platform: scopeOfKey(key),
      target: { kind: 'api-key', id: keyId },
      details: { name: key.name, consumers: names, endsAt },
    });
    return names;
  });
  ctx.hub.publish('api-keys');
  return { reminded };
}

/** What became of reminding about one of many keys. */
export interface Reminded {
  keyId: string;
  reminded: string[];
  /** Why nobody was reminded; null when somebody was. */
  fault: string | null;
}

/** The same for many keys; one that cannot be reminded about does not keep the others back. */
export async function remindMany(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'sealing'>,
  keyIds: readonly string[],
): Promise<{ keys: Reminded[] }> {
  const keys: Reminded[] = [];
  for (const keyId of new Set(keyIds)) {
    try {
      keys.push({ keyId, ...(await remindConsumers(ctx, deps, keyId)), fault: null });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      keys.push({ keyId, reminded: [], fault: error.message });
    }
  }
  return { keys };
}

function nobody(name: string, { consumers, behind }: { consumers: number; behind: number }): DomainError {
  if (consumers === 0) return new DomainError('conflict', `${name} has no consumers to remind; name them first.`);
  if (behind === 0) return new DomainError('conflict', `Every consumer of ${name} sends the new key already.`);
  return new DomainError('conflict', `The consumers of ${name} were reminded within the last hour.`);
}
