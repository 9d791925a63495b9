import { crc32 } from 'node:zlib';
import { candidateOf, rotationDueMs, type ImportKeyInput } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHash, pepperedHashes } from '../../../../platform/pepper.ts';
import { write } from '../../../../platform/write.ts';
import { insertForeignKey, isKnownHash } from '../../queries/creating.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { policyOf } from '../policy.ts';
import { assertMayCreate, invalid } from './giving.ts';
import { createdEntry, planKey, storeConsumers } from './plan.ts';

/**
 * Takes in a key made elsewhere: only its hash is kept, and it ends within one cycle of the policy, for whoever made it may still
 * know it. Throws as `createKey`, `invalid` for a text of our own making and `conflict` for one that is a key here already,
 * or that the ledger of stopped keys knows; `precondition` when that cannot be read.
 */
export async function importKey(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'peppers' | 'receiverFault' | 'tombstones'>,
  input: ImportKeyInput,
): Promise<{ id: string; expiresAt: Date }> {
  const { text, ...wish } = input;
  const form = formOf(text, input.environment);
  const hashes = pepperedHashes(deps.peppers, text);
  const isBuried = await isInLedger(deps, hashes);
  const imported = await write(ctx, async (tx, record) => {
    await assertMayCreate(tx, ctx, wish);
    if (isBuried || (await isKnownHash(tx, hashes))) throw knownAlready();
    const plan = await planKey(tx, ctx, wish);
    const { rotation } = await policyOf(tx, wish.platform);
    const { createdAt } = plan.row;
    const cycleEnd = rotationDueMs(rotation, createdAt.getTime());
    plan.row.expiresAt = new Date(Math.min(plan.row.expiresAt.getTime(), cycleEnd));
    const hash = pepperedHash(deps.peppers.current, text);
    const pepperVersion = deps.peppers.current.version;
    const row = { ...plan.row, ...form, hash, pepperVersion, activatedAt: createdAt };
    if (!(await insertForeignKey(tx, row))) throw knownAlready();
    await storeConsumers(tx, deps, plan);
    record(createdEntry(plan, 'api-keys.imported', { format: form.format, characters: text.length }));
    return { id: plan.row.id, expiresAt: plan.row.expiresAt };
  });
  ctx.hub.publish('api-keys');
  return imported;
}

/** True for a key that was stopped before, even where the tables have lost it, as after a restore. */
async function isInLedger(
  { tombstones }: Pick<ApiKeysDeps, 'tombstones'>,
  hashes: readonly Uint8Array[],
): Promise<boolean> {
  const hex = hashes.map((hash) => Buffer.from(hash).toString('hex'));
  return (await tombstones.findByHash(hex)) !== null;
}

/** How a foreign text is written. */
function formOf(text: string, environment: string): { format: 'seed16' | 'opaque'; prefix: string } {
  const form = candidateOf(text, crc32);
  if (form === null) throw invalid('text', 'This is a damaged key of our own form; copy the whole key again.');
  if (form.format === 'v2') throw invalid('text', 'Keys of this form are made here; create a key instead.');
  if (form.format === 'opaque') return { format: 'opaque', prefix: '' };
  if (form.environment !== environment) {
    throw invalid('environment', `The key says ${form.environment}; import it for that environment.`);
  }
  return { format: 'seed16', prefix: form.prefix };
}

function knownAlready(): DomainError {
  return new DomainError('conflict', 'This text is a key here already, or was one; nothing was imported.');
}
