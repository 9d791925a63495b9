import type { SloDefinition, SourceKind } from '@qd/shared/slo';
import { minuteOf } from '@qd/shared/time';
import type { SloRecord } from '../../queries/definitions.ts';
import {
  changedFields,
  columnsOf,
  countsAnew,
  type DefinitionColumns,
  definitionOf,
  isRemeasured,
  sloIdOf,
} from './stored-definition.ts';

/** What must be written so that an objective is as its definition says. */
export type SloChange =
  | { kind: 'create'; id: string; definition: SloDefinition; columns: DefinitionColumns; createdAt: Date }
  | {
      kind: 'change';
      before: SloRecord;
      definition: SloDefinition;
      columns: DefinitionColumns;
      /** Fields that differ; empty where an archived objective only comes back. */
      fields: (keyof SloDefinition)[];
      isRemeasured: boolean;
      /** Where reading goes on after a change of source; null where it goes on as it was. */
      goOnFromMinute: number | null;
    }
  | { kind: 'same'; before: SloRecord; definition: SloDefinition };

/** Compares a definition with what is stored under its slug (null for nothing). */
export function planChange(
  definition: SloDefinition,
  before: SloRecord | null,
  { sourceKind, now }: { sourceKind: SourceKind; now: Date },
): SloChange {
  const columns = columnsOf(definition, before, now);
  if (before === null) {
    const id = sloIdOf(definition.platform, definition.slug);
    return { kind: 'create', id, definition, columns, createdAt: now };
  }
  const stored = definitionOf(before);
  const fields = changedFields(stored, definition);
  if (fields.length === 0 && before.archivedAt === null) return { kind: 'same', before, definition };
  const afresh = isRemeasured(stored, definition, sourceKind);
  const hasMoved = !afresh && stored.sourceId !== definition.sourceId && before.measuredSinceMinute !== null;
  const goOnFromMinute = hasMoved ? minuteOf(now.getTime()) : null;
  return { kind: 'change', before, definition, columns, fields, isRemeasured: afresh, goOnFromMinute };
}

/** True if the change must be tried on its source first: it counts something that was not counted before. */
export function needsTrying(change: SloChange): boolean {
  if (change.kind !== 'change') return change.kind === 'create';
  return change.before.archivedAt !== null || countsAnew(definitionOf(change.before), change.definition);
}
