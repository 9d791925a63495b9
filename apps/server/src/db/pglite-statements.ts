import { parse, protocol, type messages, type PGlite, type QueryOptions, type Results } from '@electric-sql/pglite';
import { createStatementNames, mayComeBack } from './named-statements.ts';

/** A statement the connection keeps: what it takes and what it gives. */
interface Prepared {
  name: string;
  parameterTypes: number[];
  /** What its rows are made of; absent where it gives none. */
  description: messages.BackendMessage[];
}

/** A kept statement whose result has other columns since the schema changed, or that is gone. */
const staleCodes = new Set(['0A000', '26000']);
const ABORTED = '25P02';

/** Statements of the one connection of an embedded Postgres. */
export interface Statements {
  /** Runs one, with the result and the failures of `PGlite.query`. */
  run(text: string, params: unknown[], options: QueryOptions): Promise<Results>;
}

/**
 * Keeps statements that come back parsed and planned, by name, as the pool does for Postgres: `PGlite.query` parses,
 * describes and plans each anew, which is most of what a short read costs, and crosses into the database six times for it.
 * Values and rows pass through PGlite's own functions.
 */
export function createStatements(pg: PGlite): Statements {
  const names = createStatementNames();
  const kept = new Map<string, Prepared>();

  const prepare = async (name: string, text: string): Promise<Prepared> => {
    const { serialize } = protocol;
    // Nobody may have the name: one that failed half-way would still hold it.
    const close = serialize.close({ type: 'S', name });
    const found = await send(pg, [close, serialize.parse({ name, text }), serialize.describe({ type: 'S', name })]);
    const prepared: Prepared = {
      name,
      parameterTypes: parse.parseDescribeStatementResults(found),
      description: found.filter((message) => message.name === 'rowDescription'),
    };
    kept.set(name, prepared);
    return prepared;
  };

  const runNamed = async (name: string, text: string, params: unknown[], options: QueryOptions): Promise<Results> => {
    const prepared = kept.get(name) ?? (await prepare(name, text));
    const values = params.map((value, i) => serialized(pg, value, prepared.parameterTypes[i]));
    const { serialize } = protocol;
    const answer = await send(pg, [serialize.bind({ statement: name, values }), serialize.execute()]);
    const [result] = parse.parseResults([...prepared.description, ...answer], pg.parsers, options);
    if (result === undefined) throw new Error('The embedded database answered a statement without a result.');
    return result;
  };

  return {
    run: async (text, params, options) => {
      const name = mayComeBack(text, params) ? names.of(text) : null;
      if (name === null) return pg.query(text, params, options);
      try {
        return await pg.runExclusive(() => runNamed(name, text, params, options));
      } catch (error) {
        if (!staleCodes.has(codeOf(error))) throw error;
        kept.delete(name);
        return pg.query<Record<string, unknown>>(text, params, options).catch((again: unknown) => {
          // Inside a transaction the first failure has ended it.
          throw codeOf(again) === ABORTED ? error : again;
        });
      }
    },
  };
}

/** Sends messages at once, closed by a Sync, which leaves the connection ready for the next also when one of them fails. */
async function send(pg: PGlite, parts: Uint8Array[]): Promise<messages.BackendMessage[]> {
  return pg.execProtocolStream(Buffer.concat([...parts, protocol.serialize.sync()]));
}

/** The text of a value, as `PGlite.query` makes it: by the type of its parameter, or as the value writes itself. */
function serialized(pg: PGlite, value: unknown, type = 0): string | null {
  if (value === null || value === undefined) return null;
  const serialize = pg.serializers[type];
  return serialize === undefined ? (value as { toString(): string }).toString() : serialize(value);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
