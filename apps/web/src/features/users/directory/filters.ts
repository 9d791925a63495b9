import { DAY_MS } from '@qd/shared/time';
import { directorySorts, MAX_SEARCH_LENGTH, userStates, type DirectorySort } from '@qd/shared/users';
import type { ApiInputs } from '../../../lib/api.ts';
import type { Sort } from '../../../ui/table-sort.ts';

/** Names of what narrows and orders the directory, in the address. */
export const directoryParams = ['show', 'text', 'role', 'state', 'seen', 'sort', 'dir'] as const;
export type DirectoryParam = (typeof directoryParams)[number];
export type DirectoryValues = Partial<Record<DirectoryParam, string>>;

export type DirectoryQuery = Omit<NonNullable<ApiInputs['users']['list']>, 'cursor' | 'direction'>;

/** Those in which one looks for people; the rest orders them. */
const narrowing = ['text', 'role', 'state', 'seen'] as const satisfies readonly DirectoryParam[];
export const noFilters = { text: null, role: null, state: null, seen: null };

export const seenRanges = [
  { value: '', label: 'Any time' },
  { value: '1d', label: 'Last 24 h' },
  { value: '7d', label: 'Last 7 d' },
  { value: '30d', label: 'Last 30 d' },
  { value: 'not-30d', label: 'Not for 30 d' },
  { value: 'not-90d', label: 'Not for 90 d' },
] as const;

export const stateWords: Readonly<Record<(typeof userStates)[number], string>> = {
  active: 'Active',
  invited: 'Invited',
  suspended: 'Suspended',
  offboarded: 'Has left',
};

/** Which people the segment shows. */
export function segmentOf(values: DirectoryValues): 'people' | 'look' | 'invited' {
  return values.show === 'look' || values.show === 'invited' ? values.show : 'people';
}

/** True when a filter of this page narrows the segment; the platform is the whole console's. */
export function isNarrowed(values: DirectoryValues): boolean {
  return narrowing.some((name) => values[name] !== undefined);
}

/** What to ask the server for. `now` is the instant the filters were set: a sliding start would never stop asking. */
export function directoryQuery(
  values: DirectoryValues,
  scope: { platform: string | null; now: number },
): DirectoryQuery {
  const segment = segmentOf(values);
  const state = segment === 'invited' ? 'invited' : userStates.find((known) => known === values.state);
  const text = values.text?.trim().slice(0, MAX_SEARCH_LENGTH);
  return {
    ...(text ? { text } : {}),
    ...(values.role !== undefined && { role: values.role.slice(0, 60) }),
    ...(state !== undefined && { state }),
    ...(segment === 'look' && { attention: 'any' as const }),
    ...(scope.platform !== null && { platform: scope.platform }),
    ...seenOf(values.seen, scope.now),
    ...orderOf(values),
  };
}

function seenOf(range: string | undefined, now: number): Pick<DirectoryQuery, 'seenFrom' | 'seenTo'> {
  const match = /^(not-)?(1|7|30|90)d$/.exec(range ?? '');
  if (match === null) return {};
  const at = now - Number(match[2]) * DAY_MS;
  return match[1] === undefined ? { seenFrom: at } : { seenTo: at };
}

function sortKeyOf(text: string | undefined): DirectorySort | undefined {
  return directorySorts.find((known) => known === text);
}

/** The server's own direction is A to Z, and the latest first. */
function orderOf(values: DirectoryValues): Pick<DirectoryQuery, 'sort' | 'reverse'> {
  const sort = sortKeyOf(values.sort);
  if (sort === undefined) return {};
  return { sort, reverse: (values.dir === 'desc') !== (sort === 'lastSeen') };
}

/** The order as the table's head shows it; null while the server orders. */
export function sortOf(values: DirectoryValues): Sort | null {
  const key = sortKeyOf(values.sort);
  return key === undefined ? null : { key, direction: values.dir === 'desc' ? 'desc' : 'asc' };
}
