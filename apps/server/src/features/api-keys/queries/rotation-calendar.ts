import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { apiKeys, platforms } from '../../../db/schema/index.ts';

/** A key whose dates stand in the calendar. */
export interface DatedKey {
  id: string;
  name: string;
  platform: string;
  platformName: string | null;
  environment: 'prod' | 'staging' | 'dev' | 'test';
  activatedAt: Date | null;
  expiresAt: Date | null;
  endsAt: Date | null;
}

/** Keys on the platforms given that work, or worked until `since`, by platform and name; at most `limit`. */
export async function selectDatedKeys(
  db: ReadDb,
  of: { platforms: '*' | string[]; since: Date; limit: number },
): Promise<DatedKey[]> {
  const { id, name, platform, environment, activatedAt, expiresAt, endsAt } = apiKeys;
  return db
    .select({ id, name, platform, platformName: platforms.name, environment, activatedAt, expiresAt, endsAt })
    .from(apiKeys)
    .leftJoin(platforms, eq(platforms.id, platform))
    .where(
      and(
        of.platforms === '*' ? undefined : inArray(platform, of.platforms),
        isNull(apiKeys.revokedAt),
        isNotNull(activatedAt),
        eq(apiKeys.isProbe, false),
        sql`coalesce(least(${endsAt}, ${expiresAt}), 'infinity') >= ${of.since.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(asc(platform), asc(name), asc(id))
    .limit(of.limit);
}
