import { createHash } from 'node:crypto';
import {
  defaultAlertRules,
  fromStoredWindows,
  hasHistory,
  type PolicyMeanings,
  type SloDefinition,
  type SourceKind,
  toStoredWindows,
} from '@qd/shared/slo';
import { DAY_MS, startOfUtcDay } from '@qd/shared/time';
import type { SloRecord } from '../../queries/definitions.ts';

const MAX_ID_CHARS = 64;
const HASH_CHARS = 8;
const noMeanings: PolicyMeanings = { ship: '', caution: '', freeze: '', overspent: '' };

/** What a definition says, as columns. */
export type DefinitionColumns = Pick<
  SloRecord,
  | 'platformId'
  | 'slug'
  | 'sourceId'
  | 'name'
  | 'description'
  | 'owner'
  | 'service'
  | 'indicator'
  | 'targetPercent'
  | 'windowMs'
  | 'anchorAt'
  | 'calendar'
  | 'judgedBy'
  | 'otherWindows'
  | 'alerting'
  | 'exclusionMode'
  | 'meanings'
  | 'labels'
  | 'cautionRatio'
  | 'freezeRatio'
>;

/** The definition that a stored objective has now. */
export function definitionOf(row: SloRecord): SloDefinition {
  return {
    platform: row.platformId,
    slug: row.slug,
    name: row.name,
    description: row.description,
    owner: row.owner,
    service: row.service,
    sourceId: row.sourceId,
    indicator: row.indicator,
    targetPercent: row.targetPercent,
    windows: fromStoredWindows({ ...row, anchorAt: row.anchorAt.getTime() }),
    cautionRatio: row.cautionRatio,
    freezeRatio: row.freezeRatio,
    meanings: row.meanings ?? noMeanings,
    alerting: row.alerting ?? defaultAlertRules,
    exclusionMode: row.exclusionMode,
    labels: row.labels,
  };
}

/** A definition as columns. The cycles beside a window of the same length stay where they were. */
export function columnsOf(definition: SloDefinition, before: SloRecord | null, now: Date): DefinitionColumns {
  const { platform, windows, alerting, meanings, ...plain } = definition;
  const anchorOf = (windowMs: number): number =>
    (before?.windowMs === windowMs ? before.anchorAt : anchorFor(windowMs, now)).getTime();
  const { anchorAt, ...stored } = toStoredWindows(windows, anchorOf);
  return {
    ...plain,
    platformId: platform,
    ...stored,
    anchorAt: new Date(anchorAt),
    alerting: isSame(alerting, defaultAlertRules) ? null : alerting,
    meanings: isSame(meanings, noMeanings) ? null : meanings,
  };
}

/** True if two values say the same, whatever order a store keeps the keys of an object in. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Names of the fields in which two definitions differ. */
export function changedFields(a: SloDefinition, b: SloDefinition): (keyof SloDefinition)[] {
  const keys = Object.keys(b) as (keyof SloDefinition)[];
  return keys.filter((key) => !isSame(a[key], b[key]));
}

/** True if what is counted changes: another indicator, or another source. */
export function countsAnew(before: SloDefinition, after: SloDefinition): boolean {
  return before.sourceId !== after.sourceId || !isSame(before.indicator, after.indicator);
}

/** True if such a change is measured from scratch: the new source knows what it would have counted so far. */
export function isRemeasured(before: SloDefinition, after: SloDefinition, sourceKind: SourceKind): boolean {
  return hasHistory(sourceKind) && countsAnew(before, after);
}

/**
 * Where the cycles of a new objective begin: months for windows of four weeks and more, weeks from a Monday on for seven
 * days and more, else the day, all in UTC. So the first cycle already holds what is backfilled.
 */
export function anchorFor(windowMs: number, now: Date): Date {
  if (windowMs >= 28 * DAY_MS) return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const day = startOfUtcDay(now.getTime());
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  return new Date(windowMs >= 7 * DAY_MS ? day - sinceMonday * DAY_MS : day);
}

/** An id people can read; the platform has no "_", so it cannot be taken for another. */
export function sloIdOf(platformId: string, slug: string): string {
  const id = `slo_${platformId}_${slug}`;
  return id.length <= MAX_ID_CHARS ? id : hashed(id, id);
}

/** The id to use when the readable one belongs to an objective that has another slug by now. */
export function otherSloId(platformId: string, slug: string, now: Date): string {
  const id = `slo_${platformId}_${slug}`;
  return hashed(id, `${id} ${now.getTime()}`);
}

function hashed(id: string, of: string): string {
  const hash = createHash('sha256').update(of).digest('hex').slice(0, HASH_CHARS);
  return `${id.slice(0, MAX_ID_CHARS - hash.length - 1)}.${hash}`;
}
