import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { formatKey } from '@qd/shared/api-keys';
import { createMemoryKv } from '../../apps/server/src/adapters/kv/memory.ts';
import type { Db } from '../../apps/server/src/db/client.ts';
import { apiKeys } from '../../apps/server/src/db/schema/index.ts';
import { onlyPepper } from '../../apps/server/src/features/api-keys/service/peppers.ts';
import { createKeys, type Keys } from '../../apps/server/src/features/api-keys/service/verifier.ts';
import type { Ctx } from '../../apps/server/src/platform/context.ts';
import { derivePepper, pepperedHash } from '../../apps/server/src/platform/pepper.ts';

const DAY_MS = 86_400_000;
const peppers = onlyPepper(derivePepper(randomBytes(24).toString('hex')));

/** Stores a key of a service that works, has a limit that is never reached, and was used before. */
export async function storeKey(db: Db, now: Date, prefix = 'hsi'): Promise<{ id: string; text: string }> {
  const key = formatKey({ prefix, environment: 'prod' }, randomBytes, crc32);
  await db.insert(apiKeys).values({
    id: key.kid,
    lineageId: key.kid,
    name: 'Bench',
    platform: 'hashinsight',
    environment: 'prod',
    prefix,
    hash: pepperedHash(peppers.current, key.text),
    pepperVersion: peppers.current.version,
    scopes: ['miners:read', 'reports:read'],
    rateLimitPerMin: 10_000_000,
    createdAt: now,
    activatedAt: now,
    firstUsedAt: now,
    expiresAt: new Date(now.getTime() + 90 * DAY_MS),
  });
  return { id: key.kid, text: key.text };
}

/** A verifier as one replica has it. */
export function verifierOver(ctx: Pick<Ctx, 'db' | 'hub' | 'now' | 'log'>): Keys {
  return createKeys({ ...ctx, kv: createMemoryKv(ctx.now) }, peppers);
}

/** Whether the key is let in for a scope on its platform, from an address, as platforms ask. */
export async function isLetIn(keys: Keys, text: string): Promise<boolean> {
  const verdict = await keys.inquire(text, {
    from: { address: '198.51.100.7', agent: 'bench', requestId: 'bench' },
    platforms: '*',
    platform: 'hashinsight',
    environment: 'prod',
    permission: 'miners:read',
  });
  return verdict.valid;
}

/** A call that verifies the next of so many keys. Without `remember` each is read from the database, as while the bus is down. */
export async function openOurs(ctx: Ctx, db: Db, { keys, remember }: { keys: number; remember: boolean }) {
  const texts: string[] = [];
  for (let i = 0; i < keys; i += 1) texts.push((await storeKey(db, ctx.now())).text);
  const hub = remember ? ctx.hub : { ...ctx.hub, version: () => null };
  const verifier = verifierOver({ ...ctx, hub });
  let next = 0;
  return async (): Promise<void> => {
    if (!(await isLetIn(verifier, texts[next++ % texts.length] ?? ''))) throw new Error('a key of ours was not let in');
  };
}
