import { MAX_KEY_NEEDS, type KeyAttention, type KeyAttentionInput } from '@qd/shared/api-keys';
import { platformsWith } from '@qd/shared/permissions';
import type { Ctx } from '../../../platform/context.ts';
import { selectKeyNeeds } from '../queries/attention.ts';
import type { ApiKeysDeps } from './deps.ts';
import { ledgerNeed } from './ending/ledger-view.ts';

/** Keys that ask for somebody, and the ledger of ended keys if it does, on the platforms where the caller may see keys, at most fifty. */
export async function keyAttention(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'tombstones'>,
  { platform }: KeyAttentionInput,
): Promise<KeyAttention> {
  const now = ctx.now();
  const allowed = platformsWith(ctx.actor.grants, 'api-keys:read');
  const mayAsk = platform === undefined || allowed === '*' || allowed.includes(platform);
  const platforms = platform === undefined ? allowed : mayAsk ? [platform] : [];
  const found = await selectKeyNeeds(ctx.db, { platforms, now, limit: MAX_KEY_NEEDS });
  return {
    rows: found.slice(0, MAX_KEY_NEEDS),
    more: found.length > MAX_KEY_NEEDS,
    ledger: ledgerNeed(ctx, deps),
    asOf: now.getTime(),
  };
}
