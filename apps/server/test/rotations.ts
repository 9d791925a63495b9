import { randomUUID } from 'node:crypto';
import { startRotationInput } from '@qd/shared/api-keys';
import { keyConsumers, keyUsage } from '../src/db/schema/index.ts';
import { startRotation } from '../src/features/api-keys/service/rotation/start.ts';
import type { Ctx } from '../src/platform/context.ts';
import { makingDeps } from './key-making.ts';
import type { TestStores } from './stores.ts';

/** Starts a rotation of a key, seven days long unless told otherwise. */
export async function rotate(ctx: Ctx, keyId: string, change: object = {}) {
  const input = startRotationInput.parse({ keyId, overlapDays: 7, reason: 'the quarter ends', ...change });
  return startRotation(ctx, makingDeps, input);
}

/** Names a consumer of a key, told apart by one address unless told otherwise; gives its id. */
export async function addConsumer(
  stores: TestStores,
  lineageId: string,
  name: string,
  change: Partial<typeof keyConsumers.$inferInsert> = {},
): Promise<string> {
  const id = `kco_${randomUUID()}`;
  const person = { ownerName: 'Ada', channel: 'email' as const, address: `${name}@example.com` };
  await stores.db
    .insert(keyConsumers)
    .values({ id, lineageId, name, ...person, createdAt: stores.clock.now(), ...change });
  return id;
}

/** Counts calls with a key, at the present instant unless told otherwise. */
export async function addCalls(
  stores: TestStores,
  keyId: string,
  of: { address: string; agent?: string; count?: number; agoMs?: number; outcome?: string },
): Promise<void> {
  const lastAt = new Date(stores.clock.now().getTime() - (of.agoMs ?? 0));
  const { address, agent = 'curl/8', count = 1, outcome = 'ok' } = of;
  const row = { keyId, startsAt: lastAt, spanMs: 600_000, address, agent, outcome, count, lastAt };
  await stores.db.insert(keyUsage).values(row);
}
