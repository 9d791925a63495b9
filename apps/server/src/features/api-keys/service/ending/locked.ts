import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { AuditEntry } from '../../../../platform/write.ts';
import { lockKey, type KeyRow } from '../../queries.ts';
import { scopeOfKey, visibleKey } from '../visible-key.ts';

/** A key the caller may end, locked until the transaction ends. Throws `not_found` and `forbidden`. */
export async function lockedForEnding(tx: Tx, ctx: Ctx, id: string): Promise<KeyRow> {
  return visibleKey(ctx, await lockKey(tx, id), 'api-keys:rotate');
}

/** What every entry about a key that is ended or contained begins with. */
export function entryOf(key: KeyRow, action: AuditEntry['action']): AuditEntry {
  return {
    action,
    category: 'api-keys',
    level: 'warning',
    platform: scopeOfKey(key),
    target: { kind: 'api-key', id: key.id },
  };
}
