import { DomainError } from '@qd/shared/errors';
import type { SloDefinition } from '@qd/shared/slo';
import type { Tx } from '../../../../db/client.ts';
import { isTaken } from '../../../../db/taken.ts';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import type { AuditEntry } from '../../../../platform/write.ts';
import { type SloRecord, takenIds } from '../../queries/definitions.ts';
import { changeObjective, insertObjective, insertRevision } from '../../queries/writes/definitions.ts';
import type { SloChange } from './plan-change.ts';
import { definitionOf, otherSloId } from './stored-definition.ts';

/** Where a change is stored, and what is remembered with it. */
export interface StoreChange {
  tx: Tx;
  record: (entry: AuditEntry) => void;
  ctx: Pick<Ctx, 'actor' | 'now'>;
  reason: string;
}

/** An objective after its change. */
export interface StoredChange {
  id: string;
  sliId: number;
  revision: number;
}

/**
 * Stores one change with its revision and its audit entry. Throws `conflict` when the slug was taken or the objective
 * changed since the plan was made; the caller's transaction then rolls back.
 */
export async function storeChange(change: SloChange, store: StoreChange): Promise<StoredChange> {
  if (change.kind === 'same') {
    const { id, sliId, revision } = change.before;
    return { id, sliId, revision };
  }
  return change.kind === 'create' ? create(change, store) : revise(change, store);
}

async function create(change: SloChange & { kind: 'create' }, store: StoreChange): Promise<StoredChange> {
  const { tx, ctx, reason } = store;
  const { definition, columns, createdAt } = change;
  const isHeld = (await takenIds(tx, [change.id])).has(change.id);
  const id = isHeld ? otherSloId(definition.platform, definition.slug, createdAt) : change.id;
  const sliId = await insertObjective(tx, { ...columns, id, createdAt });
  if (sliId === null) throw slugTaken(definition);
  const stamp = { changedAt: ctx.now(), changedBy: nameOf(ctx.actor) };
  await insertRevision(tx, { sloId: id, revision: 1, sliId, definition, isRemeasured: false, reason, ...stamp });
  store.record({
    action: 'slo.created',
    category: 'slo',
    platform: definition.platform,
    target: { kind: 'slo', id },
    after: definition,
  });
  return { id, sliId, revision: 1 };
}

async function revise(change: SloChange & { kind: 'change' }, store: StoreChange): Promise<StoredChange> {
  const { tx, ctx, reason } = store;
  const { before, definition, columns, isRemeasured, goOnFromMinute } = change;
  const { id } = before;
  await keepFirstRevision(tx, before);
  const goOn = goOnFromMinute === null ? {} : { readUntilMinute: goOnFromMinute };
  const set = { ...columns, ...goOn };
  const sliId = await changeObjective(tx, before, set, isRemeasured).catch((error: unknown) => {
    throw isTaken(error, 'slos_platform_slug') ? slugTaken(definition) : error;
  });
  if (sliId === null) throw changedMeanwhile(before.slug);
  const revision = before.revision + 1;
  const stamp = { changedAt: ctx.now(), changedBy: nameOf(ctx.actor) };
  await insertRevision(tx, { sloId: id, revision, sliId, definition, isRemeasured, reason, ...stamp });
  const stored = definitionOf(before);
  const only = (from: SloDefinition) => Object.fromEntries(change.fields.map((field) => [field, from[field]]));
  store.record({
    action: before.archivedAt === null ? 'slo.changed' : 'slo.restored',
    category: 'slo',
    platform: definition.platform,
    target: { kind: 'slo', id },
    details: { revision, isRemeasured, ...(reason === '' ? {} : { reason }) },
    before: only(stored),
    after: only(definition),
  });
  return { id, sliId, revision };
}

/** Objectives from before revisions were kept have none; what they said so far becomes their first. */
async function keepFirstRevision(tx: Tx, before: SloRecord): Promise<void> {
  await insertRevision(tx, {
    sloId: before.id,
    revision: before.revision,
    sliId: before.sliId,
    definition: definitionOf(before),
    isRemeasured: false,
    reason: '',
    changedAt: before.createdAt,
    changedBy: '',
  });
}

/** Who is named beside a change. */
export function nameOf(actor: Actor): string {
  return actor.email ?? actor.name;
}

/** The refusal of a change that was made from an older revision. */
export function changedMeanwhile(slug: string): DomainError {
  const message = 'is not the newest: somebody changed the objective meanwhile; reload it and change it again';
  return new DomainError('conflict', `The revision of “${slug}” ${message}.`, {
    fields: [{ field: 'revision', message }],
  });
}

/** The refusal of a slug that another objective of the platform has. */
export function slugTaken({ platform, slug }: Pick<SloDefinition, 'platform' | 'slug'>): DomainError {
  const message = `“${slug}” is taken by another objective of ${platform}; choose another`;
  return new DomainError('conflict', `slug ${message}.`, { fields: [{ field: 'slug', message }] });
}
