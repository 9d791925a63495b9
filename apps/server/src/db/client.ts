import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema/index.ts';

/** The database, whichever driver opened it. Only the roof and `platform/write.ts` hold this type. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** What reads get: no insert, update, delete or transaction. */
export type ReadDb = Pick<Db, 'select' | 'selectDistinct' | 'execute' | '$with' | 'with'>;

/** What writes get, inside one transaction. Never use the outer database within it: the embedded store would wait for ever. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
