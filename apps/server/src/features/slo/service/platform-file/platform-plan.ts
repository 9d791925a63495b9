import { DomainError, type FieldError } from '@qd/shared/errors';
import type {
  FileWindow,
  PlatformDefinition,
  PlatformSlo,
  SloDefinition,
  SloWindowSpec,
  SourceKind,
} from '@qd/shared/slo';
import type { SloRecord } from '../../queries/definitions.ts';
import type { SourceRecord, StoredPlatform } from '../../queries/writes/platform-file.ts';
import { planChange, type SloChange } from '../definitions/plan-change.ts';
import { anchorFor, definitionOf } from '../definitions/stored-definition.ts';

/** What must be written so that a platform is as its file says. */
export interface PlatformPlan {
  platform: { id: string; name: string; createdAt: Date } | null;
  source: Pick<SourceRecord, 'id' | 'platformId' | 'kind' | 'name' | 'url' | 'intervalMs' | 'createdAt'> & {
    isChanged: boolean;
  };
  /** One per objective of the file, in its order. */
  changes: SloChange[];
  /** Objectives in use that the file does not name; the demo's are not among them. */
  unnamed: SloRecord[];
}

/** How a source is called until somebody renames it. */
export const sourceNames: Record<SourceKind, string> = {
  prometheus: 'Prometheus',
  scrape: 'Metrics page',
  push: 'Push',
  self: 'This console',
  demo: 'Demo history',
};

/** Id of the one source of a kind that a platform has. */
export function sourceIdOf(platformId: string, kind: SourceKind): string {
  return `src_${platformId}_${kind}`;
}

/** Where the source of a platform is read; `self` in place of what the file says is for the console's own platform. */
export interface SourceChoice {
  kind: SourceKind;
  url: string | null;
}

/**
 * Compares a platform file with what is stored. Objectives are recognised by their slug; those the file does not name
 * are listed. Throws `conflict` where the demo holds a slug the file needs.
 */
export function planPlatform(
  definition: PlatformDefinition,
  choice: SourceChoice,
  stored: StoredPlatform,
  now: Date,
): PlatformPlan {
  const { platform: platformId, intervalMs } = definition;
  refuseDemoSlugs(definition, stored);
  const id = sourceIdOf(platformId, choice.kind);
  const known = stored.sources.find((source) => source.id === id);
  const isChanged = known === undefined || known.url !== choice.url || known.intervalMs !== intervalMs;
  const name = sourceNames[choice.kind];
  const createdAt = known?.createdAt ?? now;
  const named = new Set(definition.slos.map(({ slug }) => slug));
  return {
    platform: platformChange(definition, stored, now),
    source: { id, platformId, kind: choice.kind, name, url: choice.url, intervalMs, createdAt, isChanged },
    changes: definition.slos.map((slo) => {
      const before = stored.slos.find((record) => record.slug === slo.slug) ?? null;
      const wanted = definitionFor(slo, { platform: platformId, sourceId: id, before, now });
      return planChange(wanted, before, { sourceKind: choice.kind, now });
    }),
    unnamed: stored.slos.filter((slo) => !named.has(slo.slug) && !slo.isDemo && slo.archivedAt === null),
  };
}

function platformChange(
  definition: PlatformDefinition,
  { platform }: StoredPlatform,
  now: Date,
): PlatformPlan['platform'] {
  const { platform: id, name } = definition;
  if (platform === null) return { id, name, createdAt: now };
  // A file without a name does not take away the one that was given before.
  return name === id || name === platform.name ? null : { id, name, createdAt: platform.createdAt };
}

function refuseDemoSlugs(definition: PlatformDefinition, { slos }: StoredPlatform): void {
  const fields: FieldError[] = [];
  for (const [i, { slug }] of definition.slos.entries()) {
    if (!slos.some((record) => record.slug === slug && record.isDemo)) continue;
    fields.push({
      field: `slos[${i}].slug`,
      message: `“${slug}” belongs to the demo; remove the demo or choose another slug`,
    });
  }
  const [first] = fields;
  if (first !== undefined) throw new DomainError('conflict', `${first.field} ${first.message}.`, { fields });
}

interface Place {
  platform: string;
  sourceId: string;
  before: SloRecord | null;
  now: Date;
}

function definitionFor(slo: PlatformSlo, { platform, sourceId, before, now }: Place): SloDefinition {
  const { policy, target, windows, windowMs: _ofFirst, ...same } = slo;
  const known = before === null ? [] : definitionOf(before).windows;
  return {
    ...same,
    platform,
    sourceId,
    targetPercent: target.percent,
    windows: windows.map((window) => placed(window, known, now)),
    ...policy,
  };
}

/** A cycle that names no beginning keeps the one it has, as long as its length stays. */
function placed(window: FileWindow, known: readonly SloWindowSpec[], now: Date): SloWindowSpec {
  if (window.kind !== 'cycle') return window;
  const { windowMs } = window;
  const same = known.find((spec) => spec.kind === 'cycle' && spec.windowMs === windowMs);
  const anchorAt = same?.kind === 'cycle' ? same.anchorAt : anchorFor(windowMs, now).getTime();
  return { kind: 'cycle', windowMs, anchorAt: window.anchorAt ?? anchorAt };
}
