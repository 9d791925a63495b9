import { defaultKeyPolicy, DUE_SOON_MS, dueSinceMs, type KeyPolicyFacts } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import type { ReadDb } from '../../../../db/client.ts';
import { selectKeyPlatforms } from '../../queries/counts.ts';
import type { DueBound } from '../../queries/list-where.ts';
import { selectKeyPolicies } from '../../queries/policies.ts';

/** Policies by platform, of those that have keys; keys of all platforms follow the policy every platform begins with. */
export async function policiesInForce(db: ReadDb): Promise<Map<string, KeyPolicyFacts>> {
  const stored = await selectKeyPolicies(db);
  const platforms = await selectKeyPlatforms(db);
  return new Map(platforms.map((platform) => [platform, stored.get(platform) ?? defaultKeyPolicy(platform)]));
}

/** How long before a rotation a key is due: the overlap has to fit in. */
export function dueSoonMs({ overlapDays }: Pick<KeyPolicyFacts, 'overlapDays'>): number {
  return Math.max(DUE_SOON_MS, overlapDays * DAY_MS);
}

/** What the policies come to at an instant, as bounds of when keys began. */
export function boundsOf(policies: ReadonlyMap<string, KeyPolicyFacts>, nowMs: number): DueBound[] {
  return [...policies].map(([platform, policy]) => ({
    platform,
    soonMs: dueSinceMs(policy.rotation, nowMs + dueSoonMs(policy)),
    overdueMs: dueSinceMs(policy.rotation, nowMs),
  }));
}
