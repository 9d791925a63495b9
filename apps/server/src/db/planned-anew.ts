import { sql } from 'drizzle-orm';
import { PLANNED_ANEW } from './named-statements.ts';

/**
 * A condition that always holds and has the statement planned for its values each time. For searches whose best way depends
 * on what is looked for: a plan kept for any value takes every word to be rare, and reads all who have it.
 */
export const plannedAnew = sql.raw(`true ${PLANNED_ANEW}`);
