import {
  deadlineMs,
  type ManyRotationCandidate,
  type ManyRotationsPreview,
  type ManyRotationVerdict,
  type PreviewManyRotationsInput,
  type StartManyRotationsInput,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import type { KeyRow } from '../../queries.ts';
import { selectConsumers, type ConsumerRow } from '../../queries/consumers.ts';
import { selectKey } from '../../queries/creating.ts';
import { selectPersonAddress } from '../../queries/owners.ts';
import { selectOwnerState } from '../../queries/rotation-facts.ts';
import { policyOf } from '../policy.ts';
import { beyondHolder } from '../scopes.ts';
import { visibleKey } from '../visible-key.ts';
import { addresseesOf } from './addressees.ts';
import { rotationFault, startRotation, type RotationDeps } from './start.ts';

type ReadCtx = Pick<Ctx, 'db' | 'actor' | 'now'>;
type Recipient = { name: string; email: string };

/** A key as it would be rotated with others, or why it would not. */
interface Planned {
  candidate: ManyRotationCandidate;
  /** Who draws the new key; null where it is left out. */
  recipient: Recipient | null;
}

/**
 * What rotating each of these keys would do, and why one is left out. A link is mailed to the person the key acts for, or to its
 * first consumer that is told by e-mail, and shown to nobody: so it goes only where mail is sent.
 */
export async function previewManyRotations(
  ctx: ReadCtx,
  deps: Pick<RotationDeps, 'canMail'>,
  { keyIds, overlapDays }: PreviewManyRotationsInput,
): Promise<ManyRotationsPreview> {
  const candidates: ManyRotationCandidate[] = [];
  for (const keyId of keyIds) candidates.push((await plan(ctx, deps, keyId, overlapDays)).candidate);
  return { canMail: deps.canMail, candidates };
}

/** Rotates keys, each in a transaction of its own and judged alone; the new ones are drawn by links that are mailed. */
export async function startManyRotations(
  ctx: Ctx,
  deps: RotationDeps,
  { keyIds, overlapDays, reason }: StartManyRotationsInput,
): Promise<ManyRotationVerdict[]> {
  const verdicts: ManyRotationVerdict[] = [];
  for (const keyId of keyIds) {
    const { candidate, recipient } = await plan(ctx, deps, keyId, overlapDays);
    const { name, refusal } = candidate;
    verdicts.push(
      recipient === null
        ? notStarted({ keyId, name }, refusal)
        : await startOne(ctx, deps, { candidate, recipient, reason }),
    );
  }
  return verdicts;
}

async function startOne(
  ctx: Ctx,
  deps: RotationDeps,
  of: { candidate: ManyRotationCandidate; recipient: Recipient; reason: string },
): Promise<ManyRotationVerdict> {
  const { keyId, name, overlapDays } = of.candidate;
  const { name: recipientName, email: recipientEmail } = of.recipient;
  const delivery = { kind: 'claim' as const, recipientName, recipientEmail, sendMail: true };
  try {
    const input = { keyId, overlapDays: overlapDays ?? 0, graceHours: null, reason: of.reason, delivery };
    const { newKeyId, endsAt } = await startRotation(ctx, deps, input);
    return { keyId, name, isStarted: true, message: null, newKeyId, sentTo: recipientEmail, endsAt };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return notStarted({ keyId, name }, error.message);
  }
}

function notStarted(key: { keyId: string; name: string }, message: string | null): ManyRotationVerdict {
  return { ...key, isStarted: false, message, newKeyId: null, sentTo: null, endsAt: null };
}

async function plan(
  ctx: ReadCtx,
  deps: Pick<RotationDeps, 'canMail'>,
  keyId: string,
  wantedDays: number | undefined,
): Promise<Planned> {
  const unknown = { keyId, name: keyId, platform: null, environment: null, consumers: 0, sentTo: null };
  const never = { overlapDays: null, deadlineAt: null, isCutByExpiry: false };
  let key: KeyRow;
  try {
    key = visibleKey(ctx, await selectKey(ctx.db, keyId), 'api-keys:rotate');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { candidate: { ...unknown, ...never, refusal: error.message }, recipient: null };
  }
  const consumers = await selectConsumers(ctx.db, key.lineageId);
  const to = await recipientOf(ctx, deps, { key, consumers });
  const { name, platform, environment } = key;
  const facts = { keyId, name, platform, environment, consumers: consumers.length };
  if ('refusal' in to) return { candidate: { ...facts, ...never, sentTo: null, refusal: to.refusal }, recipient: null };
  const now = ctx.now().getTime();
  const overlapDays = wantedDays ?? (await policyOf(ctx.db, platform)).overlapDays;
  const deadlineAt = deadlineMs(now, overlapDays, key.expiresAt?.getTime() ?? null);
  const isCutByExpiry = deadlineAt < now + overlapDays * DAY_MS;
  const candidate = { ...facts, sentTo: to.email, overlapDays, deadlineAt, isCutByExpiry, refusal: null };
  return { candidate, recipient: to };
}

/** Who draws the successor of a key that is rotated with others, or why it is left out. */
async function recipientOf(
  ctx: ReadCtx,
  deps: Pick<RotationDeps, 'canMail'>,
  { key, consumers }: { key: KeyRow; consumers: readonly ConsumerRow[] },
): Promise<Recipient | { refusal: string }> {
  const { name, ownerId } = key;
  const fault = rotationFault(key, await selectOwnerState(ctx.db, ownerId), ctx.now());
  if (fault !== null) return { refusal: fault };
  const owner = ownerId === null ? null : await selectPersonAddress(ctx.db, ownerId);
  if (ownerId !== null && owner === null) return { refusal: 'The person the key acts for is gone; revoke it.' };
  if (key.isDemo || owner?.isDemo === true) return { refusal: `${name} is of the demo, to which nothing is mailed.` };
  if (!deps.canMail) return { refusal: 'No mail is sent from here, and links are not shown for many keys at once.' };
  return owner ?? (await firstTold(ctx, key, consumers));
}

/** The first consumer told by e-mail; where the caller lacks some of what the key may do, the first whose address counts. */
async function firstTold(
  ctx: ReadCtx,
  key: KeyRow,
  consumers: readonly ConsumerRow[],
): Promise<Recipient | { refusal: string }> {
  const { name } = key;
  if (consumers.length === 0) return { refusal: `${name} names no consumer to send the new key to.` };
  const addressees = await addresseesOf(ctx.db, { key, rotatorId: ctx.actor.id, now: ctx.now() });
  const isAnybodyFit = beyondHolder(ctx.actor.grants, key).length === 0;
  const told = addressees.find(({ fault }) => isAnybodyFit || fault === null);
  if (told !== undefined) return { name: told.name, email: told.email };
  const [first] = addressees;
  if (first === undefined) return { refusal: `No consumer of ${name} is told by e-mail.` };
  return { refusal: `No link goes to ${first.email}. ${first.fault ?? ''}`.trim() };
}
