import { isPermission, type GrantScope, type Permission } from '@qd/shared/permissions';
import { emailKey } from '@qd/shared/users';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import { selectActingGrants } from '../../../../db/queries/grants.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { actingScopes } from '../../../../platform/escalation.ts';
import { grantScopes } from '../../../../platform/session.ts';
import type { KeyRow } from '../../queries.ts';
import { selectConsumers, selectLineageScopes, type ConsumerRow } from '../../queries/consumers.ts';
import { beyondHolder } from '../scopes.ts';

/** A consumer told by e-mail; `fault` says why no unseen link goes there, and what to do. */
export interface Addressee {
  name: string;
  email: string;
  fault: string | null;
}

type Handed = Pick<KeyRow, 'platform' | 'scopes' | 'lineageId'>;

/** Who gives an address, and what of the console they could give there: kept beside it. */
export type Vouch = Pick<ConsumerRow, 'addressSetBy' | 'addressScopes'>;

/** What the caller vouches for with an address they give to a consumer of these keys now. */
export async function vouchOf(
  tx: Tx,
  ctx: Pick<Ctx, 'actor' | 'now'>,
  key: Pick<KeyRow, 'platform' | 'lineageId'>,
): Promise<Vouch> {
  const held = await actingScopes(tx, ctx);
  const scopes = (await selectLineageScopes(tx, key.lineageId)).filter(isPermission);
  const beyond = new Set(beyondHolder(held, { platform: key.platform, scopes }));
  return { addressSetBy: ctx.actor.id, addressScopes: scopes.filter((scope) => !beyond.has(scope)) };
}

/**
 * Whom the successor of a key may be sent to unseen by somebody who lacks some of what it may do: consumers whose address was
 * given by another person, who could give all of it then.
 */
export async function addresseesOf(
  db: ReadDb,
  of: { key: Handed; rotatorId: string | null; now: Date },
): Promise<Addressee[]> {
  const consumers = (await selectConsumers(db, of.key.lineageId)).filter(({ channel }) => channel === 'email');
  const addressees: Addressee[] = [];
  for (const consumer of consumers) {
    const fault = await faultOf(db, consumer, of);
    addressees.push({ name: consumer.ownerName, email: consumer.address, fault });
  }
  return addressees;
}

/** The consumer at an address, one that counts before others; null: there is none. */
export function addresseeAt(addressees: readonly Addressee[], email: string): Addressee | null {
  const there = addressees.filter((one) => emailKey(one.email) === emailKey(email));
  return there.find(({ fault }) => fault === null) ?? there[0] ?? null;
}

async function faultOf(
  db: ReadDb,
  consumer: ConsumerRow,
  { key, rotatorId, now }: { key: Handed; rotatorId: string | null; now: Date },
): Promise<string | null> {
  const wanted = key.scopes.filter(isPermission);
  const setBy = consumer.addressSetBy ?? (consumer.addressScopes === null ? consumer.createdBy : null);
  const words = `ask somebody who may give ${listed(wanted)} to take the consumer off and name it again`;
  if (setBy !== null && setBy === rotatorId)
    return `The address was given by who rotates the key, so it does not count; ${words}.`;
  const vouched = consumer.addressScopes ?? (await nowGivenBy(db, setBy, { key, wanted, now }));
  const beyond = wanted.filter((scope) => !vouched.includes(scope));
  return beyond.length === 0
    ? null
    : `The address was given by somebody who could not give ${listed(beyond)}; ${words}.`;
}

/** An address from before it was kept who gave it is judged by who named the consumer, as they stand now. */
async function nowGivenBy(
  db: ReadDb,
  userId: string | null,
  { key, wanted, now }: { key: Handed; wanted: readonly Permission[]; now: Date },
): Promise<readonly string[]> {
  if (userId === null) return wanted;
  const held: GrantScope[] = grantScopes(await selectActingGrants(db, userId, now));
  const beyond = new Set(beyondHolder(held, key));
  return wanted.filter((scope) => !beyond.has(scope));
}

function listed(scopes: readonly string[]): string {
  return scopes.slice(0, 5).join(', ') + (scopes.length > 5 ? ` and ${scopes.length - 5} more` : '');
}
