import type { DeliveryOffer, KeyDelivery } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { can, type GrantScope, type Permission } from '@qd/shared/permissions';
import { emailKey } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { selectActingGrants } from '../../../../db/queries/grants.ts';
import { denied } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { actingScopes, assertMayGive } from '../../../../platform/escalation.ts';
import { grantScopes } from '../../../../platform/session.ts';
import type { KeyRow } from '../../queries.ts';
import { selectNewestClaim, type ClaimRow } from '../../queries/claims.ts';
import { selectPersonAddress } from '../../queries/owners.ts';
import { isSuccessor } from '../../queries/rotation-facts.ts';
import { invalid } from '../create/giving.ts';
import { beyondHolder } from '../scopes.ts';
import { actsForAnother, scopeOfKey } from '../visible-key.ts';
import { addresseeAt, addresseesOf } from './addressees.ts';

type Held = readonly GrantScope[] | 'everything';
type Handed = Pick<KeyRow, 'platform' | 'scopes' | 'ownerId' | 'lineageId'>;

/** How a successor leaves: shown, or by a link that is mailed, and that its sender must not see if `isUnseen`. */
export type PlannedDelivery =
  | { kind: 'show' }
  | { kind: 'claim'; recipient: Recipient; sendMail: boolean; isUnseen: boolean };

interface Recipient {
  name: string;
  email: string;
  isDemo: boolean;
}

/**
 * Says how a successor with these scopes leaves. A key of another person goes to their own address and is shown to nobody else;
 * a key of its own is shown, or sent to anybody, by who holds what it may do in the console; everybody else has it mailed to
 * one of its consumers. Throws `forbidden`, and `invalid` for a wrong address.
 */
export async function planDelivery(
  tx: Tx,
  ctx: Ctx,
  { key, delivery }: { key: Handed & Pick<KeyRow, 'isDemo'>; delivery: KeyDelivery },
): Promise<PlannedDelivery> {
  await assertMayGive(tx, ctx, { platform: key.platform, permissions: [] }, 'api-keys:rotate');
  const held = await actingScopes(tx, ctx);
  const beyond = beyondHolder(held, key);
  if (delivery.kind === 'show') {
    if (actsForAnother(ctx, key)) throw refused(key, 'A key of another person is never shown; send them a link.');
    if (beyond.length > 0) throw refused(key, `${lacks(beyond)} Send a link to one of its consumers.`, beyond[0]);
    return { kind: 'show' };
  }
  return key.ownerId === null
    ? byLink(tx, ctx, { key, delivery, beyond })
    : toOwner(tx, { ctx, held, key, delivery, beyond });
}

type Link = Extract<KeyDelivery, { kind: 'claim' }>;

async function byLink(
  tx: Tx,
  ctx: Ctx,
  of: { key: Handed & Pick<KeyRow, 'isDemo'>; delivery: Link; beyond: readonly Permission[] },
): Promise<PlannedDelivery> {
  const { key, beyond } = of;
  const { recipientName: name, recipientEmail: email, sendMail } = of.delivery;
  const isUnseen = beyond.length > 0;
  const fault = isUnseen ? await addressFault(tx, { key, email, rotatorId: ctx.actor.id, now: ctx.now() }) : null;
  if (fault !== null) throw refused(key, `${lacks(beyond)} ${fault}`, beyond[0]);
  return { kind: 'claim', recipient: { name, email, isDemo: key.isDemo }, sendMail: sendMail || isUnseen, isUnseen };
}

async function toOwner(
  tx: Tx,
  of: { ctx: Ctx; held: Held; key: Handed; delivery: Link; beyond: readonly Permission[] },
): Promise<PlannedDelivery> {
  const { ctx, held, key, delivery } = of;
  const owner = key.ownerId === null ? null : await selectPersonAddress(tx, key.ownerId);
  if (owner === null) throw refused(key, 'The person the key acts for is gone; revoke it.');
  const { name, email, isDemo } = owner;
  if (emailKey(email) !== emailKey(delivery.recipientEmail)) throw notTheirs(email);
  const isOfOther = actsForAnother(ctx, key);
  const isUnseen = isOfOther ? !mayCreate(held, key) : of.beyond.length > 0;
  const sendMail = delivery.sendMail || isOfOther || isUnseen;
  return { kind: 'claim', recipient: { name, email, isDemo }, sendMail, isUnseen };
}

/** What of it is open to a reader, for the form. */
export async function deliveryOffer(
  ctx: Pick<Ctx, 'db' | 'actor' | 'now'>,
  { canMail }: { canMail: boolean },
  key: KeyRow,
): Promise<DeliveryOffer> {
  const { grants } = ctx.actor;
  const notCounting: DeliveryOffer['notCounting'] = [];
  const beyond = beyondHolder(grants, key);
  if (key.ownerId !== null) {
    const owner = await selectPersonAddress(ctx.db, key.ownerId);
    const isOwn = key.ownerId === ctx.actor.id;
    const isOpen = isOwn ? beyond.length === 0 || canMail : canMail || mayCreate(grants, key);
    const recipients = owner === null || !isOpen ? [] : [{ name: owner.name, email: owner.email }];
    const canShow = isOwn && beyond.length === 0;
    return { canShow, isOfAnother: !isOwn, link: 'listed', recipients, notCounting, canMail };
  }
  const isOfAnother = false;
  if (beyond.length === 0) {
    return { canShow: true, isOfAnother, link: 'anybody', recipients: [], notCounting, canMail };
  }
  const of = { key, rotatorId: ctx.actor.id, now: ctx.now() };
  const recipients: DeliveryOffer['recipients'] = [];
  for (const { name, email, fault } of canMail ? await addresseesOf(ctx.db, of) : []) {
    if (fault === null) recipients.push({ name, email });
    else notCounting.push({ name, email, why: fault });
  }
  return { canShow: false, isOfAnother, link: 'listed', recipients, notCounting, canMail };
}

/**
 * True if a person may let this waiting key be drawn because they rotated the one before it: their right to rotate is asked now,
 * and whether the newest link goes where it may.
 */
export async function maySendSuccessor(tx: Tx, ctx: Pick<Ctx, 'actor' | 'now'>, key: KeyRow): Promise<boolean> {
  if (!(await isSuccessor(tx, key.id))) return false;
  const held = await actingScopes(tx, ctx);
  if (held !== 'everything' && !can(held, 'api-keys:rotate', scopeOfKey(key))) return false;
  if (key.ownerId !== null || beyondHolder(held, key).length === 0) return true;
  const claim = await selectNewestClaim(tx, key.id);
  if (claim === null) return false;
  const of = { key, email: claim.recipientEmail, rotatorId: ctx.actor.id, now: ctx.now() };
  return (await addressFault(tx, of)) === null;
}

/**
 * Throws `precondition` when the link of a successor is sent anew to an address that whoever sent it first may not choose any
 * more: who sends it now would hand the key to whom they never named.
 */
export async function assertAddressHolds(
  tx: Tx,
  { actor, now }: Pick<Ctx, 'actor' | 'now'>,
  key: KeyRow,
  { createdBy, recipientEmail: email }: Pick<ClaimRow, 'createdBy' | 'recipientEmail'>,
): Promise<void> {
  if (key.ownerId !== null || createdBy === null || createdBy === actor.id || !(await isSuccessor(tx, key.id))) return;
  const held = grantScopes(await selectActingGrants(tx, createdBy, now()));
  if (beyondHolder(held, key).length === 0) return;
  const fault = await addressFault(tx, { key, email, rotatorId: createdBy, now: now() });
  if (fault === null) return;
  const words = `Whoever sent this link to ${email} may not choose who gets the key. ${fault}`;
  throw new DomainError('precondition', `${words} Or call the rotation off and rotate again.`);
}

/** Throws `precondition` when a link its maker must not see was not mailed. */
export function assertUnseen(isUnseen: boolean, path: string | null): void {
  if (!isUnseen || path === null) return;
  const words =
    'The link must be mailed, and nothing is mailed from here; ask somebody who may create keys to rotate it.';
  throw new DomainError('precondition', words);
}

function mayCreate(held: Held, key: Pick<KeyRow, 'platform'>): boolean {
  return held === 'everything' || can(held, 'api-keys:write', scopeOfKey(key));
}

/** Why the unseen link of a successor does not go to an address, as a sentence, or null. */
async function addressFault(
  tx: Tx,
  { email, ...of }: { key: Handed; email: string; rotatorId: string | null; now: Date },
): Promise<string | null> {
  const found = addresseeAt(await addresseesOf(tx, of), email);
  return found === null ? 'Its link goes to a consumer of the key that is told by e-mail.' : found.fault;
}

function lacks(beyond: readonly Permission[]): string {
  return `You lack ${beyond.slice(0, 5).join(', ')}, which the new key has.`;
}

function refused(key: Pick<KeyRow, 'platform'>, words: string, permission: Permission = 'api-keys:write'): DomainError {
  return denied({ permission, platform: scopeOfKey(key) }, 'forbidden', words);
}

function notTheirs(email: string): DomainError {
  return invalid('delivery.recipientEmail', `A key of a person's own goes to their own address, ${email}.`);
}
