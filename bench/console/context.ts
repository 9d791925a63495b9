import { pino } from 'pino';
import { createMemoryKv } from '../../apps/server/src/adapters/kv/memory.ts';
import type { Db } from '../../apps/server/src/db/client.ts';
import type { Actor, Ctx } from '../../apps/server/src/platform/context.ts';
import { createHub } from '../../apps/server/src/platform/hub-memory.ts';

const system: Actor = {
  kind: 'system',
  id: null,
  email: null,
  name: 'Bench',
  role: null,
  grants: [],
  sessionId: null,
  address: null,
};

/** Context of verbs that run inside the bench, acting as the console itself. */
export async function benchCtx(db: Db, now: () => Date = () => new Date()): Promise<Ctx> {
  const log = pino({ level: 'silent' });
  const hub = await createHub(createMemoryKv(now), log);
  return { db, hub, actor: system, now, requestId: 'bench', log };
}
