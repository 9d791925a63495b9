import { keyState, type ApiKeyState, type ApiKeyView } from '@qd/shared/api-keys';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import type { UserState } from '@qd/shared/users';
import type { Ctx } from '../../../platform/context.ts';
import { selectKeys, type KeyRow } from '../queries.ts';
import { standingOf } from './standing.ts';

/** One page of keys by id, on the platforms where the caller may see keys; never their secrets. The cursor is the last id. */
export async function listKeys(
  ctx: Pick<Ctx, 'db' | 'actor' | 'now'>,
  input: { cursor?: string | undefined; limit: number },
): Promise<Page<ApiKeyView>> {
  const platforms = platformsWith(ctx.actor.grants, 'api-keys:read');
  const found = await selectKeys(ctx.db, { platforms, afterId: input.cursor ?? null, limit: input.limit });
  const page = found.slice(0, input.limit);
  return {
    rows: page.map(({ key, owner }) => toView(key, owner, ctx.now())),
    nextCursor: found.length > input.limit ? (page.at(-1)?.key.id ?? null) : null,
  };
}

type Owner = { email: string; state: UserState } | null;

function toView(key: KeyRow, owner: Owner, now: Date): ApiKeyView {
  const { id, name, platform, environment, scopes, ownerId, isDemo } = key;
  return {
    id,
    name,
    platform,
    environment,
    scopes,
    ownerId,
    isDemo,
    state: stateOf(key, owner, now),
    ownerEmail: owner?.email ?? null,
    createdAt: key.createdAt.getTime(),
    expiresAt: key.expiresAt?.getTime() ?? null,
    revokedAt: key.revokedAt?.getTime() ?? null,
    lastUsedAt: key.lastUsedAt?.getTime() ?? null,
  };
}

function stateOf(key: KeyRow, owner: Owner, now: Date): ApiKeyState {
  return keyState(standingOf(key, owner?.state ?? null), now.getTime());
}
