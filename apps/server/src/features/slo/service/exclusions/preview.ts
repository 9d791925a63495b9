import { DomainError } from '@qd/shared/errors';
import type { ExcludedSpan, Exclusion, ExclusionPreviewInput } from '@qd/shared/slo';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { exclusionOf, touchedObjectives } from '../../queries/exclusions.ts';
import { objectives } from '../../queries/objectives.ts';
import { summariesWith } from '../refresh-summaries.ts';
import { createSparkRows } from '../spark-rows.ts';
import { assertSamePlatform, assertSound } from './change.ts';
import { type ExclusionsByPlatform, exclusionsFor } from './excluded-time.ts';

const MAX_SPANS = 20;
/** Objectives whose budget a preview works out, by name. */
const MAX_EFFECTS = 100;

/** What an exclusion would do. Nothing is stored. */
export interface ExclusionPreview {
  /** The first occurrences. */
  spans: ExcludedSpan[];
  /** Occurrences in the 400 days from the first one on. */
  spanCount: number;
  effects: { sloId: string; name: string; beforeLeftRatio: number | null; afterLeftRatio: number | null }[];
}

/**
 * What an exclusion would do to the budgets it touches, the first hundred by name. Throws as creating or changing it
 * would.
 */
export async function previewExclusion(ctx: Ctx, input: ExclusionPreviewInput): Promise<ExclusionPreview> {
  const { replaces, ...wanted } = input;
  const replaced = replaces === null ? null : await readable(ctx, replaces);
  if (replaced !== null) assertSamePlatform(wanted, replaced);
  const starts = await assertSound(ctx, wanted, replaced);
  const touched = await touchedObjectives(ctx.db, wanted);
  const rows = await objectives(
    ctx.db,
    touched.slice(0, MAX_EFFECTS).map(({ sliId }) => sliId),
  );
  const nowMs = ctx.now().getTime();
  const inUse = await exclusionsFor(ctx.db, rows);
  const others = inUse.get(wanted.platformId)?.filter(({ id }) => id !== replaces) ?? [];
  const tried: ExclusionsByPlatform = new Map([[wanted.platformId, [...others, asStored(wanted)]]]);
  const spark = createSparkRows();
  const before = await summariesWith(ctx.db, rows, { nowMs, spark, exclusions: inUse });
  const after = await summariesWith(ctx.db, rows, { nowMs, spark, exclusions: tried });
  const effects = before.map(({ summary }, i) => ({
    sloId: summary.id,
    name: summary.name,
    beforeLeftRatio: summary.budget.leftRatio,
    afterLeftRatio: after[i]?.summary.budget.leftRatio ?? null,
  }));
  return {
    spans: starts.slice(0, MAX_SPANS).map((startAt) => ({ startAt, endAt: startAt + wanted.durationMs })),
    spanCount: starts.length,
    effects: effects.sort((a, b) => a.name.localeCompare(b.name)),
  };
}

async function readable(ctx: Ctx, id: string): Promise<Exclusion> {
  const found = await exclusionOf(ctx.db, id);
  if (found === null) throw new DomainError('not_found', 'There is no such exclusion; check the address.');
  assertCan(ctx, 'slo:exclude', found.platformId, 'exclusion');
  return found;
}

function asStored(wanted: Omit<ExclusionPreviewInput, 'replaces'>): Exclusion {
  const stamp = { createdAt: 0, createdBy: '', updatedAt: 0, updatedBy: '' };
  return { ...wanted, ...stamp, id: '', version: 1, withdrawnAt: null, isDemo: false };
}
