import { crc32 } from 'node:zlib';
import { readKey } from '@qd/shared/api-keys';
import { MINUTE_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Actor, Ctx } from '../../../platform/context.ts';
import type { KeyOrigin, KeyVerifier } from '../../../platform/http-auth.ts';
import { pepperedHash, type Pepper } from '../../../platform/pepper.ts';
import { write, type AuditEntry } from '../../../platform/write.ts';
import type { OwnedKey } from '../queries.ts';
import { createKeyMemory } from './key-memory.ts';
import { createKeyUsage } from './key-usage.ts';
import { effectiveScopes } from './scopes.ts';

const REPEAT_MS = MINUTE_MS;
const REMEMBERED = 5_000;

type VerifierCtx = Pick<Ctx, 'db' | 'hub' | 'now' | 'log'>;

/** Verifies presented keys without writing. */
export interface Keys extends KeyVerifier {
  /** Stores when keys were used since the last call; call every ten seconds and before the process ends. */
  flushUsage(): Promise<void>;
}

/** A verifier over the database. Its memory is emptied by changes in any replica; see `createKeyMemory`. */
export function createKeys(ctx: VerifierCtx, pepper: Pepper): Keys {
  const find = createKeyMemory(ctx);
  const usage = createKeyUsage(ctx);
  const note = createRefusalNotes(ctx);

  async function lookUp(text: string, from: KeyOrigin): Promise<OwnedKey | null> {
    const parts = readKey(text, crc32);
    if (parts === null) return null;
    const found = await find(pepperedHash(pepper, text));
    if (found === null) ctx.log.info({ kid: parts.kid, address: from.address }, 'unknown API key');
    return found;
  }

  return {
    async verify(text, from) {
      const found = await lookUp(text, from);
      if (found === null) return null;
      const reason = refusalOf(found, ctx.now());
      if (reason !== null) {
        await note(found, from, { action: 'api-keys.verified', category: 'authentication', details: { reason } });
        return null;
      }
      await usage.note(found.key);
      return actorOf(found, from);
    },
    async reportExposed(text, from) {
      const found = await lookUp(text, from);
      if (found === null || found.key.revokedAt !== null) return;
      const details = { where: 'address of a request', remedy: 'revoke the key and make a new one' };
      await note(found, from, { action: 'api-keys.exposed', category: 'authentication', level: 'critical', details });
    },
    flushUsage: usage.flush,
  };
}

type Note = (found: OwnedKey, from: KeyOrigin, entry: AuditEntry) => Promise<void>;

/** Records refusals of known keys, the same one at most once a minute; never fails, the caller is refused either way. */
function createRefusalNotes(ctx: VerifierCtx): Note {
  const noted = new LRUCache<string, number>({ max: REMEMBERED });
  return async (found, from, entry) => {
    const { id, platform } = found.key;
    const repeat = JSON.stringify([id, entry.action, entry.details]);
    const nowMs = ctx.now().getTime();
    if (nowMs - (noted.get(repeat) ?? 0) < REPEAT_MS) return;
    noted.set(repeat, nowMs);
    const actor = { ...actorOf(found, from), grants: [] };
    try {
      await write({ ...ctx, requestId: from.requestId, actor }, async (_tx, record) =>
        record({
          ...entry,
          status: 'denied',
          platform: platform === '*' ? null : platform,
          target: { kind: 'api-key', id },
        }),
      );
    } catch (error) {
      ctx.log.error({ err: error, kid: id }, 'a refused key could not be recorded');
    }
  };
}

function refusalOf({ key, owner }: OwnedKey, now: Date): string | null {
  if (key.revokedAt !== null) return 'revoked';
  if (key.expiresAt !== null && key.expiresAt <= now) return 'expired';
  if (key.ownerId !== null && owner?.state !== 'active') return 'owner suspended';
  return null;
}

function actorOf({ key, owner }: OwnedKey, from: KeyOrigin): Actor {
  const permissions = effectiveScopes(key, key.ownerId === null ? null : (owner?.grants ?? []));
  return {
    kind: 'key',
    id: key.id,
    email: null,
    name: key.name,
    role: null,
    grants: [{ platform: key.platform, permissions }],
    sessionId: null,
    address: from.address,
  };
}
