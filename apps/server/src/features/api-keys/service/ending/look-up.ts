import { crc32 } from 'node:zlib';
import { keyState, readKey } from '@qd/shared/api-keys';
import type { KeyLookUp } from '@qd/shared/api-keys/ending';
import { platformsWith } from '@qd/shared/permissions';
import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHashes } from '../../../../platform/pepper.ts';
import { write } from '../../../../platform/write.ts';
import { selectKeysByHashes, selectKeysWithOwner, type KeyWithOwner } from '../../queries/ending.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { createPersonLimit, type PersonLimit } from '../person-limit.ts';
import { standingOf } from '../standing.ts';
import { mayWith, scopeOfKey } from '../visible-key.ts';

/** Questions one person may ask within a minute. */
const PER_MINUTE = 20;

/**
 * Whether a text was ever a key of ours, by its hash and, where the tables no longer know it, by the ledger. The log keeps that
 * somebody asked and what was found, never the text.
 */
export async function lookUpKey(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'peppers' | 'tombstones'>,
  { text }: { text: string },
): Promise<KeyLookUp> {
  const answer = await answerTo(ctx, deps, text.trim());
  await write(ctx, async (_tx, record) =>
    record({
      action: 'api-keys.looked_up',
      category: 'api-keys',
      level: 'info',
      ...('platform' in answer ? { platform: scopeOfKey(answer) } : {}),
      ...('id' in answer ? { target: { kind: 'api-key', id: answer.id } } : {}),
      details: { verdict: answer.verdict },
    }),
  );
  return answer;
}

async function answerTo(ctx: Ctx, deps: Pick<ApiKeysDeps, 'peppers' | 'tombstones'>, text: string): Promise<KeyLookUp> {
  const hashes = pepperedHashes(deps.peppers, text).map((hash) => Buffer.from(hash).toString('hex'));
  const [hit] = await selectKeysByHashes(ctx.db, hashes);
  const [found] = hit === undefined ? [] : await selectKeysWithOwner(ctx.db, [hit.id]);
  const seesAll = platformsWith(ctx.actor.grants, 'api-keys:read') === '*';
  if (found !== undefined) {
    return mayWith(ctx, found.key, 'api-keys:read')
      ? ours(found, ctx.now())
      : { verdict: 'not_found', isCertain: false };
  }
  // The ledger does not say which platform a key was of.
  const known = seesAll ? await knownToLedger(deps, { hashes, id: readKey(text, crc32)?.kid ?? null }) : null;
  return known ?? { verdict: 'not_found', isCertain: seesAll };
}

/**
 * What the ledger says of a text. Anybody can write a text around an id that is public; only where the hash is of a secret that is
 * no longer in use, so that it cannot be compared, does an id say anything.
 */
async function knownToLedger(
  { peppers, tombstones }: Pick<ApiKeysDeps, 'peppers' | 'tombstones'>,
  { hashes, id }: { hashes: readonly string[]; id: string | null },
): Promise<KeyLookUp | null> {
  const same = await tombstones.findByHash(hashes);
  if (same !== null) return { verdict: 'known_to_ledger', by: 'hash', id: same.id, revokedAt: same.at };
  const found = id === null ? null : await tombstones.findById(id);
  if (found === null || found.hash === null) return null;
  if (peppers.all.some(({ version }) => version === found.pepperVersion)) return null;
  return { verdict: 'known_to_ledger', by: 'id', id: found.id, revokedAt: found.at };
}

function ours({ key, owner }: KeyWithOwner, now: Date): KeyLookUp {
  const { id, name, platform, environment } = key;
  const state = keyState(standingOf(key, owner?.state ?? null), now.getTime());
  const since = {
    revoked: key.revokedAt,
    quarantined: key.quarantinedAt,
    rotated: key.endsAt,
    rotating: null,
    expired: key.expiresAt,
    active: key.activatedAt,
    pending: key.createdAt,
    owner_suspended: null,
  }[state];
  const createdAt = key.createdAt.getTime();
  return { verdict: 'ours', id, name, platform, environment, state, createdAt, since: since?.getTime() ?? null };
}

/** Lets each person ask 20 times within a minute; gives a check that throws `rate_limited` beyond. */
export function createLookUpLimit(): PersonLimit {
  return createPersonLimit(PER_MINUTE, 'asked');
}
