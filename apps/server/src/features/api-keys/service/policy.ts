import {
  DEFAULT_KEY_LIFE_DAYS,
  defaultKeyPolicy,
  maxLifeDays,
  type KeyEnvironment,
  type KeyPolicyFacts,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { selectActingGrants } from '../../../db/queries/grants.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectKeyPolicy } from '../queries/policies.ts';

/** How keys of a platform look and live; keys for all platforms (`*`) follow the policy every platform begins with. */
export async function policyOf(db: ReadDb, platform: string): Promise<KeyPolicyFacts> {
  return (await selectKeyPolicy(db, platform))?.policy ?? defaultKeyPolicy(platform);
}

/** True for owners of all platforms, and for the command line and the console itself. */
export async function isConsoleOwner(db: ReadDb, { actor, now }: Pick<Ctx, 'actor' | 'now'>): Promise<boolean> {
  if (actor.kind === 'cli' || actor.kind === 'system') return true;
  if (actor.kind !== 'user' || actor.id === null) return false;
  const held = await selectActingGrants(db, actor.id, now());
  return held.some((grant) => grant.role === 'owner' && grant.platform === '*');
}

/**
 * Life of a new key in days. Throws `invalid` for more than the policy allows in the environment, which only an owner of the
 * console may give.
 */
export async function lifeDaysOf(
  tx: Tx,
  ctx: Pick<Ctx, 'actor' | 'now'>,
  wish: { policy: KeyPolicyFacts; environment: KeyEnvironment; lifeDays: number | undefined },
): Promise<number> {
  const { policy, environment, lifeDays } = wish;
  const usual = maxLifeDays(policy, environment, false);
  if (lifeDays === undefined) return Math.min(DEFAULT_KEY_LIFE_DAYS, usual);
  const isTooLong = lifeDays > usual && !(await isConsoleOwner(tx, ctx));
  if (!isTooLong && lifeDays <= maxLifeDays(policy, environment, true)) return lifeDays;
  const message = `the policy allows up to ${usual} d in ${environment}; longer needs an owner of the console`;
  throw new DomainError('invalid', `The key would live ${lifeDays} d, but ${message}.`, {
    fields: [{ field: 'lifeDays', message }],
  });
}
