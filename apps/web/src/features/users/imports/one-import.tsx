import type { ImportView } from '@qd/shared/users';
import { byServerClock, serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatClock, formatDateTime, formatPercent, formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { ImportActs } from './import-acts.tsx';
import { ImportRows } from './import-rows.tsx';
import { importCall } from './import-words.ts';
import { ProgressBar } from './progress-bar.tsx';
import { useImport } from './use-imports.ts';

type ImportQuery = ReturnType<typeof useImport>;

/** One file: what it would do or did, row by row, and the acts that are left. */
export function OneImport({ id, onBack }: { id: string; onBack(): void }) {
  const query = useImport(id);
  const { data: view, error } = query;
  return (
    <>
      {view !== undefined ? (
        <Head view={view} query={query} />
      ) : error !== null ? (
        <Call>This import did not load.</Call>
      ) : (
        <Delayed words="Reading the import…">
          <CallSkeleton />
        </Delayed>
      )}
      <p className="mt-3">
        <Button size="s" icon="chevron-left" onClick={onBack}>
          All imports
        </Button>
      </p>
      {view === undefined && error !== null && <NotRead query={query} />}
      {view === undefined && error === null && <SkeletonRows rows={8} rowHeight="40px" />}
      {view !== undefined && <Body view={view} />}
    </>
  );
}

function Body({ view }: { view: ImportView }) {
  if (view.state === 'failed') {
    return <p className="mt-4 max-w-[68ch] text-ink-2">Nobody was changed. Put the file right and send it again.</p>;
  }
  const isRunning = view.state === 'reading' || view.state === 'committing';
  if (isRunning) return <Running view={view} />;
  return (
    <>
      <ImportActs view={view} />
      <ImportRows key={view.state} view={view} />
    </>
  );
}

function Running({ view }: { view: ImportView }) {
  const ratio = view.rowCount === 0 ? 0 : view.doneCount / view.rowCount;
  if (view.state === 'reading') return <p className="mt-4 text-ink-2">Its rows are listed once all are read.</p>;
  return (
    <div className="mt-4 grid max-w-[640px] gap-2">
      <ProgressBar label="Importing" ratio={ratio} />
      <p role="status" className="text-ink-2">
        {formatPercent(ratio, 0)} done. You can leave this page; all of it is done, or nothing.
      </p>
    </div>
  );
}

function Head({ view, query }: { view: ImportView; query: ImportQuery }) {
  const { zone } = useTimeZone();
  const now = serverNow();
  const isStale = query.error !== null;
  const { plain, wrong } = importCall(view);
  const clock = formatClock(byServerClock(query.dataUpdatedAt), zone, { seconds: true, withZone: true });
  return (
    <>
      <Call>
        {isStale && `At ${clock}: `}
        {plain} {wrong !== '' && <CallPart tone="crit">{wrong}</CallPart>}
      </Call>
      <DatumLine
        items={[
          {
            key: 'as-of',
            glyph: isStale ? 'unknown' : 'ok',
            content: (
              <>
                As of <b>{clock}</b>
              </>
            ),
          },
          {
            key: 'sent',
            content: `Sent by ${view.createdBy?.name ?? 'the command line'} ${formatWhen(view.createdAt, zone, now)}`,
          },
          ...(view.committedAt === null
            ? []
            : [{ key: 'done', content: `Imported ${formatDateTime(view.committedAt, zone, now)}` }]),
          ...(view.rolledBackAt === null
            ? []
            : [{ key: 'back', content: `Taken back ${formatDateTime(view.rolledBackAt, zone, now)}` }]),
          ...(view.sha256 === ''
            ? []
            : [
                {
                  key: 'sha',
                  content: (
                    <span title={view.sha256}>
                      SHA-256 <span className="mono">{view.sha256.slice(0, 12)}</span>
                    </span>
                  ),
                },
              ]),
        ]}
      />
    </>
  );
}

function NotRead({ query }: { query: ImportQuery }) {
  const { message, remedy, requestId } = describeError(query.error);
  return (
    <ErrorState
      className="mt-4"
      title={message}
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
      requestId={requestId ?? undefined}
    >
      {remedy}
    </ErrorState>
  );
}
