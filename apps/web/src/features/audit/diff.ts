import type { AuditRow } from '../../lib/api.ts';

type Json = AuditRow['details'][string] | undefined;

export interface Change {
  path: string;
  before: string | null;
  after: string | null;
}

function isObject(
  value: Json,
): value is Exclude<Json, string | number | boolean | null | undefined | readonly unknown[]> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in one line; text as it is, everything else as JSON. Null stays null: there was no such field. */
function printed(value: Json): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function leaves(value: Json, path: string, into: Map<string, string | null>): Map<string, string | null> {
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value)) leaves(part, path === '' ? key : `${path}.${key}`, into);
  } else if (path !== '') into.set(path, printed(value));
  return into;
}

/** A record as lines of path and value. */
export function linesOf(record: AuditRow['details'] | null): { path: string; value: string }[] {
  return [...leaves(record ?? {}, '', new Map())].map(([path, value]) => ({ path, value: value ?? '' }));
}

/** What an act changed, field by field; fields that stayed the same are only counted. */
export function diffOf(before: AuditRow['before'], after: AuditRow['after']): { changes: Change[]; same: number } {
  const old = leaves(before ?? {}, '', new Map());
  const fresh = leaves(after ?? {}, '', new Map());
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  const changes = paths
    .map((path) => ({ path, before: old.get(path) ?? null, after: fresh.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
  return { changes, same: paths.length - changes.length };
}
