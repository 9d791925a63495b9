import { randomBytes } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { MAX_OVERRIDE_MS, type OverrideInput } from '@qd/shared/slo';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { sloRecord } from '../../queries/definitions.ts';
import { overrideRecord } from '../../queries/overrides.ts';
import { endOverride, insertOverride } from '../../queries/writes/overrides.ts';
import { nameOf } from './store-change.ts';

const ID_BYTES = 9;

/**
 * Lets releases pass whatever the budget of an objective says, for at most seven days.
 * Throws `invalid` naming `until` when it is over already or too far ahead.
 */
export async function createOverride(ctx: Ctx, { id: sloId, reason, until }: OverrideInput): Promise<{ id: string }> {
  const slo = await sloRecord(ctx.db, sloId);
  if (slo === null || slo.archivedAt !== null)
    throw new DomainError('not_found', 'There is no such objective; check the address.');
  assertCan(ctx, 'slo:override', slo.platformId, 'objective');
  const now = ctx.now();
  if (until <= now.getTime()) throw badUntil('is over already; choose a later instant');
  if (until > now.getTime() + MAX_OVERRIDE_MS) throw badUntil('is more than 7 days ahead; choose an earlier instant');
  const id = `ovr_${randomBytes(ID_BYTES).toString('base64url')}`;
  const row = { id, sloId, reason, createdAt: now, createdBy: nameOf(ctx.actor), until: new Date(until) };
  await write(ctx, async (tx, record) => {
    await insertOverride(tx, row);
    record({
      action: 'slo.overridden',
      category: 'slo',
      level: 'warning',
      platform: slo.platformId,
      target: { kind: 'slo', id: sloId },
      details: { override: id, reason, until: row.until.toISOString() },
    });
  });
  ctx.hub.publish('slo');
  return { id };
}

/** Ends an override before its time. Throws `conflict` when it was withdrawn before, `not_found` for an unknown one. */
export async function withdrawOverride(ctx: Ctx, id: string): Promise<{ id: string }> {
  const row = await overrideRecord(ctx.db, id);
  if (row === null) throw new DomainError('not_found', 'There is no such override; check the address.');
  assertCan(ctx, 'slo:override', row.platformId, 'override');
  await write(ctx, async (tx, record) => {
    if (!(await endOverride(tx, id, ctx.now())))
      throw new DomainError('conflict', 'The override was withdrawn before; reload the objective.');
    record({
      action: 'slo.override_withdrawn',
      category: 'slo',
      platform: row.platformId,
      target: { kind: 'slo', id: row.sloId },
      details: { override: id, reason: row.reason },
    });
  });
  ctx.hub.publish('slo');
  return { id };
}

function badUntil(message: string): DomainError {
  return new DomainError('invalid', `until ${message}.`, { fields: [{ field: 'until', message }] });
}
