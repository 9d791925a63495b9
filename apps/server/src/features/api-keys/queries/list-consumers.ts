import { and, asc, inArray, isNull } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { keyConsumers } from '../../../db/schema/index.ts';

/** Consumers of several keys and their successors, by name. */
export async function selectConsumersOfMany(db: ReadDb, lineageIds: string[]) {
  return db
    .select({
      lineageId: keyConsumers.lineageId,
      name: keyConsumers.name,
      ranges: keyConsumers.ranges,
      agents: keyConsumers.agents,
    })
    .from(keyConsumers)
    .where(and(inArray(keyConsumers.lineageId, lineageIds), isNull(keyConsumers.removedAt)))
    .orderBy(asc(keyConsumers.name));
}
