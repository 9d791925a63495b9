import { DomainError } from '@qd/shared/errors';
import type { ImportFault, ImportInput } from '@qd/shared/slo';
import { type OpenSloFault, type ReadObjective, readOpenSlo } from '@qd/shared/slo/openslo';
import type { Ctx } from '../../../../platform/context.ts';
import { everySloRecord, type SloRecord } from '../../queries/definitions.ts';
import { sourcesOf, type StoredSource } from '../../queries/sources.ts';
import { kindFault, lintFaults, refuseUnstorable, tryIndicators } from '../definitions/check.ts';
import { needsTrying, planChange, type SloChange } from '../definitions/plan-change.ts';
import { assertMayWrite } from '../definitions/save.ts';
import type { SloDeps } from '../deps.ts';
import { chooseSource } from './choose-source.ts';
import { readText, type TextDocument } from './read-text.ts';

/** An objective of a document, and what storing it would change. */
export interface PlannedChange {
  document: number;
  change: SloChange;
  source: StoredSource;
}

/** What an import would do; nothing of it is done where there is a fault. */
export interface ImportPlan {
  heads: { document: number; line: number | null; kind: string; name: string }[];
  changes: PlannedChange[];
  faults: ImportFault[];
  warnings: ImportFault[];
}

/** Reads a text of OpenSLO documents and compares it with what is stored; throws where the actor may not write. */
export async function planImport(ctx: Ctx, deps: SloDeps, input: ImportInput): Promise<ImportPlan> {
  const { documents, faults: syntax } = readText(input.text);
  if (syntax.length > 0) return { heads: [], changes: [], faults: syntax, warnings: [] };
  const read = readOpenSlo(
    documents.map(({ value }) => value),
    { platform: input.platform },
  );
  const placed = (all: readonly OpenSloFault[]): ImportFault[] => all.map((fault) => placedFault(fault, documents));
  const heads = read.heads.map((head) => ({ ...head, line: documents[head.document - 1]?.lineOf([]) ?? null }));
  const platforms = [...new Set(read.objectives.map(({ definition }) => definition.platform))];
  for (const platform of platforms) assertMayWrite(ctx, platform);
  const [sources, stored] = await Promise.all([sourcesOf(ctx.db, platforms), everySloRecord(ctx.db, platforms)]);
  const found: OpenSloFault[] = [...read.faults];
  const changes = plannedChanges(read.objectives, { sources, stored, sourceId: input.sourceId, now: ctx.now() }, found);
  const warnings = [...read.warnings];
  if (found.length === 0) await tryAll(ctx, deps, changes, { faults: found, warnings });
  return { heads, changes, faults: placed(found), warnings: placed(warnings) };
}

interface Known {
  sources: StoredSource[];
  stored: SloRecord[];
  sourceId: string | undefined;
  now: Date;
}

function plannedChanges(objectives: readonly ReadObjective[], known: Known, faults: OpenSloFault[]): PlannedChange[] {
  const seen = new Map<string, number>();
  const before = new Map(known.stored.map((row) => [`${row.platformId} ${row.slug}`, row]));
  return objectives.flatMap((objective): PlannedChange[] => {
    const { document, definition } = objective;
    const fault = (path: (string | number)[], message: string): void => void faults.push({ document, path, message });
    const key = `${definition.platform} ${definition.slug}`;
    const twin = seen.get(key);
    if (twin !== undefined)
      fault(['metadata', 'name'], `“${definition.slug}” of ${definition.platform} is defined by document ${twin} too`);
    seen.set(key, document);
    const chosen = chooseSource(objective, known.sources, known.sourceId);
    if ('fault' in chosen) {
      fault([], chosen.fault);
      return [];
    }
    const { source } = chosen;
    const wanted = { ...definition, sourceId: source.id };
    const holder = before.get(key) ?? null;
    if (holder?.isDemo === true)
      fault(['metadata', 'name'], `“${definition.slug}” belongs to the demo; remove the demo or choose another name`);
    const kind = kindFault(wanted, source);
    for (const { field, message } of kind === null ? lintFaults(wanted, source.intervalMs) : [kind])
      fault(pathOf(field), `${field}: ${message}`);
    const unstorable = unstorableFault(wanted);
    if (unstorable !== null) fault([], unstorable);
    const change = planChange(wanted, holder, { sourceKind: source.kind, now: known.now });
    return [{ document, source, change }];
  });
}

/** Where in a document a field of ours is to be looked for, as near as can be told. */
function pathOf(field: string): string[] {
  if (field.startsWith('indicator')) return ['spec', 'indicator'];
  return field.startsWith('alerting') ? ['spec', 'alertPolicies'] : ['spec'];
}

function unstorableFault(definition: Parameters<typeof refuseUnstorable>[0]): string | null {
  try {
    refuseUnstorable(definition);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

/** Tries what is counted anew on its sources; what they refuse is a fault of its document. */
async function tryAll(
  ctx: Ctx,
  deps: SloDeps,
  planned: readonly PlannedChange[],
  told: { faults: OpenSloFault[]; warnings: OpenSloFault[] },
): Promise<void> {
  const anew = planned.filter(({ change }) => needsTrying(change));
  for (const own of Map.groupBy(anew, ({ source }) => source.id).values()) {
    const [first] = own;
    if (first === undefined) continue;
    const tell = (list: OpenSloFault[], i: number, message: string): void =>
      void list.push({ document: own[i]?.document ?? first.document, path: ['spec', 'indicator'], message });
    const definitions = own.map(({ change }) => change.definition);
    try {
      const remarks = await tryIndicators(ctx, deps, first.source, { definitions, fieldOf: (i) => `#${i}` });
      for (const remark of remarks) tell(told.warnings, numberIn(remark), remark.replace(/^#\d+ /, ''));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.fields.length === 0) tell(told.faults, 0, error.message);
      for (const { field, message } of error.fields) tell(told.faults, numberIn(field), message);
    }
  }
}

function numberIn(text: string): number {
  return Number(/^#(\d+)/.exec(text)?.[1] ?? 0);
}

function placedFault({ document, path, message }: OpenSloFault, documents: readonly TextDocument[]): ImportFault {
  const field = path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
  return { document, line: documents[document - 1]?.lineOf(path) ?? null, field, message };
}
