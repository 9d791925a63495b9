import type { Db, ReadDb } from './client.ts';

/** Where a statement may run. */
type Queryable = ReadDb | Db;

/**
 * Puts a statement together once per database instead of once per call, which for a select with joins is most of what it
 * costs this process. `build` ends in `.prepare('')`, whose empty name leaves it to the pool to name what comes back.
 */
export function preparedOnce<P>(build: (db: Queryable) => P): (db: Queryable) => P {
  const made = new WeakMap<object, P>();
  return (db) => {
    const known = made.get(db);
    if (known !== undefined) return known;
    const statement = build(db);
    made.set(db, statement);
    return statement;
  };
}
