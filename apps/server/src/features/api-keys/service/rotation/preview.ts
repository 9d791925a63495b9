import { deadlineMs, type PreviewRotationInput, type RotationPreview } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { selectConsumers } from '../../queries/consumers.ts';
import { selectKey } from '../../queries/creating.ts';
import { selectOwnerState } from '../../queries/rotation-facts.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { policyOf } from '../policy.ts';
import { beyondHolder } from '../scopes.ts';
import { visibleKey } from '../visible-key.ts';
import { callersOf, consumerOf } from './callers.ts';
import { deliveryOffer } from './delivery.ts';
import { rotationFault } from './start.ts';
import { successorExpiry } from './successor.ts';

const MAX_SHOWN = 20;

/** What rotating a key would do, and who calls with it: the first to break in an emergency. Throws `not_found`, `forbidden`. */
export async function previewRotation(
  ctx: Pick<Ctx, 'db' | 'actor' | 'now'>,
  deps: Pick<ApiKeysDeps, 'canMail'>,
  input: PreviewRotationInput,
): Promise<RotationPreview> {
  const key = visibleKey(ctx, await selectKey(ctx.db, input.keyId), 'api-keys:rotate');
  const now = ctx.now();
  const policy = await policyOf(ctx.db, key.platform);
  const overlapDays = input.overlapDays ?? policy.overlapDays;
  const deadlineAt = deadlineMs(now.getTime(), overlapDays, key.expiresAt?.getTime() ?? null);
  const consumers = await selectConsumers(ctx.db, key.lineageId);
  const calls = await callersOf(ctx.db, [key.id], now);
  const recent = calls.filter((call) => call.lastHour > 0).toSorted((a, b) => b.lastHour - a.lastHour);
  return {
    keyId: key.id,
    name: key.name,
    platform: key.platform,
    environment: key.environment,
    scopes: key.scopes,
    fault: rotationFault(key, await selectOwnerState(ctx.db, key.ownerId), now),
    policyOverlapDays: policy.overlapDays,
    overlapDays,
    deadlineAt,
    isCutByExpiry: deadlineAt < now.getTime() + overlapDays * DAY_MS,
    successorExpiresAt: successorExpiry(policy, key, now).getTime(),
    consumers: consumers.map(({ name, channel }) => ({ name, channel })),
    callers: recent.slice(0, MAX_SHOWN).map((call) => ({
      address: call.address,
      agent: call.agent,
      consumer: consumerOf(consumers, call)?.name ?? null,
      lastHour: call.lastHour,
      lastAt: call.lastMs ?? call.triedMs,
    })),
    callsLastHour: recent.reduce((sum, call) => sum + call.lastHour, 0),
    beyondYou: beyondHolder(ctx.actor.grants, key),
    delivery: await deliveryOffer(ctx, deps, key),
  };
}
