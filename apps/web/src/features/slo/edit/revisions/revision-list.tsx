import type { SloRevision } from '@qd/shared/slo';
import { CsvButton } from '../../../../lib/csv-button.tsx';
import { downloadText, fileDay } from '../../../../lib/download.ts';
import { formatDateTime } from '../../../../lib/format.ts';
import { cx } from '../../../../ui/class-names.ts';
import { SectionHead } from '../../../../ui/section-head.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import type { Moment } from '../../moment.ts';
import { revisionsCsv } from './revisions-csv.ts';

export interface RevisionListProps {
  /** Id of the objective, for the name of a file. */
  slo: string;
  revisions: readonly SloRevision[];
  now: Moment;
  compared: { before: number | undefined; after: number | undefined };
  onCompare(change: { from?: string; to?: string }): void;
}

/** Who changed it, when and why, newest first; and which two are compared. */
export function RevisionList({ slo, revisions, now, compared, onCompare }: RevisionListProps) {
  const save = () => downloadText(`${slo}-revisions-${fileDay(now.nowMs)}.csv`, revisionsCsv(revisions), 'text/csv');
  return (
    <section>
      <SectionHead title="Revisions" note="newest first" actions={<CsvButton of="revisions" save={save} />} />
      <ol className="border-t border-ink">
        {revisions.map((one) => (
          <li key={one.revision} className="flex gap-3 border-b border-line py-2.5">
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2">
                <b>Revision {one.revision}</b>
                {one.supersededAt === null && <Tag tone="ok">in force</Tag>}
                {one.isRemeasured && <Tag tone="info">measured again</Tag>}
              </p>
              <p className="text-small text-ink-2">
                {one.changedBy === '' ? 'Not recorded who' : one.changedByName},{' '}
                {formatDateTime(one.changedAt, now.zone, now.nowMs)}
              </p>
              {one.reason !== '' && <p className="wrap-anywhere">{one.reason}</p>}
            </div>
            {revisions.length > 1 && (
              <div className="flex flex-none items-start gap-1">
                <Pick
                  label="before"
                  revision={one.revision}
                  isOn={compared.before === one.revision}
                  onPick={() => onCompare({ from: String(one.revision) })}
                />
                <Pick
                  label="after"
                  revision={one.revision}
                  isOn={compared.after === one.revision}
                  onPick={() => onCompare({ to: String(one.revision) })}
                />
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Pick({ label, revision, isOn, onPick }: { label: string; revision: number; isOn: boolean; onPick(): void }) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      className={cx(
        'h-7 rounded-2 border px-2 text-small phone:h-11',
        isOn ? 'border-ink bg-ink text-canvas' : 'border-line-2 hover:bg-sunken',
      )}
      onClick={onPick}
    >
      {label} <span className="sr-only">revision {revision}</span>
    </button>
  );
}
