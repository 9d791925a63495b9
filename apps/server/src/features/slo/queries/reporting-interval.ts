import { sql, type SQL } from 'drizzle-orm';
import { slos, sources } from '../../../db/schema/index.ts';

/** How rarely (ms) an objective says something new, as `reportingIntervalMs` in SQL: an interval, or a whole slice. */
export const reportingInterval: SQL<number> = sql<number>`greatest(${sources.intervalMs}, coalesce((${slos.indicator} ->> 'sliceMinutes')::int, 1) * 60000)`;
