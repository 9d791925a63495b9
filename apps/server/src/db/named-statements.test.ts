import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { ClientBase } from 'pg';
import { describe, expect, it } from 'vitest';
import { createStatementNames, nameStatements } from './named-statements.ts';
import { plannedAnew } from './planned-anew.ts';

/** A connection that notes the names it was given and answers as told. */
function connection(answer: () => Promise<unknown> = () => Promise.resolve({ rows: [] })) {
  const names: (string | undefined)[] = [];
  const client = {
    query(config: { name?: string } | string) {
      names.push(typeof config === 'string' ? undefined : config.name);
      return answer();
    },
  };
  return { names, client: client as unknown as ClientBase };
}

const read = { text: 'select 1 where $1 > 0' };

describe('names of statements', () => {
  it('are given from the third run on, the same on every connection', async () => {
    const names = createStatementNames();
    const [one, other] = [connection(), connection()];
    nameStatements(one.client, names);
    nameStatements(other.client, names);
    for (let run = 0; run < 4; run += 1) await one.client.query(read, [1]);
    await other.client.query({ ...read }, [2]);
    expect(one.names).toEqual([undefined, undefined, 'qd_1', 'qd_1']);
    expect(other.names).toEqual(['qd_1']);
  });

  it('are given to reads without parameters, and to nothing else without', async () => {
    const names = createStatementNames();
    const { client, names: given } = connection();
    nameStatements(client, names);
    for (const text of ['select 1', 'commit']) for (let run = 0; run < 3; run += 1) await client.query({ text }, []);
    expect(given).toEqual([undefined, undefined, 'qd_1', undefined, undefined, undefined]);
  });

  it('are not given to plain texts, those without a list of parameters, or those named already', async () => {
    const names = createStatementNames();
    const { client, names: given } = connection();
    nameStatements(client, names);
    for (let run = 0; run < 5; run += 1) {
      await client.query('begin');
      await client.query({ text: 'select 1' });
      await client.query({ name: 'mine', text: 'select $1' }, [1]);
    }
    expect(new Set(given)).toEqual(new Set([undefined, 'mine']));
  });

  it('are bounded: texts beyond the limit run without', () => {
    const names = createStatementNames();
    const given = Array.from({ length: 400 }, (_, i) => {
      const text = `select ${i} where $1`;
      names.of(text);
      names.of(text);
      return names.of(text);
    });
    expect(given.filter((name) => name !== null)).toHaveLength(300);
    expect(new Set(given.slice(0, 300)).size).toBe(300);
  });

  it('are never given to what asks to be planned anew', async () => {
    const { client, names: given } = connection();
    nameStatements(client, createStatementNames());
    const text = new PgDialect().sqlToQuery(sql`select 1 where ${1} > 0 and ${plannedAnew}`).sql;
    for (let run = 0; run < 4; run += 1) await client.query({ text }, [1]);
    expect(given).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each(['26000', '42P05'])('end where a pooler loses them (%s)', async (code) => {
    const names = createStatementNames();
    const fault = Object.assign(new Error('prepared statement'), { code });
    const { client, names: given } = connection(() => Promise.reject(fault));
    nameStatements(client, names);
    for (let run = 0; run < 5; run += 1) await expect(client.query(read, [1])).rejects.toBe(fault);
    expect(given).toEqual([undefined, undefined, 'qd_1', undefined, undefined]);
  });

  it('end as well when the pool hears of it through a callback', async () => {
    const names = createStatementNames();
    const fault = Object.assign(new Error('prepared statement'), { code: '26000' });
    const given: (string | undefined)[] = [];
    const client = {
      query(config: { text: string; name?: string }, _values: unknown, done: (error: unknown) => void) {
        given.push(config.name);
        done(fault);
      },
    };
    nameStatements(client as unknown as ClientBase, names);
    const run = () =>
      new Promise((heard) => {
        client.query(read, [1], heard);
      });
    for (let i = 0; i < 4; i += 1) expect(await run()).toBe(fault);
    expect(given).toEqual([undefined, undefined, 'qd_1', undefined]);
  });

  it('outlive every other failure', async () => {
    const names = createStatementNames();
    const { client, names: given } = connection(() => Promise.reject(Object.assign(new Error(), { code: '23505' })));
    nameStatements(client, names);
    for (let run = 0; run < 4; run += 1) await client.query(read, [1]).catch(() => null);
    expect(given.at(-1)).toBe('qd_1');
  });
});
