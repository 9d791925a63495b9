import { DomainError } from '@qd/shared/errors';
import type { SloDefinition, SloRevision } from '@qd/shared/slo';
import { type NameOf, personNames } from '../../../../db/queries/person-names.ts';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { type RevisionRecord, revisionRecords, sloRecord, type SloRecord } from '../../queries/definitions.ts';
import { definitionOf } from './stored-definition.ts';

/** What an objective says now, and the revision that says it. Throws `not_found` or `forbidden`. */
export async function getDefinition(ctx: Ctx, id: string): Promise<{ definition: SloDefinition; revision: number }> {
  const row = await readable(ctx, id);
  if (row.archivedAt !== null) throw missing();
  return { definition: definitionOf(row), revision: row.revision };
}

/** Everything an objective ever said, newest first; of archived ones too. */
export async function listRevisions(ctx: Ctx, id: string): Promise<SloRevision[]> {
  const row = await readable(ctx, id);
  const records = await revisionRecords(ctx.db, id);
  // Objectives from before revisions were kept have none until their first change.
  const kept = records.length === 0 ? [unkept(row)] : records;
  return revisionsOf(
    kept,
    await personNames(
      ctx.db,
      kept.map(({ changedBy }) => changedBy),
    ),
  );
}

function revisionsOf(records: readonly RevisionRecord[], called: NameOf): SloRevision[] {
  return records.map(({ revision, definition, changedAt, changedBy, reason, isRemeasured }, i) => ({
    revision,
    definition,
    changedAt: changedAt.getTime(),
    changedBy,
    changedByName: called(changedBy),
    reason,
    isRemeasured,
    supersededAt: records[i - 1]?.changedAt.getTime() ?? null,
  }));
}

function unkept(row: SloRecord): RevisionRecord {
  const { id: sloId, revision, sliId, createdAt: changedAt } = row;
  const definition = definitionOf(row);
  return { sloId, revision, sliId, definition, isRemeasured: false, reason: '', changedAt, changedBy: '' };
}

async function readable(ctx: Ctx, id: string): Promise<SloRecord> {
  const row = await sloRecord(ctx.db, id);
  if (row === null) throw missing();
  assertCan(ctx, 'slo:read', row.platformId, 'objective');
  return row;
}

function missing(): DomainError {
  return new DomainError('not_found', 'There is no such objective; check the address.');
}
