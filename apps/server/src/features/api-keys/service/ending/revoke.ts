import type { EndedKey, RevokedKey, RevokeKeyInput, RevokeManyInput } from '@qd/shared/api-keys/ending';
import { DomainError } from '@qd/shared/errors';
import type { Tx } from '../../../../db/client.ts';
import { endRotationsOf } from '../../../../db/queries/key-rotations.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHashes } from '../../../../platform/pepper.ts';
import { write } from '../../../../platform/write.ts';
import { lockKey, type KeyRow } from '../../queries.ts';
import { endKey, selectKeysByHashes, selectOpenRotationsOf } from '../../queries/ending.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { entryOf, lockedForEnding } from './locked.ts';

type Deps = Pick<ApiKeysDeps, 'peppers' | 'tombstones'>;

/** What revoking came to. */
export interface Revoked {
  /** False when the key was revoked before. */
  isNew: boolean;
  /** True while the ledger could not be written: until it is, a database restored from before brings the key back. */
  isLedgerPending: boolean;
}

/**
 * Ends a key for ever; takes its id or the whole key. The row stays, and so does its tombstone outside the database. An open
 * rotation of the key ends with it; one it is the successor of is cancelled, and the old key works on until its own end. It is
 * refused whether or not the ledger can be written. Throws `not_found`, `forbidden`, and `invalid` when the typed name is another.
 */
export async function revokeKey(
  ctx: Ctx,
  deps: Deps,
  input: { key: string; reason: string; typedName?: string },
): Promise<Revoked> {
  const id = await idOf(ctx, deps, input.key);
  const { key, isNew } = await write(ctx, async (tx, record) => {
    await lockPartner(tx, id);
    const found = await lockedForEnding(tx, ctx, id);
    if (input.typedName !== undefined) assertNamed(found, input.typedName);
    const before = found.revokedAt;
    const end = { at: ctx.now(), reason: input.reason, by: ctx.actor.id };
    const rotations = before === null ? await endRotationsOf(tx, [id], end) : [];
    if (before === null) await endKey(tx, id, end);
    record({
      ...entryOf(found, 'api-keys.revoked'),
      details: { name: found.name, reason: input.reason, wasRevokedBefore: before !== null, rotations },
      before: { revokedAt: before },
      after: { revokedAt: before ?? end.at },
    });
    return { key: { ...found, revokedAt: before ?? end.at }, isNew: before === null };
  });
  ctx.hub.publish('api-keys');
  const isNoted = key.isDemo || (await deps.tombstones.note('revoked', key, key.revokedAt));
  return { isNew, isLedgerPending: !isNoted };
}

/** The same by a person, who has typed the name of the key. */
export async function revokeByName(ctx: Ctx, deps: Deps, input: RevokeKeyInput): Promise<RevokedKey> {
  const { id, reason, typedName } = input;
  const { isNew, isLedgerPending } = await revokeKey(ctx, deps, { key: id, reason, typedName });
  return { revoked: isNew, isLedgerPending };
}

/** Ends several keys, each in a transaction of its own and judged alone. Of a single one the name must have been typed. */
export async function revokeMany(
  ctx: Ctx,
  deps: Deps,
  { ids, reason, typedName }: RevokeManyInput,
): Promise<EndedKey[]> {
  const typed = ids.length === 1 && typedName !== undefined ? { typedName } : {};
  const ended: EndedKey[] = [];
  for (const id of ids) {
    try {
      const { isNew, isLedgerPending } = await revokeKey(ctx, deps, { key: id, reason, ...typed });
      ended.push({ id, isEnded: isNew, message: isNew ? null : 'It was revoked before.', isLedgerPending });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      ended.push({ id, isEnded: false, message: error.message, isLedgerPending: false });
    }
  }
  return ended;
}

/** The id of a key somebody named by its id or by the key itself. */
async function idOf(ctx: Ctx, deps: Deps, text: string): Promise<string> {
  const hashes = pepperedHashes(deps.peppers, text).map((hash) => Buffer.from(hash).toString('hex'));
  const [found] = await selectKeysByHashes(ctx.db, hashes);
  return found?.id ?? text.slice(0, 64);
}

/** Successors are locked before the keys they follow, as everywhere, so that two acts never wait for each other in a circle. */
async function lockPartner(tx: Tx, id: string): Promise<void> {
  for (const rotation of await selectOpenRotationsOf(tx, id)) {
    if (rotation.oldKeyId === id) await lockKey(tx, rotation.newKeyId);
  }
}

function assertNamed(key: KeyRow, typed: string): void {
  if (typed.normalize('NFC').trim() === key.name.normalize('NFC').trim()) return;
  const message = 'is not the name of the key';
  throw new DomainError('invalid', `Type the name of the key, ${key.name}, to end it.`, {
    fields: [{ field: 'typedName', message }],
  });
}
