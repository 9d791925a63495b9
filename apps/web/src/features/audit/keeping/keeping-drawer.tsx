import type { AuditCheckpointView, AuditSegmentView } from '@qd/shared/audit';
import { type ReactNode, useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatCount, formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useCan } from '../../../lib/use-can.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { Retention } from './retention.tsx';
import { useCheckpoints, useSegments } from './use-keeping.ts';

/** What vouches for the log outside of it: key, checkpoints, archives; for owners also what becomes of old rows. */
export function KeepingDrawer({ now, onClose }: { now: number; onClose(): void }) {
  const can = useCan();
  const { zone } = useTimeZone();
  const checkpoints = useCheckpoints();
  const segments = useSegments();
  const keeper = checkpoints.data?.pages[0];
  return (
    <Drawer open onOpenChange={onClose} title="Checkpoints and archives" size="wide">
      <p className="text-ink-2">
        Every minute in which something was written, the console signs where the log stands and stores that outside the
        database{keeper === undefined ? '' : ':'}{' '}
        {keeper !== undefined && <span className="mono wrap-anywhere">{keeper.place}</span>}
      </p>
      {keeper !== undefined && <PublicKey text={keeper.publicKey} />}
      <Part title="Checkpoints" note="newest first" query={checkpoints}>
        <DataTable
          caption="Checkpoints, newest first"
          columns={checkpointColumns(now, zone)}
          rows={checkpoints.data?.pages.flatMap((page) => page.rows) ?? []}
          rowKey={(row) => String(row.seq)}
          density="compact"
          pageKeys={false}
          empty={<p className="py-3 text-ink-2">Nothing is signed yet.</p>}
        />
      </Part>
      <Part title="Archives" note="newest first" query={segments}>
        <DataTable
          caption="Archives, newest first"
          columns={segmentColumns(now, zone)}
          rows={segments.data?.pages.flatMap((page) => page.rows) ?? []}
          rowKey={(row) => row.place}
          density="compact"
          pageKeys={false}
          empty={<p className="py-3 text-ink-2">Nothing is archived; the database holds the whole log.</p>}
        />
      </Part>
      {can('audit:retention', null) && <Retention now={now} />}
    </Drawer>
  );
}

interface PartProps {
  title: string;
  note: string;
  query: Pick<ReturnType<typeof useSegments>, 'error' | 'isFetching' | 'hasNextPage' | 'isFetchingNextPage'> & {
    data: object | undefined;
    refetch(): Promise<unknown>;
    fetchNextPage(): Promise<unknown>;
  };
  children: ReactNode;
}

/** A list of the drawer, or what stands in its place. */
function Part({ title, note, query, children }: PartProps) {
  const failure = query.error === null ? null : describeError(query.error);
  return (
    <section className="mt-5">
      <SectionHead level={3} title={title} note={note} />
      {query.data !== undefined ? (
        children
      ) : failure === null ? (
        <SkeletonRows rows={3} rowHeight="31px" />
      ) : (
        <ErrorState
          title={failure.message}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          requestId={failure.requestId ?? undefined}
        >
          {failure.remedy}
        </ErrorState>
      )}
      {query.hasNextPage && (
        <Button size="s" className="mt-2" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load older
        </Button>
      )}
    </section>
  );
}

/** The key with which anybody can verify an export elsewhere. */
function PublicKey({ text }: { text: string | null }) {
  const [said, setSaid] = useState('');
  if (text === null) return <p className="mt-3 text-ink-2">There is no key before the first checkpoint.</p>;
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied.'),
      () => setSaid('Not copied: select it and copy by hand.'),
    );
  };
  return (
    <section aria-labelledby="audit-key" className="mt-5">
      <h3 id="audit-key" className="mb-1 font-semibold">
        Public key
      </h3>
      <p className="mono bg-sunken px-2.5 py-2 wrap-anywhere select-all">{text}</p>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <Button size="s" icon="copy" onClick={copy}>
          Copy key
        </Button>
        <span role="status">{said}</span>
      </div>
      <p className="mt-1.5 text-small text-ink-2">
        Verify the JSONL export without this console:{' '}
        <span className="mono">qd audit verify FILE --checkpoints FOLDER --key KEY</span>
      </p>
    </section>
  );
}

function checkpointColumns(now: number, zone: Zone): Column<AuditCheckpointView>[] {
  return [
    {
      key: 'seq',
      head: 'Up to row',
      rowHead: true,
      cell: (row) => <span className="mono">{formatCount(row.seq)}</span>,
    },
    { key: 'at', head: 'Signed', cell: (row) => formatDateTime(row.createdAt, zone, now, { seconds: true }) },
    {
      key: 'hash',
      head: 'Hash',
      cell: (row) => (
        <span className="mono" title={row.hash}>
          {row.hash.slice(0, 12)}
        </span>
      ),
    },
    {
      key: 'outside',
      head: 'Stored outside',
      cell: (row) =>
        row.writtenAt === null ? <StatusWord tone="warn">Not yet</StatusWord> : <StatusWord tone="ok">Yes</StatusWord>,
    },
  ];
}

function segmentColumns(now: number, zone: Zone): Column<AuditSegmentView>[] {
  return [
    {
      key: 'rows',
      head: 'Rows',
      rowHead: true,
      cell: (row) => (
        <span className="mono" title={row.place}>
          {formatCount(row.fromSeq)} to {formatCount(row.toSeq)}
        </span>
      ),
    },
    { key: 'at', head: 'Archived', cell: (row) => formatDateTime(row.createdAt, zone, now) },
    {
      key: 'sha',
      head: 'SHA-256',
      cell: (row) => (
        <span className="mono" title={row.sha256}>
          {row.sha256.slice(0, 12)}
        </span>
      ),
    },
    {
      key: 'state',
      head: 'In the database',
      cell: (row) => (row.prunedAt === null ? 'Yes' : `Removed ${formatDateTime(row.prunedAt, zone, now)}`),
    },
  ];
}
