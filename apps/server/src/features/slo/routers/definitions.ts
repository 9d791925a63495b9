import {
  archiveSloInput,
  overrideIdInput,
  overrideInput,
  sloDefinition,
  sloIdInput,
  sloPreviewInput,
  sloSourceInput,
  sloSourcesInput,
  sloUpdate,
} from '@qd/shared/slo';
import { guarded, router } from '../../../platform/trpc.ts';
import { addSource } from '../service/add-source.ts';
import { createOverride, withdrawOverride } from '../service/definitions/overrides.ts';
import { getDefinition, listRevisions } from '../service/definitions/read.ts';
import { archiveSlo, createSlo, updateSlo } from '../service/definitions/save.ts';
import type { SloDeps } from '../service/deps.ts';
import { previewSlo } from '../service/preview/preview-slo.ts';
import { listSources } from '../service/sources.ts';

/** Objectives as they are defined: where they can be measured, what they would show, and every change of them. */
export function createDefinitionsRouter(deps: SloDeps) {
  return router({
    sources: guarded('slo:write')
      .input(sloSourcesInput)
      .query(({ ctx, input }) => listSources(ctx, input)),
    addSource: guarded('slo:write')
      .input(sloSourceInput)
      .mutation(({ ctx, input }) => addSource(ctx, deps, input)),
    preview: guarded('slo:write')
      .input(sloPreviewInput)
      .mutation(({ ctx, input }) => previewSlo(ctx, deps, input)),
    get: guarded('slo:read')
      .input(sloIdInput)
      .query(({ ctx, input }) => getDefinition(ctx, input.id)),
    revisions: guarded('slo:read')
      .input(sloIdInput)
      .query(({ ctx, input }) => listRevisions(ctx, input.id)),
    create: guarded('slo:write')
      .input(sloDefinition)
      .mutation(({ ctx, input }) => createSlo(ctx, deps, input)),
    update: guarded('slo:write')
      .input(sloUpdate)
      .mutation(({ ctx, input }) => updateSlo(ctx, deps, input)),
    archive: guarded('slo:write')
      .input(archiveSloInput)
      .mutation(({ ctx, input }) => archiveSlo(ctx, input)),
    override: guarded('slo:override')
      .input(overrideInput)
      .mutation(({ ctx, input }) => createOverride(ctx, input)),
    withdrawOverride: guarded('slo:override')
      .input(overrideIdInput)
      .mutation(({ ctx, input }) => withdrawOverride(ctx, input.id)),
  });
}
