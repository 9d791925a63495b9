import { eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ReadDb } from '../../../db/client.ts';
import { apiKeys, users } from '../../../db/schema/index.ts';

const creators = alias(users, 'creators');

/** What the page of a key says beyond its row in the list, or null. */
export async function selectKeyDetail(db: ReadDb, id: string) {
  const [row] = await db
    .select({
      scopes: apiKeys.scopes,
      ipAllow: apiKeys.ipAllow,
      pepperVersion: apiKeys.pepperVersion,
      lineageId: apiKeys.lineageId,
      createdByName: creators.name,
    })
    .from(apiKeys)
    .leftJoin(creators, eq(creators.id, apiKeys.createdBy))
    .where(eq(apiKeys.id, id));
  return row ?? null;
}
