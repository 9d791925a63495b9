import { crc32 } from 'node:zlib';
import { readForeignKey, rotationDueMs, type ForeignForm, type ImportKeyInput } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Tombstone } from '../../../../adapters/tombstones/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHash, pepperedHashes } from '../../../../platform/pepper.ts';
import { write } from '../../../../platform/write.ts';
import { insertForeignKey, isKnownHash } from '../../queries/creating.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { policyOf } from '../policy.ts';
import { assertMayCreate, assertTheirs, invalid } from './giving.ts';
import { createdEntry, planKey, storeConsumers } from './plan.ts';

/**
 * Takes in a key made elsewhere: only its hash is kept, and it ends within one cycle of the policy, for whoever made it may still
 * know it. Throws as `createKey`, `invalid` for a text of our own making and `conflict` for one that is a key here already,
 * or that the ledger of stopped keys knows as ended or quarantined; `precondition` when that cannot be read.
 */
export async function importKey(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'peppers' | 'receiverFault' | 'tombstones'>,
  input: ImportKeyInput,
): Promise<{ id: string; expiresAt: Date }> {
  const { text, ...wish } = input;
  const { format, prefix } = formOf(text, input.environment);
  const hashes = pepperedHashes(deps.peppers, text);
  const stopped = await deps.tombstones.findStopped(hashes.map((hash) => Buffer.from(hash).toString('hex')));
  const imported = await write(ctx, async (tx, record) => {
    const owner = await assertMayCreate(tx, ctx, wish);
    assertTheirs(ctx, wish, 'take this one in as a service of its own, or make one and send them a link');
    if (await isKnownHash(tx, hashes)) throw knownAlready();
    if (stopped !== null) throw stoppedBefore(stopped);
    const plan = await planKey(tx, ctx, wish, owner);
    const { rotation } = await policyOf(tx, wish.platform);
    const { createdAt } = plan.row;
    const cycleEnd = rotationDueMs(rotation, createdAt.getTime());
    plan.row.expiresAt = new Date(Math.min(plan.row.expiresAt.getTime(), cycleEnd));
    const hash = pepperedHash(deps.peppers.current, text);
    const pepperVersion = deps.peppers.current.version;
    const row = { ...plan.row, format, prefix, hash, pepperVersion, activatedAt: createdAt };
    if (!(await insertForeignKey(tx, row))) throw knownAlready();
    await storeConsumers(tx, ctx, deps, plan);
    record(createdEntry(plan, 'api-keys.imported', { format, characters: text.length }));
    return { id: plan.row.id, expiresAt: plan.row.expiresAt };
  });
  ctx.hub.publish('api-keys');
  return imported;
}

/** How a foreign text is written. Throws `invalid` for one that cannot be taken in, or not for this environment. */
function formOf(text: string, environment: string): ForeignForm {
  const read = readForeignKey(text, crc32);
  if (!read.ok) throw invalid('text', read.message);
  const { form } = read;
  if (form.environment !== null && form.environment !== environment) {
    throw invalid('environment', `The key says ${form.environment}; import it for that environment.`);
  }
  return form;
}

function knownAlready(): DomainError {
  return refused('This text is a key here already, or was one; nothing was imported. Look it up in the list of keys.');
}

/** Why a key the ledger knows stays out, even where the tables have lost it, as after a restore. */
function stoppedBefore({ kind, at }: Tombstone): DomainError {
  const day = new Date(at).toISOString().slice(0, 10);
  return refused(
    kind === 'quarantined'
      ? `This key was quarantined on ${day} and never released; nothing was imported. Create another key.`
      : `This key ended here on ${day}, and an ended key never works again; nothing was imported. Create another key.`,
  );
}

function refused(message: string): DomainError {
  return new DomainError('conflict', message, { fields: [{ field: 'text', message }] });
}
