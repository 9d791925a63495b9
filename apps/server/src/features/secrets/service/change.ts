import { randomBytes } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import {
  nextDueMs,
  type ArchiveSecretInput,
  type CreateSecretInput,
  type SecretView,
  type UpdateSecretInput,
} from '@qd/shared/secrets';
import type { Tx } from '../../../db/client.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { lockSecret, platformExists, selectSecret, type SecretRow } from '../queries/secrets.ts';
import { insertRotation, insertSecrets, updateSecret } from '../queries/writes.ts';
import { assertOwner, assertPast, invalid, refusingTakenNames } from './faults.ts';
import { noSuchSecret, secretView } from './read.ts';

/** Said in the history of a rotation that was known before the register was kept. */
const KNOWN_BEFORE = 'As told when the secret was entered.';

/** Draws an id of an entry or a rotation. */
export function newId(kind: 'sec' | 'srt'): string {
  return `${kind}_${randomBytes(9).toString('base64url')}`;
}

/**
 * Enters a secret, never its value. Throws `invalid` with the field at fault, `conflict` for a name that is in use there, and
 * `forbidden`, or `not_found` for a platform the caller may not see.
 */
export async function createSecret(ctx: Ctx, input: CreateSecretInput): Promise<SecretView> {
  const { platform, lastRotatedAt } = input;
  assertCan(ctx, 'secrets:write', platform, 'platform');
  if (lastRotatedAt !== null) assertPast(ctx, 'lastRotatedAt', lastRotatedAt);
  const now = ctx.now();
  const id = newId('sec');
  const shown = { ...input, lastRotatedAt: toDate(lastRotatedAt), nextDueAt: toDate(nextDueMs(input, lastRotatedAt)) };
  const view = await refusingTakenNames(() =>
    write(ctx, async (tx, record) => {
      if (!(await platformExists(tx, platform))) throw invalid('platform', 'names no platform');
      await assertOwner(tx, ctx, platform, input.ownerId);
      await insertSecrets(tx, [{ ...shown, id, createdAt: now, updatedAt: now }]);
      if (shown.lastRotatedAt !== null) {
        await insertRotation(tx, {
          id: newId('srt'),
          secretId: id,
          rotatedAt: shown.lastRotatedAt,
          evidence: KNOWN_BEFORE,
          recordedBy: ctx.actor.id,
          recordedAt: now,
        });
      }
      record({
        action: 'secrets.created',
        category: 'secrets',
        platform,
        target: { kind: 'secret', id },
        after: shown,
      });
      return viewOf(tx, ctx, id);
    }),
  );
  ctx.hub.publish('secrets');
  return view;
}

/**
 * Changes an entry that still is as it was seen; its next rotation follows the new cadence. Throws `conflict` when somebody else
 * was first or the name is in use, `precondition` when it is archived, and as `createSecret` does.
 */
export async function changeSecret(ctx: Ctx, input: UpdateSecretInput): Promise<SecretView> {
  const { id, seenAt, ...facts } = input;
  const view = await refusingTakenNames(() =>
    write(ctx, async (tx, record) => {
      const before = await lockedSecret(tx, ctx, id);
      assertUnchanged(before, seenAt);
      if (facts.ownerId !== before.ownerId) await assertOwner(tx, ctx, before.platform, facts.ownerId);
      const nextDueAt = toDate(nextDueMs(facts, before.lastRotatedAt?.getTime() ?? null));
      await updateSecret(tx, id, { ...facts, nextDueAt, updatedAt: laterThan(before, ctx.now()) });
      record({
        action: 'secrets.updated',
        category: 'secrets',
        platform: before.platform,
        target: { kind: 'secret', id },
        before: said(before),
        after: { ...facts, nextDueAt },
      });
      return viewOf(tx, ctx, id);
    }),
  );
  ctx.hub.publish('secrets');
  return view;
}

/** Takes an entry out of the register; its history stays, and its name is free again. Throws as `changeSecret` does. */
export async function archiveSecret(ctx: Ctx, { id, seenAt }: ArchiveSecretInput): Promise<void> {
  await write(ctx, async (tx, record) => {
    const before = await lockedSecret(tx, ctx, id);
    assertUnchanged(before, seenAt);
    const archivedAt = ctx.now();
    await updateSecret(tx, id, { archivedAt, updatedAt: laterThan(before, archivedAt) });
    record({
      action: 'secrets.archived',
      category: 'secrets',
      level: 'warning',
      platform: before.platform,
      target: { kind: 'secret', id },
      before: { ...said(before), archivedAt: null },
      after: { archivedAt },
    });
  });
  ctx.hub.publish('secrets');
}

/** The entry to be changed, locked. Throws `not_found`, `forbidden`, or `precondition` when it is archived. */
export async function lockedSecret(tx: Tx, ctx: Ctx, id: string): Promise<SecretRow> {
  const found = await lockSecret(tx, id);
  if (found === null) throw noSuchSecret();
  assertCan(ctx, 'secrets:write', found.platform, 'secret');
  if (found.archivedAt === null) return found;
  throw new DomainError('precondition', `${found.name} is archived; enter it again to keep it.`);
}

/** The entry as it reads inside the transaction. */
export async function viewOf(tx: Tx, ctx: Ctx, id: string): Promise<SecretView> {
  const found = await selectSecret(tx, id);
  if (found === null) throw new Error('a locked secret is gone');
  return secretView(found, ctx.now());
}

/** An instant as stored. */
export function toDate(atMs: number | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}

function assertUnchanged(before: SecretRow, seenAt: number): void {
  if (before.updatedAt.getTime() === seenAt) return;
  throw new DomainError('conflict', 'Somebody changed this secret meanwhile; look at it again, then save.');
}

/** Two changes in one millisecond are two states. */
function laterThan(before: SecretRow, now: Date): Date {
  return new Date(Math.max(now.getTime(), before.updatedAt.getTime() + 1));
}

function said({ name, description, ownerId, ownerName, procedure, procedureUrl, ...row }: SecretRow) {
  const { cadence, everyDays, nextDueAt } = row;
  return { name, description, ownerId, ownerName, procedure, procedureUrl, cadence, everyDays, nextDueAt };
}
