import { LRUCache } from 'lru-cache';
import type { ClientBase, QueryConfig } from 'pg';

/** Different statements that may carry names; a backend keeps each it has seen until its connection ends. */
const MAX_NAMES = 300;
/** Texts seen lately whose number of runs is remembered. */
const MAX_COUNTED = 2_000;
/** Runs after which a text is taken to come back. Lists of values make texts that never do. */
const RUNS_BEFORE_NAME = 3;

/** What the text of a statement holds that must not be kept by name; queries write it with `plannedAnew`. */
export const PLANNED_ANEW = '/* planned anew */';

/** What a pooler answers that hands each transaction another backend: no such statement, or it is there already. */
const foreignBackendCodes = new Set(['26000', '42P05']);

/** Gives statements that come back a name of their own. */
export interface StatementNames {
  /** The name of a text, or null while it has none; one that asks to be planned anew never gets any. */
  of(text: string): string | null;
  /** Looks at a failure; after one that shows backends are not ours to keep things in, nothing is named any more. */
  onFailure(error: unknown): void;
}

/** Names for one pool: the same text has the same name on every connection. */
export function createStatementNames(): StatementNames {
  const runs = new LRUCache<string, number>({ max: MAX_COUNTED });
  const names = new Map<string, string>();
  let isOn = true;
  return {
    of(text) {
      if (!isOn) return null;
      const known = names.get(text);
      if (known !== undefined) return known;
      if (text.includes(PLANNED_ANEW)) return null;
      const count = (runs.get(text) ?? 0) + 1;
      runs.set(text, count);
      if (count < RUNS_BEFORE_NAME || names.size >= MAX_NAMES) return null;
      const name = `qd_${names.size + 1}`;
      names.set(text, name);
      return name;
    },
    onFailure(error) {
      if (error instanceof Error && 'code' in error && foreignBackendCodes.has(String(error.code))) isOn = false;
    },
  };
}

/**
 * Lets a connection send reads and statements with parameters by name, so that Postgres parses and plans each once per connection:
 * half of what short reads cost it.
 */
export function nameStatements(client: ClientBase, names: StatementNames): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const named = (...args: unknown[]): unknown => {
    const [config, values, callback] = args;
    const name = isNameable(config) && mayComeBack(config.text, values) ? names.of(config.text) : null;
    if (name === null) return query(...args);
    const request = { ...(config as QueryConfig), name };
    if (isCallback(callback)) {
      return query(request, values, (error: unknown, result: unknown) => {
        names.onFailure(error);
        callback(error, result);
      });
    }
    const answer = query(request, values) as Promise<unknown>;
    answer.catch((error: unknown) => names.onFailure(error));
    return answer;
  };
  Object.assign(client, { query: named });
}

/** Begin, commit and settings have no parameters and nothing to plan. */
export function mayComeBack(text: string, values: unknown): boolean {
  return Array.isArray(values) && (values.length > 0 || text.startsWith('select '));
}

/** The pool itself passes one, code that holds a connection waits for a promise. */
function isCallback(value: unknown): value is (error: unknown, result: unknown) => void {
  return typeof value === 'function';
}

function isNameable(config: unknown): config is QueryConfig {
  if (typeof config !== 'object' || config === null || !('text' in config)) return false;
  return typeof config.text === 'string' && !('submit' in config) && !('name' in config && Boolean(config.name));
}
