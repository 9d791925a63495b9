import { defaultKeyPolicy } from '@qd/shared/api-keys';
import type { Db } from '../src/db/client.ts';
import { keyClaims, keyConsumers } from '../src/db/schema/index.ts';
import type { PlantedKey } from './api-keys-samples.ts';
import type { Sample } from './slo-samples.ts';

/** Stores a consumer and a claim link of a planted key; `mark` is in every name, and in no id. */
export async function plantMaking(db: Db, of: PlantedKey & { mark: string; now: Date }): Promise<void> {
  const { platform, key, mark, now } = of;
  const consumer = { name: mark, ownerName: mark, channel: 'email' as const, address: `${mark}@example.com` };
  await db
    .insert(keyConsumers)
    .values({ ...consumer, id: `kco_at_${platform}`, lineageId: key, createdBy: null, createdAt: now });
  const claim = { keyId: key, recipientName: mark, recipientEmail: `${mark}@example.com`, createdAt: now };
  await db
    .insert(keyClaims)
    .values({ ...claim, id: `kcl_at_${platform}`, tokenHash: new Uint8Array(32).fill(7), expiresAt: now });
}

/** One input or more for each procedure that makes and changes keys, valid and about what is planted there. */
export function makingSamples({ platform, key, person }: PlantedKey & { person: string }): Sample[] {
  const wish = { name: 'Taken over', platform, environment: 'prod', scopes: ['slo:read'] };
  const consumer = { name: 'mine', ownerName: 'Me', channel: 'email', address: 'me@example.com' };
  const link = { kind: 'claim', recipientName: 'Me', recipientEmail: 'me@example.com' };
  const consumerId = `kco_at_${platform}`;
  return [
    ['apiKeys.createOptions', undefined],
    ['apiKeys.ownerScopes', { ownerId: person, platform }],
    ['apiKeys.create', wish],
    ['apiKeys.create', { ...wish, delivery: link }],
    ['apiKeys.create', { ...wish, platform: '*' }],
    ['apiKeys.create', { ...wish, copyFrom: key }],
    ['apiKeys.import', { ...wish, text: 'made-elsewhere-0123456789' }],
    ['apiKeys.deliverOptions', { ownerId: person }],
    ['apiKeys.deliver', { ...wish, scopes: ['miners:read'], ownerId: person }],
    ['apiKeys.limits', { id: key }],
    ['apiKeys.limitsPreview', { id: key, rateLimitPerMin: 1 }],
    ['apiKeys.update', { id: key, seenAt: null, name: 'Taken over' }],
    ['apiKeys.claims.get', { keyId: key }],
    ['apiKeys.claims.cancel', { keyId: key }],
    ['apiKeys.claims.resend', { keyId: key }],
    ['apiKeys.consumers.list', { keyId: key }],
    ['apiKeys.consumers.add', { keyId: key, ...consumer }],
    ['apiKeys.consumers.update', { id: consumerId, ...consumer }],
    ['apiKeys.consumers.remove', { id: consumerId }],
    ['apiKeys.policies.get', { platform }],
    ['apiKeys.policies.set', { platform, seenAt: null, policy: defaultKeyPolicy(platform), scopes: [] }],
  ];
}
