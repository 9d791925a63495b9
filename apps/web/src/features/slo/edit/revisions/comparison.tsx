import type { SloRevision } from '@qd/shared/slo';
import { CsvButton } from '../../../../lib/csv-button.tsx';
import { downloadText } from '../../../../lib/download.ts';
import { SectionHead } from '../../../../ui/section-head.tsx';
import { changeRows, ChangeTable } from '../change-table.tsx';
import { changesBetween } from '../compare.ts';
import { changesCsv } from './revisions-csv.ts';

export interface ComparisonProps {
  /** Id of the objective, for the name of a file. */
  slo: string;
  before: SloRevision | undefined;
  after: SloRevision | undefined;
  nameOf(sourceId: string): string;
}

/** What two revisions say differently. */
export function Comparison({ slo, before, after, nameOf }: ComparisonProps) {
  if (before === undefined || after === undefined) {
    return <p className="text-ink-2 desk:mt-10">There is one revision: nothing to compare it with.</p>;
  }
  const changes = changesBetween(before.definition, after.definition, nameOf);
  const save = () =>
    downloadText(
      `${slo}-revision-${before.revision}-to-${after.revision}.csv`,
      changesCsv(changes, before.revision, after.revision),
      'text/csv',
    );
  return (
    <section aria-live="polite">
      <SectionHead
        title={`What changed from ${before.revision} to ${after.revision}`}
        actions={changes.length > 0 && <CsvButton of="changes" save={save} />}
      />
      {changes.length === 0 ? (
        <p className="border-t border-ink py-3 text-ink-2">They say the same.</p>
      ) : (
        <ChangeTable
          caption={`Changes from revision ${before.revision} to ${after.revision}`}
          heads={[`Revision ${before.revision}`, `Revision ${after.revision}`]}
          rows={changeRows(changes)}
        />
      )}
      {after.isRemeasured && (
        <p className="mt-2 text-small text-ink-3">
          Revision {after.revision} was measured again from its source; what was counted before stays with revision{' '}
          {after.revision - 1}.
        </p>
      )}
    </section>
  );
}
