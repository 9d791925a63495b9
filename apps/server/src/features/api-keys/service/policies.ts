import { defaultKeyPolicy, platformScopes, type KeyPolicyView, type SetKeyPolicyInput } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { can } from '@qd/shared/permissions';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import {
  lockPlatform,
  replaceAddedScopes,
  selectAddedScopes,
  selectKeyPolicy,
  selectPlatforms,
  upsertKeyPolicy,
} from '../queries/policies.ts';

/** How keys of a platform are made. Throws `not_found`. */
export async function keyPolicy(ctx: Ctx, platform: string): Promise<KeyPolicyView> {
  assertCan(ctx, 'api-keys:read', platform, 'platform');
  const [found] = await selectPlatforms(ctx.db, [platform]);
  if (found === undefined) throw noPlatform();
  const stored = await selectKeyPolicy(ctx.db, platform);
  const scopes = await selectAddedScopes(ctx.db, platform);
  return {
    platform,
    platformName: found.name,
    policy: stored?.policy ?? defaultKeyPolicy(platform),
    scopes,
    catalog: platformScopes(platform, scopes),
    updatedAt: stored?.updatedAt.getTime() ?? null,
    canChange: can(ctx.actor.grants, 'api-keys:write', platform),
  };
}

/**
 * Sets how keys of a platform are made from now on; keys there are stay as they are. Throws `not_found`, `forbidden`, and
 * `conflict` when it changed since `seenAt`.
 */
export async function setKeyPolicy(ctx: Ctx, input: SetKeyPolicyInput): Promise<{ updatedAt: number }> {
  const { platform, policy, scopes, seenAt } = input;
  const at = await write(ctx, async (tx, record) => {
    assertCan(ctx, 'api-keys:write', platform, 'platform');
    if ((await lockPlatform(tx, platform)) === null) throw noPlatform();
    const stored = await selectKeyPolicy(tx, platform);
    if ((stored?.updatedAt.getTime() ?? null) !== seenAt) {
      throw new DomainError('conflict', 'Somebody changed this policy meanwhile; look at it again, then change it.');
    }
    const before = {
      policy: stored?.policy ?? defaultKeyPolicy(platform),
      scopes: await selectAddedScopes(tx, platform),
    };
    const updatedAt = ctx.now();
    await upsertKeyPolicy(tx, { platform, policy, updatedBy: ctx.actor.id, updatedAt });
    await replaceAddedScopes(tx, platform, scopes);
    record({
      action: 'api-keys.policy_changed',
      category: 'api-keys',
      level: 'warning',
      platform,
      target: { kind: 'platform', id: platform },
      before,
      after: { policy, scopes },
    });
    return updatedAt;
  });
  ctx.hub.publish('api-keys');
  return { updatedAt: at.getTime() };
}

function noPlatform(): DomainError {
  return new DomainError('not_found', 'There is no such platform; check the address.');
}
