import type { ImportedDocument, ImportInput, ImportOutcome, ImportReport } from '@qd/shared/slo';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { storeChange, type StoredChange } from '../definitions/store-change.ts';
import type { SloDeps } from '../deps.ts';
import { refreshSummaries } from '../refresh-summaries.ts';
import { type ImportPlan, planImport, type PlannedChange } from './plan-import.ts';

const outcomes = { create: 'created', change: 'updated', same: 'unchanged' } as const;
const skipped: Record<string, string> = {
  DataSource: 'sources are not made from documents; its objectives are measured from the source of the platform',
  Service: 'a service is a name that objectives carry',
  SLI: 'is part of the objectives that refer to it',
  AlertPolicy: 'is part of the objectives that refer to it',
  AlertCondition: 'is part of the objectives that refer to it',
  AlertNotificationTarget: 'messages go to the channels of this console',
};

/** What an import would do; stores nothing. */
export async function inspectImport(ctx: Ctx, deps: SloDeps, input: ImportInput): Promise<ImportReport> {
  return reportOf(await planImport(ctx, deps, input), null);
}

/**
 * Stores every objective of a text of OpenSLO documents, in one transaction, or none where any document has a fault.
 * Faults are in the report; throws `forbidden` where the actor may not write, `conflict` when something changed meanwhile.
 */
export async function importSlos(ctx: Ctx, deps: SloDeps, input: ImportInput): Promise<ImportReport> {
  const plan = await planImport(ctx, deps, input);
  if (plan.faults.length > 0) return reportOf(plan, null);
  const wanted = plan.changes.filter(({ change }) => change.kind !== 'same');
  const stored = new Map<PlannedChange, StoredChange>();
  if (wanted.length > 0) {
    await write(ctx, async (tx, record) => {
      for (const one of wanted)
        stored.set(one, await storeChange(one.change, { tx, record, ctx, reason: 'Imported from OpenSLO' }));
      record({
        action: 'slo.imported',
        category: 'slo',
        details: { documents: plan.heads.length, ...countsOf(wanted) },
      });
    });
    const sliIds = [...stored.values()].map(({ sliId }) => sliId);
    await refreshSummaries(ctx, deps.memory, sliIds);
    ctx.hub.publish('platforms');
  }
  return reportOf(plan, stored);
}

function countsOf(changes: readonly PlannedChange[]): { created: number; updated: number } {
  const created = changes.filter(({ change }) => change.kind === 'create').length;
  return { created, updated: changes.length - created };
}

function reportOf(plan: ImportPlan, stored: ReadonlyMap<PlannedChange, StoredChange> | null): ImportReport {
  const failed = new Set(plan.faults.map(({ document }) => document));
  const byDocument = Map.groupBy(plan.changes, ({ document }) => document);
  const documents = plan.heads.map(({ document, line, kind, name }): ImportedDocument => {
    const own = byDocument.get(document) ?? [];
    const objectives = own.map((planned) => {
      const { change } = planned;
      const before = change.kind === 'create' ? null : change.before.id;
      const id = stored?.get(planned)?.id ?? before;
      const { slug, platform } = change.definition;
      return { slug, platform, id, outcome: outcomes[change.kind] };
    });
    const reason = skipped[kind] ?? '';
    const outcome = failed.has(document) ? 'failed' : reason === '' ? worst(objectives) : 'skipped';
    return { document, line, kind, name, outcome, objectives, reason: outcome === 'skipped' ? reason : '' };
  });
  return { isStored: stored !== null, documents, faults: plan.faults, warnings: plan.warnings };
}

/** What became of a document whose objectives fared differently. */
function worst(objectives: readonly { outcome: ImportOutcome }[]): ImportOutcome {
  for (const outcome of ['created', 'updated'] as const)
    if (objectives.some((objective) => objective.outcome === outcome)) return outcome;
  return 'unchanged';
}
