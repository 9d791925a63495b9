import {
  deadlineMs,
  keyState,
  type ApiKeyState,
  type EmergencyRotationInput,
  type NewClaim,
  type StartedRotation,
  type StartRotationInput,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { HOUR_MS } from '@qd/shared/time';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import { insertKey, type KeyRow } from '../../queries.ts';
import { selectOwnerState } from '../../queries/rotation-facts.ts';
import { insertRotation, updateKeyEnd, type RotationRow } from '../../queries/rotations.ts';
import { openClaim } from '../claims/link.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { heldWithOwner } from '../held-key.ts';
import { standingOf } from '../standing.ts';
import { scopeOfKey } from '../visible-key.ts';
import { assertUnseen, planDelivery, type PlannedDelivery } from './delivery.ts';
import { planSuccessor, type Successor } from './successor.ts';

/** What making successors works with. */
export type RotationDeps = Pick<ApiKeysDeps, 'peppers' | 'sealing' | 'canMail'>;

/** What a rotation is started with, an emergency among them. */
type Wanted = StartRotationInput & { isEmergency?: boolean };

/**
 * Makes the successor of a key and says when the old one ends, in one transaction. Throws `conflict` for keys that are not
 * active or are being rotated already, `forbidden` when the new key would show the caller rights they lack, and `invalid` for
 * scopes the old key has not.
 */
export async function startRotation(ctx: Ctx, deps: RotationDeps, input: Wanted): Promise<StartedRotation> {
  const started = await write(ctx, async (tx, record) => {
    const old = await heldWithOwner(tx, ctx, input.keyId, 'api-keys:rotate');
    const now = ctx.now();
    const fault = rotationFault(old, await selectOwnerState(tx, old.ownerId), now);
    if (fault !== null) throw new DomainError('conflict', fault);
    const scopes = successorScopes(old, input.scopes);
    const delivery = await planDelivery(tx, ctx, { key: { ...old, scopes }, delivery: input.delivery });
    const drawn = await planSuccessor(tx, ctx, deps, { old, scopes, isShown: delivery.kind === 'show' });
    const { rotation, endsAt } = await insertPair(tx, ctx, { old, drawn, input });
    const claim = await claimOf(tx, ctx, deps, { drawn, old, delivery });
    record(startedEntry({ old, drawn, rotation, endsAt, input, sentTo: claim?.recipientEmail ?? null }));
    return {
      rotationId: rotation.id,
      newKeyId: drawn.row.id,
      text: drawn.text,
      claim,
      endsAt: endsAt.getTime(),
      newExpiresAt: drawn.row.expiresAt.getTime(),
    };
  });
  ctx.hub.publish('api-keys');
  return started;
}

/** The same with no overlap: the old key ends at once. */
export async function rotateAtOnce(
  ctx: Ctx,
  deps: RotationDeps,
  input: EmergencyRotationInput,
): Promise<StartedRotation> {
  return startRotation(ctx, deps, { ...input, overlapDays: 0, graceHours: null, isEmergency: true });
}

/** The link by which the successor is drawn; null where it was shown. Throws `precondition` when it cannot be mailed as it must. */
async function claimOf(
  tx: Tx,
  ctx: Ctx,
  deps: RotationDeps,
  { drawn, old, delivery }: { drawn: Successor; old: KeyRow; delivery: PlannedDelivery },
): Promise<NewClaim | null> {
  if (delivery.kind === 'show') return null;
  const { recipient, sendMail, isUnseen } = delivery;
  const key = { ...drawn.row, name: old.name, platform: old.platform, ownerId: old.ownerId };
  const claim = await openClaim(tx, ctx, deps, { key, recipient, sendMail });
  assertUnseen(isUnseen, claim.path);
  return claim;
}

async function insertPair(
  tx: Tx,
  ctx: Ctx,
  { old, drawn, input }: { old: KeyRow; drawn: Successor; input: Wanted },
): Promise<{ rotation: Pick<RotationRow, 'id' | 'deadlineAt' | 'graceMs'>; endsAt: Date }> {
  const now = ctx.now();
  const endsAt = new Date(deadlineMs(now.getTime(), input.overlapDays, old.expiresAt?.getTime() ?? null));
  // One chance in 10^14; the caller simply asks again.
  if (!(await insertKey(tx, drawn.row)))
    throw new DomainError('conflict', 'The id drawn for the new key is taken; rotate again.');
  const rotation = {
    id: `rot_${drawn.row.id}`,
    oldKeyId: old.id,
    newKeyId: drawn.row.id,
    reason: input.reason,
    isEmergency: input.isEmergency ?? false,
    startedBy: ctx.actor.id,
    startedAt: now,
    deadlineAt: endsAt,
    graceMs: input.graceHours === null ? null : input.graceHours * HOUR_MS,
  };
  if (!(await insertRotation(tx, rotation))) throw new DomainError('conflict', rotatingAlready(old.name));
  await updateKeyEnd(tx, old.id, endsAt);
  return { rotation, endsAt };
}

const rotatingAlready = (name: string): string => `${name} is being rotated already; look at its rotation.`;

const faults: { readonly [S in ApiKeyState]?: string } = {
  pending: 'waits for its claim link to be opened; there is nothing to rotate yet',
  rotated: 'ended with a rotation; rotate its successor',
  expired: 'has expired; create another key',
  quarantined: 'is quarantined; release it first, or revoke it and create another key',
  revoked: 'is revoked; create another key',
  owner_suspended: 'belongs to a person who may not sign in now; pass it on first',
};

/** Why a key cannot be rotated at an instant, as a sentence, or null. */
export function rotationFault(key: KeyRow, ownerState: Parameters<typeof standingOf>[1], now: Date): string | null {
  const state = keyState(standingOf(key, ownerState), now.getTime());
  if (state === 'rotating') return rotatingAlready(key.name);
  const fault = faults[state];
  return fault === undefined ? null : `${key.name} ${fault}.`;
}

/** Scopes of the successor, none the old key lacks. Throws `invalid`. */
function successorScopes(old: KeyRow, wanted: readonly string[] | undefined): string[] {
  const scopes = wanted ?? old.scopes;
  const beyond = scopes.filter((scope) => !old.scopes.includes(scope));
  if (beyond[0] === undefined) return [...scopes];
  const message = `the old key does not have ${beyond.slice(0, 5).join(', ')}`;
  throw new DomainError('invalid', `A rotation gives no more than there was: ${message}.`, {
    fields: [{ field: 'scopes', message }],
  });
}

function startedEntry(of: {
  old: KeyRow;
  drawn: Successor;
  rotation: Pick<RotationRow, 'id' | 'graceMs'>;
  endsAt: Date;
  input: Wanted;
  sentTo: string | null;
}): AuditEntry {
  const { old, drawn, rotation, endsAt, input, sentTo } = of;
  const removed = old.scopes.filter((scope) => !drawn.row.scopes.includes(scope));
  return {
    action: 'api-keys.rotation_started',
    category: 'api-keys',
    level: input.isEmergency === true ? 'critical' : 'warning',
    platform: scopeOfKey(old),
    target: { kind: 'api-key', id: old.id },
    details: {
      name: old.name,
      reason: input.reason,
      rotation: rotation.id,
      successor: drawn.row.id,
      isEmergency: input.isEmergency ?? false,
      graceMs: rotation.graceMs,
      delivery: input.delivery.kind,
      sentTo,
      removedScopes: removed,
      successorExpiresAt: drawn.row.expiresAt,
    },
    before: { endsAt: old.endsAt },
    after: { endsAt },
  };
}
