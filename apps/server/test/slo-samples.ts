import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import type { Db } from '../src/db/client.ts';
import { deploys, exclusions, sloAlertEvents, sloAlerts, sloOverrides, slos, sources } from '../src/db/schema/index.ts';
import { addObjective } from './objectives.ts';

/** What there is of objectives on one platform. */
export interface PlantedSlo {
  platform: string;
  slo: string;
  sliId: number;
  source: string;
  exclusion: string;
  override: string;
  /** Instant of everything planted, a whole minute. */
  atMs: number;
}

/** One call: a procedure and its input. */
export type Sample = readonly [path: string, input: object | undefined];

const reason = 'because of the test';

/** Stores an objective and one of everything that hangs on it; `mark` is in every name, and in no id. */
export async function plantSlo(db: Db, of: { platform: string; mark: string; now: Date }): Promise<PlantedSlo> {
  const { platform, mark, now } = of;
  const { id: sloId, sliId, sourceId } = await addObjective(db, { platform, slug: 'checkout' });
  const at = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  const ids = { exclusion: `exc_at_${platform}`, override: `ovr_at_${platform}` };
  await db.update(sources).set({ name: mark }).where(eq(sources.id, sourceId));
  await db.update(slos).set({ name: mark, description: mark }).where(eq(slos.id, sloId));
  const exclusion = { id: ids.exclusion, platformId: platform, sloId, category: 'maintenance' as const, reason: mark };
  const stamp = { createdAt: at, createdBy: mark, updatedAt: at, updatedBy: mark };
  await db.insert(exclusions).values({ ...exclusion, ...stamp, startsAt: at, durationMs: HOUR_MS, timeZone: 'UTC' });
  const until = new Date(at.getTime() + DAY_MS);
  await db
    .insert(sloOverrides)
    .values({ id: ids.override, sloId, reason: mark, createdAt: at, createdBy: mark, until });
  const alert = { sloId, kind: 'absent' as const, severity: 'page' as const, firedAt: at, summary: mark };
  await db.insert(sloAlerts).values({ ...alert, state: 'firing', changedAt: at });
  const event = { id: `ale_at_${platform}`, platformId: platform, transition: 'fired' as const, at, details: {} };
  await db.insert(sloAlertEvents).values({ ...alert, ...event });
  await db
    .insert(deploys)
    .values({ id: `dep_at_${platform}`, platformId: platform, service: mark, version: '1', summary: mark, at });
  return { platform, slo: sloId, sliId, source: sourceId, ...ids, atMs: at.getTime() };
}

/** One input or more for each procedure about objectives, valid and about what is planted there. */
export function sloSamples(there: PlantedSlo): Sample[] {
  const { platform, slo: id, atMs } = there;
  const definition = definitionAt(there);
  const exclusion = exclusionAt(there);
  return [
    ['changes.day', { dayStartAt: Math.floor(atMs / DAY_MS) * DAY_MS }],
    ['slo.list', {}],
    ['slo.list', { platform }],
    ['slo.get', { id }],
    ['slo.page', { id }],
    ['slo.page', { id, view: 'rolling' }],
    ['slo.lanes', {}],
    ['slo.lanes', { platform }],
    ['slo.alerts.list', {}],
    ['slo.alerts.list', { platform }],
    ['slo.alerts.list', { slo: id }],
    ['slo.alerts.events', {}],
    ['slo.alerts.events', { slo: id }],
    [
      'slo.definitions.addSource',
      { platform, kind: 'scrape', url: 'http://192.0.2.1:9100/metrics', intervalMs: 30_000 },
    ],
    ['slo.definitions.archive', { id, reason }],
    ['slo.definitions.create', { ...definition, slug: 'another' }],
    ['slo.definitions.get', { id }],
    ['slo.definitions.override', { id, reason, until: atMs + DAY_MS }],
    ['slo.definitions.preview', { definition }],
    ['slo.definitions.revisions', { id }],
    ['slo.definitions.sources', {}],
    ['slo.definitions.sources', { platform }],
    ['slo.definitions.update', { id, revision: 1, definition, reason }],
    ['slo.definitions.withdrawOverride', { id: there.override }],
    ['slo.exchange.export', {}],
    ['slo.exchange.export', { platform }],
    ['slo.exchange.export', { ids: [id] }],
    ['slo.exchange.inspect', { text: openSlo(null), platform }],
    ['slo.exchange.import', { text: openSlo(null), platform }],
    ['slo.exchange.import', { text: openSlo(platform) }],
    ['slo.exclusions.create', exclusion],
    ['slo.exclusions.create', { ...exclusion, sloId: null }],
    ['slo.exclusions.list', {}],
    ['slo.exclusions.list', { platform }],
    ['slo.exclusions.list', { slo: id }],
    ['slo.exclusions.preview', exclusion],
    ['slo.exclusions.update', { id: there.exclusion, version: 1, exclusion }],
    ['slo.exclusions.versions', { id: there.exclusion }],
    ['slo.exclusions.withdraw', { id: there.exclusion, reason }],
  ];
}

/** Changes of what is planted here that name something of `there`; with `there` the same as `here` each is a fair one. */
export function crossedSloSamples(here: PlantedSlo, there: PlantedSlo): Sample[] {
  const definition = definitionAt(here);
  const exclusion = exclusionAt(here);
  const update = (change: object) => ({ id: here.slo, revision: 1, definition: { ...definition, ...change }, reason });
  const shift = (change: object) => ({ id: here.exclusion, version: 1, exclusion: { ...exclusion, ...change } });
  return [
    ['slo.definitions.preview', { definition: { ...definition, sourceId: there.source } }],
    ['slo.definitions.create', { ...definition, slug: 'another', sourceId: there.source }],
    ['slo.definitions.update', update({ sourceId: there.source })],
    ['slo.definitions.update', update({ platform: there.platform, sourceId: there.source })],
    ['slo.exchange.inspect', { text: openSlo(there.platform), platform: here.platform }],
    ['slo.exchange.import', { text: openSlo(there.platform), platform: here.platform }],
    ['slo.exclusions.preview', { ...exclusion, sloId: there.slo }],
    ['slo.exclusions.preview', { ...exclusion, replaces: there.exclusion }],
    ['slo.exclusions.create', { ...exclusion, sloId: there.slo }],
    ['slo.exclusions.update', shift({ sloId: there.slo })],
    ['slo.exclusions.update', shift({ platformId: there.platform, sloId: there.slo })],
  ];
}

function definitionAt({ platform, source }: PlantedSlo) {
  const windows = [{ kind: 'rolling', windowMs: 28 * DAY_MS }];
  const indicator = { kind: 'push' };
  return { platform, slug: 'planted', name: 'Planted', sourceId: source, indicator, targetPercent: '99.5', windows };
}

function exclusionAt({ platform, slo, atMs }: PlantedSlo) {
  return { platformId: platform, sloId: slo, category: 'maintenance', reason, startsAt: atMs, durationMs: HOUR_MS };
}

const pushed = { metricSource: { type: 'quarterdeck-push', spec: {} } };

/** A document of another tool, for the platform it names or else the one it is imported to. */
function openSlo(platform: string | null): string {
  return JSON.stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: 'imported',
      annotations: platform === null ? {} : { 'quarterdeck.dev/platform': platform },
    },
    spec: {
      service: 'shop',
      indicator: {
        metadata: { name: 'imported' },
        spec: { ratioMetric: { counter: true, good: pushed, total: pushed } },
      },
      timeWindow: [{ duration: '28d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ target: 0.999 }],
    },
  });
}
