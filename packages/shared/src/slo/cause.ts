import type { Mark, MarkKind } from './types.ts';

const kinds: readonly MarkKind[] = ['incident', 'deploy', 'exclusion', 'alert'];

/** What a cause is called in an address: a mark as `kind:id`, or what no mark explains. */
export type CauseKey = `${MarkKind}:${string}` | 'background' | 'smaller';

/** The name of a mark as a cause, e.g. `deploy:dep_1`. Occurrences of one exclusion share theirs. */
export function causeKey({ kind, id }: Pick<Mark, 'kind' | 'id'>): CauseKey {
  return `${kind}:${id}`;
}

/** Reads a cause from an address; null for anything that cannot be one. */
export function parseCause(text: string | null): CauseKey | null {
  if (text === null || text.length > 300) return null;
  if (text === 'background' || text === 'smaller') return text;
  const [kind, ...rest] = text.split(':');
  const known = kinds.find((one) => one === kind);
  const id = rest.join(':');
  return known === undefined || id === '' ? null : `${known}:${id}`;
}

/** The marks of a cause, by time: several where an exclusion recurs. */
export function marksOfCause(key: CauseKey, marks: readonly Mark[]): Mark[] {
  return marks.filter((mark) => causeKey(mark) === key).toSorted((a, b) => a.at - b.at);
}
