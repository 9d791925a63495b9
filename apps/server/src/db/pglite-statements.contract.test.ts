import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PLANNED_ANEW } from './named-statements.ts';
import { asIs, pgliteOptions } from './pglite-options.ts';
import { createStatements, type Statements } from './pglite-statements.ts';

let pg: PGlite;
let statements: Statements;
beforeAll(async () => {
  pg = await PGlite.create(await pgliteOptions({ dataDir: null, templateFile: null }));
});
beforeEach(async () => {
  await pg.exec('ROLLBACK; DEALLOCATE ALL; DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY, word text)');
  statements = createStatements(pg);
});
afterAll(() => pg.close());

/** Texts of the statements the connection keeps. */
const kept = async (): Promise<unknown[]> =>
  (await pg.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements')).rows.map(
    (row) => row.statement,
  );

async function often(text: string, params: unknown[]): Promise<void> {
  for (let run = 0; run < 4; run += 1) await statements.run(text, params, {});
}

const outcome = async (answer: Promise<unknown>): Promise<unknown> =>
  answer.catch((error: unknown) => ({ failed: error instanceof Error && 'code' in error ? error.code : error }));

const run = (text: string, params: unknown[] = []) => outcome(statements.run(text, params, {}));

describe('a statement that comes back', () => {
  const moment = new Date('2026-03-29T01:30:00.123Z');
  it.each<[string, unknown]>([
    ['int4', 7],
    ['int8', '9007199254740993'],
    ['int8', 12],
    ['float8', 0.1],
    ['numeric', '12.340'],
    ['bool', true],
    ['text', 'naïve 🚢 \\ "quoted"'],
    ['text', ''],
    ['json', { deep: [1, null, 'two'] }],
    ['jsonb', [{ n: 1 }]],
    ['jsonb', '"text"'],
    ['bytea', Uint8Array.from([0, 1, 92, 255])],
    ['timestamptz', moment],
    ['timestamptz', moment.toISOString()],
    ['date', '2026-03-29'],
    ['interval', '1 day 02:00:00'],
    ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['int4[]', [1, null, 3]],
    ['int8[]', '{1,2}'],
    ['text[]', ['with "quotes"', 'comma, {brace} \\', 'NULL', '']],
    ['timestamptz[]', [moment]],
  ])('takes and gives %s as before: %s', async (type, value) => {
    const text = `SELECT $1::${type} AS given, NULL::${type} AS nothing WHERE $2::int = 1`;
    const raw = { 1184: asIs, 1082: asIs, 1186: asIs, 1185: asIs };
    for (const options of [{ rowMode: 'array', parsers: raw }, { rowMode: 'object' }] as const) {
      for (const given of [value, null]) {
        const expected = await pg.query(text, [given, 1], options);
        for (let i = 0; i < 3; i += 1) {
          expect(await statements.run(text, [given, 1], options)).toStrictEqual(expected);
        }
      }
    }
    expect(await kept()).toEqual([text]);
    expect((await statements.run(text, [value, 0], {})).rows).toEqual([]);
  });

  it('tells how many rows it changed, with and without giving them', async () => {
    for (const [text, params] of [
      ['INSERT INTO t VALUES ($1, $2)', [1, 'one']],
      ['UPDATE t SET word = $1 RETURNING *', ['two']],
      ['DELETE FROM t WHERE id = $1', [1]],
    ] as const) {
      const reset = () => pg.exec(`DELETE FROM t; ${text.startsWith('INSERT') ? '' : "INSERT INTO t VALUES (1, 'x')"}`);
      await reset();
      const expected = await pg.query(text, [...params]);
      for (let i = 0; i < 4; i += 1) {
        await reset();
        expect(await statements.run(text, [...params], {})).toStrictEqual(expected);
      }
      expect(await kept()).toContain(text);
    }
  });

  it('is kept from its third run on, unless it asks to be planned anew or has neither values nor rows', async () => {
    await often('SELECT id FROM t WHERE id = $1', [1]);
    await often(`SELECT id FROM t WHERE id = $1 ${PLANNED_ANEW}`, [1]);
    await often('SET lock_timeout = 0', []);
    await statements.run('SELECT word FROM t WHERE id = $1', [1], {});
    expect(await kept()).toEqual(['SELECT id FROM t WHERE id = $1']);
  });

  it('is kept with at most 299 others', { timeout: 120_000 }, async () => {
    for (let n = 0; n < 305; n += 1) {
      for (let i = 0; i < 3; i += 1) await statements.run(`SELECT ${n} WHERE $1`, [true], {});
    }
    expect(await kept()).toHaveLength(300);
  });
});

describe('a failure', () => {
  const insert = 'INSERT INTO t VALUES ($1, $2)';
  const count = 'SELECT count(*)::int AS n FROM t WHERE $1';

  it('outside a transaction is told as before and leaves the connection usable', async () => {
    await pg.exec("INSERT INTO t VALUES (1, 'one')");
    const expected = await pg.query(insert, [1, 'again']).catch((error: unknown) => error);
    for (let i = 0; i < 5; i += 1) {
      const failure: unknown = await statements.run(insert, [1, 'again'], {}).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: '23505', constraint: 't_pkey' });
      expect(String(failure)).toBe(String(expected));
      expect(await run(count, [true])).toMatchObject({ rows: [{ n: 1 }] });
    }
    expect(await run(insert, ['no number', 'x'])).toEqual({ failed: '22P02' });
    expect(await run(insert, [2, 'two'])).toMatchObject({ affectedRows: 1 });
  });

  it('inside a transaction ends it and nothing else, or only as far as a savepoint', async () => {
    for (let id = 1; id <= 4; id += 1) await run(insert, [id, 'x']);
    await often(count, [true]);
    await pg.exec('BEGIN');
    expect(await run(insert, [5, 'x'])).toMatchObject({ affectedRows: 1 });
    await pg.exec('SAVEPOINT before');
    expect(await run(insert, [5, 'again'])).toEqual({ failed: '23505' });
    expect(await run(count, [true])).toEqual({ failed: '25P02' });
    await pg.exec('ROLLBACK TO SAVEPOINT before');
    expect(await run(count, [true])).toMatchObject({ rows: [{ n: 5 }] });
    expect(await run(insert, [1, 'again'])).toEqual({ failed: '23505' });
    await pg.exec('ROLLBACK');
    expect(await run(count, [true])).toMatchObject({ rows: [{ n: 4 }] });
  });

  it('to understand a statement is not remembered', async () => {
    const text = 'SELECT * FROM later WHERE $1::bool';
    for (let i = 0; i < 5; i += 1) expect(await run(text, [true])).toEqual({ failed: '42P01' });
    expect(await kept()).toEqual([]);
    await pg.exec('CREATE TABLE later AS SELECT 1 AS n');
    expect(await run(text, [true])).toMatchObject({ rows: [{ n: 1 }] });
    expect(await kept()).toEqual([text]);
    await pg.exec('DROP TABLE later');
  });
});

describe('a change of the schema', () => {
  const text = 'SELECT * FROM t WHERE $1';
  const change = "ALTER TABLE t ADD COLUMN more text DEFAULT 'm'";
  beforeEach(async () => {
    await pg.exec("INSERT INTO t VALUES (1, 'one')");
    await often(text, [true]);
  });

  it('is seen by the next run outside a transaction, which is kept again', async () => {
    await pg.exec(change);
    for (let i = 0; i < 3; i += 1) {
      expect(await run(text, [true])).toMatchObject({ rows: [{ id: 1, word: 'one', more: 'm' }] });
    }
    expect(await kept()).toEqual([text]);
  });

  it('fails one run inside a transaction with its own words', async () => {
    await pg.exec(`BEGIN; ${change}`);
    expect(await run(text, [true])).toEqual({ failed: '0A000' });
    await pg.exec('ROLLBACK');
    expect(await run(text, [true])).toMatchObject({ rows: [{ id: 1, word: 'one' }] });
  });

  it('to another plan alone goes unseen', async () => {
    await pg.exec('CREATE INDEX ON t (word); ANALYZE t');
    expect(await run(text, [true])).toMatchObject({ rows: [{ id: 1, word: 'one' }] });
  });
});

it('a statement somebody else let go is made again', async () => {
  const text = 'SELECT id FROM t WHERE $1';
  await often(text, [true]);
  await pg.exec('DEALLOCATE ALL');
  expect(await run(text, [true])).toMatchObject({ rows: [] });
  expect(await run(text, [true])).toMatchObject({ rows: [] });
  expect(await kept()).toEqual([text]);
});
