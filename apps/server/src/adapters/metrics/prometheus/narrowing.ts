import { LRUCache } from 'lru-cache';
import { type Labels, parseSelector, type Selector } from '../scrape/selector.ts';

/** Tells, of the series of the total, which belong to the part. */
export type Narrowing = (labels: Labels) => boolean;

const MAX_REMEMBERED = 2_000;
/** By both texts; false where the part is no narrowing of the total. */
const remembered = new LRUCache<string, Narrowing | false>({ max: MAX_REMEMBERED });

/**
 * How a part is found among the series of its total, when it is the same counter under further label matchers, as
 * `requests{status=~"5.."}` is of `requests`. One question then answers for both, about one instant. Null where the two
 * have to be asked for apart.
 */
export function narrowingOf(total: string, part: string): Narrowing | null {
  const key = JSON.stringify([total, part]);
  const known = remembered.get(key);
  if (known !== undefined) return known || null;
  const found = compare(read(total), read(part));
  remembered.set(key, found ?? false);
  return found;
}

function compare(total: Selector | null, part: Selector | null): Narrowing | null {
  if (total === null || part === null || total.name !== part.name) return null;
  const isNarrower = total.matchers.every((matcher) => part.matchers.includes(matcher));
  return isNarrower ? (labels) => part.matches(labels) : null;
}

/** Prometheus understands more than plain selectors; what is none is left to it. */
function read(query: string): Selector | null {
  try {
    return parseSelector(query);
  } catch {
    return null;
  }
}
