import type { SloRevision } from '@qd/shared/slo';
import { csvInstant, csvText, type CsvColumn } from '../../../../lib/csv.ts';
import type { DefinitionChange } from '../compare.ts';

const columns: readonly CsvColumn<SloRevision>[] = [
  { head: 'Revision', value: (one) => one.revision },
  { head: 'Changed (UTC)', value: (one) => csvInstant(one.changedAt) },
  { head: 'Changed by', value: (one) => one.changedByName },
  { head: 'Changed by (e-mail)', value: (one) => one.changedBy },
  { head: 'Reason', value: (one) => one.reason },
  { head: 'Measured again', value: (one) => (one.isRemeasured ? 'yes' : 'no') },
  { head: 'In force until (UTC)', value: (one) => csvInstant(one.supersededAt) },
  { head: 'Name', value: ({ definition }) => definition.name },
  { head: 'Target (%)', value: ({ definition }) => Number(definition.targetPercent) },
  { head: 'Definition (JSON)', value: ({ definition }) => JSON.stringify(definition) },
];

/** Everything an objective ever said, one revision a row, newest first. */
export function revisionsCsv(revisions: readonly SloRevision[]): string {
  return csvText(columns, revisions);
}

/** What two revisions say differently, one line of the definition a row; empty where it was not there. */
export function changesCsv(changes: readonly DefinitionChange[], before: number, after: number): string {
  return csvText(
    [
      { head: 'What', value: (change) => change.label },
      { head: `Revision ${before}`, value: (change) => change.before },
      { head: `Revision ${after}`, value: (change) => change.after },
    ],
    changes,
  );
}
