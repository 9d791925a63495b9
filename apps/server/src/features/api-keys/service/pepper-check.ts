import { DomainError } from '@qd/shared/errors';
import type { Ctx } from '../../../platform/context.ts';
import { pepperedHash, type Pepper } from '../../../platform/pepper.ts';
import { ingest } from '../../../platform/write.ts';
import { hasLiveKeys, selectPepperFact, upsertPepperFact } from '../queries.ts';

/**
 * Compares the pepper with the one the stored keys were hashed under, by a fingerprint that tells nothing about it. Call at start:
 * a wrong ENCRYPTION_PASSWORD is then one clear message instead of every machine being refused. Throws `precondition`.
 */
export async function assertPepper(ctx: Pick<Ctx, 'db' | 'now'>, pepper: Pepper): Promise<void> {
  const factKey = `api-keys.pepper.v${pepper.version}`;
  const fingerprint = Buffer.from(pepperedHash(pepper, 'quarterdeck pepper fingerprint')).toString('hex').slice(0, 32);
  const stored = await selectPepperFact(ctx.db, factKey);
  if (stored === fingerprint) return;
  if (stored !== null && (await hasLiveKeys(ctx.db, pepper.version, ctx.now()))) {
    throw new DomainError(
      'precondition',
      'ENCRYPTION_PASSWORD is not the one the API keys were made with; set the former one, or revoke all keys first.',
    );
  }
  await ingest(ctx, (tx) => upsertPepperFact(tx, factKey, fingerprint, ctx.now()));
}
