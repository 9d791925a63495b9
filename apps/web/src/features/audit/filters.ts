import { MIN_TEXT_LENGTH } from '@qd/shared/audit';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import type { AuditFilter } from '../../lib/api.ts';
import { dayOf, type Zone } from '../../lib/zone.ts';

/** Names of the filters in the address. */
export const filterParams = ['text', 'actor', 'action', 'target', 'status', 'range', 'from', 'to'] as const;
export type FilterParam = (typeof filterParams)[number];
export type FilterValues = Partial<Record<FilterParam, string>>;

export const ranges = [
  { value: '', label: 'Any time', ms: null },
  { value: '1h', label: 'Last hour', ms: HOUR_MS },
  { value: '24h', label: 'Last 24 h', ms: DAY_MS },
  { value: '7d', label: 'Last 7 d', ms: 7 * DAY_MS },
  { value: '30d', label: 'Last 30 d', ms: 30 * DAY_MS },
  { value: 'days', label: 'From day to day', ms: null },
] as const;

export const statuses = [
  { value: '', label: 'All' },
  { value: 'success', label: 'Done' },
  { value: 'denied', label: 'Denied' },
  { value: 'failure', label: 'Failed' },
] as const;

const NOON_MS = 12 * HOUR_MS;

/** A day written as 2026-10-03, as its first or last instant by the clock of the zone; undefined when it is no day. */
export function dayEdge(text: string | undefined, edge: 'start' | 'end', zone: Zone): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const noon = Date.parse(`${text}T00:00:00Z`) + NOON_MS;
  if (Number.isNaN(noon)) return undefined;
  const day = dayOf(noon, zone);
  return edge === 'start' ? day.startAt : day.endAt;
}

function timesOf(values: FilterValues, now: number, zone: Zone): Pick<AuditFilter, 'from' | 'to'> {
  if (values.range === 'days') {
    const from = dayEdge(values.from, 'start', zone);
    const to = dayEdge(values.to, 'end', zone);
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }
  const ms = ranges.find((range) => range.value === values.range)?.ms ?? null;
  return ms === null ? {} : { from: now - ms };
}

function statusOf(text: string | undefined): AuditFilter['status'] {
  return text === 'success' || text === 'denied' || text === 'failure' ? text : undefined;
}

/** What to ask the server for. `now` is the instant the filters were set: a sliding start would never stop asking. */
export function toFilter(
  values: FilterValues,
  scope: { platform: string | null; now: number; zone: Zone },
): AuditFilter {
  const status = statusOf(values.status);
  const word = (name: 'text' | 'actor' | 'action' | 'target', as: string = name) => {
    const value = values[name]?.trim().slice(0, 200);
    return value ? { [as]: value } : {};
  };
  return {
    ...(isTooShort(values.text) ? {} : word('text')),
    ...word('actor'),
    ...word('action'),
    ...word('target', 'targetKind'),
    ...(status !== undefined && { status }),
    ...(scope.platform !== null && { platform: scope.platform }),
    ...timesOf(values, scope.now, scope.zone),
  };
}

/** True for a text that is begun but not yet looked for. */
export function isTooShort(text: string | undefined): boolean {
  const length = text?.trim().length ?? 0;
  return length > 0 && length < MIN_TEXT_LENGTH;
}

/** True when a filter of this page narrows the list; the platform is the whole console's. */
export function isFiltered(values: FilterValues): boolean {
  return filterParams.some((name) => values[name] !== undefined && !(name === 'text' && isTooShort(values.text)));
}
