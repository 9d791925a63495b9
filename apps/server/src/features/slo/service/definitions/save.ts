import { DomainError } from '@qd/shared/errors';
import { lintDefinition, refuseErrors, type SloDefinition, type SloUpdate } from '@qd/shared/slo';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { sloRecord, type SloRecord, slugHolder } from '../../queries/definitions.ts';
import type { StoredSource } from '../../queries/sources.ts';
import { archiveObjective } from '../../queries/writes/definitions.ts';
import type { SloDeps } from '../deps.ts';
import { refreshSummaries } from '../refresh-summaries.ts';
import { isOperator, refuseUnstorable, sourceFor, tryIndicators } from './check.ts';
import { needsTrying, planChange, type SloChange } from './plan-change.ts';
import { changedMeanwhile, slugTaken, storeChange, type StoredChange } from './store-change.ts';

/**
 * Adds an objective; the next ticks measure it. The slug of an archived objective brings that one back with what it
 * measured. Throws `invalid` naming the field, `conflict` for a taken slug, `upstream` when the source cannot be asked.
 */
export async function createSlo(ctx: Ctx, deps: SloDeps, definition: SloDefinition): Promise<{ id: string }> {
  assertMayWrite(ctx, definition.platform);
  refuseUnstorable(definition);
  const source = await sourceFor(ctx, definition);
  const holder = await slugHolder(ctx.db, definition.platform, definition.slug);
  if (holder !== null && (holder.archivedAt === null || holder.isDemo)) throw slugTaken(definition);
  const change = planChange(definition, holder, { sourceKind: source.kind, now: ctx.now() });
  const { id } = await save(ctx, deps, { change, source, reason: '' });
  ctx.hub.publish('platforms');
  return { id };
}

/**
 * Changes an objective. Every change is a new revision; where it changes what is counted and the source knows the past,
 * measuring starts afresh and the old counts stay with the old revision. A definition that says the same changes nothing.
 * Throws `conflict` when `revision` is not the newest, `precondition` for the demo, else as `createSlo`.
 */
export async function updateSlo(
  ctx: Ctx,
  deps: SloDeps,
  { id, revision, definition, reason }: SloUpdate,
): Promise<{ id: string; revision: number; isRemeasured: boolean }> {
  const before = await writable(ctx, id);
  if (before.revision !== revision) throw changedMeanwhile(before.slug);
  refuseMove(before, definition);
  refuseUnstorable(definition);
  const source = await sourceFor(ctx, definition);
  const change = planChange(definition, before, { sourceKind: source.kind, now: ctx.now() });
  if (change.kind === 'same') return { id, revision, isRemeasured: false };
  const holder = await slugHolder(ctx.db, definition.platform, definition.slug);
  if (holder !== null && holder.id !== id) throw slugTaken(definition);
  const stored = await save(ctx, deps, { change, source, reason });
  return { id, revision: stored.revision, isRemeasured: change.kind === 'change' && change.isRemeasured };
}

/** Takes an objective out of use; lists no longer show it, what it measured stays. */
export async function archiveSlo(ctx: Ctx, { id, reason }: { id: string; reason: string }): Promise<{ id: string }> {
  const before = await writable(ctx, id);
  await write(ctx, async (tx, record) => {
    if (!(await archiveObjective(tx, id, ctx.now()))) throw missing();
    record({
      action: 'slo.archived',
      category: 'slo',
      platform: before.platformId,
      target: { kind: 'slo', id },
      details: { name: before.name, reason },
    });
  });
  ctx.hub.publish('slo');
  ctx.hub.publish('platforms');
  return { id };
}

async function save(
  ctx: Ctx,
  deps: SloDeps,
  { change, source, reason }: { change: SloChange; source: StoredSource; reason: string },
): Promise<StoredChange> {
  refuseErrors(lintDefinition(change.definition, { intervalMs: source.intervalMs }));
  if (needsTrying(change))
    await tryIndicators(ctx, deps, source, { definitions: [change.definition], fieldOf: () => 'indicator' });
  const stored = await write(ctx, (tx, record) => storeChange(change, { tx, record, ctx, reason }));
  await refreshSummaries(ctx, deps.memory, [stored.sliId]);
  return stored;
}

/** Passes who may change objectives of the platform; `thing` as for `assertCan`. */
export function assertMayWrite(ctx: Ctx, platform: string, thing?: string): void {
  if (!isOperator(ctx)) assertCan(ctx, 'slo:write', platform, thing);
}

/** The objective, if it may be changed. */
async function writable(ctx: Ctx, id: string): Promise<SloRecord> {
  const row = await sloRecord(ctx.db, id);
  if (row === null || row.archivedAt !== null) throw missing();
  assertMayWrite(ctx, row.platformId, 'objective');
  if (row.isDemo) {
    throw new DomainError(
      'precondition',
      'Objectives of the demo tell a story and cannot be changed; make one of your own.',
    );
  }
  return row;
}

function refuseMove(before: SloRecord, { platform }: SloDefinition): void {
  if (before.platformId === platform) return;
  const message = `is ${before.platformId} for good; archive the objective and make one on ${platform}`;
  throw new DomainError('invalid', `platform ${message}.`, { fields: [{ field: 'platform', message }] });
}

function missing(): DomainError {
  return new DomainError('not_found', 'There is no such objective; check the address.');
}
