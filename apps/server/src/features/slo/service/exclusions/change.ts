import { randomBytes } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import type { Exclusion, ExclusionInput, ExclusionUpdate, ExclusionWithdrawal } from '@qd/shared/slo';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import {
  changeExclusion,
  exclusionOf,
  hasPlatform,
  insertExclusion,
  touchedObjectives,
} from '../../queries/exclusions.ts';
import { nameOf } from '../definitions/store-change.ts';
import type { SloDeps } from '../deps.ts';
import { refreshSummaries } from '../refresh-summaries.ts';
import { REACH_MS, soundStarts } from './occurrences.ts';
import { saidBy } from './views.ts';

/**
 * Excludes time from budgets, from now on and back to its start. Throws `invalid` with the field at fault, `forbidden`,
 * or `not_found` for platforms the actor may not see.
 */
export async function createExclusion(ctx: Ctx, deps: SloDeps, input: ExclusionInput): Promise<{ id: string }> {
  await assertSound(ctx, input, null);
  const id = `exc_${randomBytes(9).toString('base64url')}`;
  await write(ctx, async (tx, record) => {
    await insertExclusion(tx, input, { id, by: nameOf(ctx.actor), at: ctx.now() });
    record({
      action: 'slo.exclusion_created',
      category: 'slo',
      platform: input.platformId,
      target: { kind: 'exclusion', id },
      details: { reason: input.reason },
      after: saidBy(input),
    });
  });
  await refreshTouched(ctx, deps, [input]);
  return { id };
}

/**
 * Changes an exclusion that still is as it was read; what it said is kept. Saying the same again changes nothing. Throws
 * `conflict` when somebody else was first, `precondition` when it was withdrawn, and as `createExclusion` does.
 */
export async function updateExclusion(ctx: Ctx, deps: SloDeps, input: ExclusionUpdate): Promise<{ version: number }> {
  const before = await readInUse(ctx, input.id);
  const { exclusion } = input;
  assertSamePlatform(exclusion, before);
  await assertSound(ctx, exclusion, before);
  if (before.version !== input.version) throw outdated();
  if (JSON.stringify(saidBy(before)) === JSON.stringify(saidBy(exclusion))) return { version: before.version };
  const version = await changed(ctx, before, exclusion, {
    action: 'slo.exclusion_changed',
    after: saidBy(exclusion),
    details: { reason: exclusion.reason },
  });
  await refreshTouched(ctx, deps, [before, exclusion]);
  return { version };
}

/** Takes an exclusion back, so that its time counts again, in the past as well. Throws as `updateExclusion` does. */
export async function withdrawExclusion(ctx: Ctx, deps: SloDeps, input: ExclusionWithdrawal): Promise<void> {
  const before = await readInUse(ctx, input.id);
  await changed(
    ctx,
    before,
    { withdrawnAt: ctx.now() },
    { action: 'slo.exclusion_withdrawn', after: null, details: { reason: input.reason } },
  );
  await refreshTouched(ctx, deps, [before]);
}

async function changed(
  ctx: Ctx,
  before: Exclusion,
  set: Parameters<typeof changeExclusion>[2],
  said: { action: `slo.${string}`; after: object | null; details: object },
): Promise<number> {
  return write(ctx, async (tx, record) => {
    const version = await changeExclusion(tx, before, set, { at: ctx.now(), name: nameOf(ctx.actor) });
    if (version === null) throw outdated();
    const target = { kind: 'exclusion', id: before.id };
    record({ ...said, category: 'slo', platform: before.platformId, target, before: saidBy(before) });
    return version;
  });
}

/** An exclusion in use which the actor may change. */
async function readInUse(ctx: Ctx, id: string): Promise<Exclusion> {
  const found = await exclusionOf(ctx.db, id);
  if (found === null) throw new DomainError('not_found', 'There is no such exclusion; check the address.');
  assertCan(ctx, 'slo:exclude', found.platformId, 'exclusion');
  if (found.withdrawnAt !== null) {
    throw new DomainError('precondition', 'This exclusion was withdrawn; make a new one instead.');
  }
  return found;
}

/** Throws `invalid` when a change would move an exclusion to another platform. */
export function assertSamePlatform(wanted: ExclusionInput, before: Exclusion): void {
  if (wanted.platformId === before.platformId) return;
  throw invalid('platformId', 'cannot change; withdraw the exclusion and make one for the other platform');
}

/** Throws unless the actor may exclude this time, and it is neither out of reach nor without an end. */
export async function assertSound(ctx: Ctx, input: ExclusionInput, before: Exclusion | null): Promise<number[]> {
  assertCan(ctx, 'slo:exclude', input.platformId);
  const nowMs = ctx.now().getTime();
  if (input.startsAt !== before?.startsAt && Math.abs(input.startsAt - nowMs) > REACH_MS) {
    throw invalid('startsAt', 'must lie within 400 days of now; measurements reach no further');
  }
  const starts = soundStarts(input);
  if (!(await hasPlatform(ctx.db, input.platformId))) {
    throw invalid('platformId', 'names no platform');
  }
  if (input.sloId !== null && (await touchedObjectives(ctx.db, input)).length === 0) {
    throw invalid('sloId', 'names no objective of this platform');
  }
  return starts;
}

async function refreshTouched(
  ctx: Ctx,
  deps: SloDeps,
  of: readonly { platformId: string; sloId: string | null }[],
): Promise<void> {
  const touched = await Promise.all(of.map((exclusion) => touchedObjectives(ctx.db, exclusion)));
  const sliIds = [...new Set(touched.flat().map(({ sliId }) => sliId))];
  if (sliIds.length > 0) await refreshSummaries(ctx, deps.memory, sliIds);
  else ctx.hub.publish('slo');
}

function outdated(): DomainError {
  return new DomainError('conflict', 'Somebody changed this exclusion meanwhile; look at it again, then save.');
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', `Nothing was stored: ${field} ${message}.`, { fields: [{ field, message }] });
}
