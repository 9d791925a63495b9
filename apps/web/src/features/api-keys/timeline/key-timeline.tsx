import '../../../styles/key-timeline.css';
import type { KeyCounts, KeyListRow } from '@qd/shared/api-keys';
import { monthsAround, type MonthAxis } from '../../../lib/month-axis.ts';
import { MonthRule } from '../../../lib/month-rule.tsx';
import { SelectBox, selectColumn } from '../../../lib/select-column.tsx';
import type { Selection } from '../../../lib/use-selection.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { policyWords } from '../list/call-words.ts';
import type { At } from '../list/state-words.ts';
import { AxisLines } from './axis-lines.tsx';
import { KeyBars } from './key-bars.tsx';
import { NameCell, RequestsCell, StateCell } from './key-cells.tsx';

/** Most keys live for 90 d. */
const SHOWN = { before: 3, after: 3 };

export interface KeyTimelineProps {
  rows: readonly KeyListRow[];
  policies: KeyCounts['policies'] | undefined;
  at: At;
  cursor: string | null;
  onCursor(key: string | null): void;
  onOpen(row: KeyListRow): void;
  /** Null for who may do nothing to many at once. */
  selection: Selection | null;
  pageKeys: boolean;
  /** What of the address goes along when a key is opened. */
  kept: Record<string, string>;
}

/** The keys by platform on one axis of time: lived, left, overlapping, overdue. */
export function KeyTimeline(props: KeyTimelineProps) {
  const { rows, at, cursor, onCursor, onOpen, pageKeys } = props;
  const axis = monthsAround(at.nowMs, SHOWN);
  return (
    <>
      <MonthRule axis={axis} isPhone />
      <DataTable
        className="qd-key-table"
        caption="API keys by platform"
        columns={columnsOf(props, axis)}
        rows={byPlatform(rows)}
        rowKey={(row) => row.id}
        groupBy={(row) => ({ key: row.platform, head: <GroupHead row={row} axis={axis} {...props} /> })}
        onOpen={onOpen}
        cursorKey={cursor}
        onCursor={onCursor}
        pageKeys={pageKeys}
        renderPhone={(row) => <PhoneRow {...props} row={row} axis={axis} />}
      />
    </>
  );
}

/** Rows of a platform side by side: a held order may have pulled them apart. */
function byPlatform(rows: readonly KeyListRow[]): KeyListRow[] {
  return [...Map.groupBy(rows, (row) => row.platform).values()].flat();
}

type GroupHeadProps = Pick<KeyTimelineProps, 'policies' | 'selection'> & { row: KeyListRow; axis: MonthAxis };

function GroupHead({ row, axis, policies, selection }: GroupHeadProps) {
  const policy = policies?.[row.platform];
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2.5">
      {row.platformName}
      <span className="qd-key-gap" data-selects={selection === null ? undefined : ''} aria-hidden="true">
        <AxisLines axis={axis} />
      </span>
      {policy !== undefined && <span className="text-small font-[450] text-ink-3">{policyWords(policy)}</span>}
    </span>
  );
}

function columnsOf({ at, selection, kept }: KeyTimelineProps, axis: MonthAxis): Column<KeyListRow>[] {
  return [
    ...selectColumn<KeyListRow>(selection),
    {
      key: 'key',
      head: 'Key',
      rowHead: true,
      width: '216px',
      className: 'max-w-0',
      cell: (row) => <NameCell row={row} kept={kept} />,
    },
    {
      key: 'state',
      head: 'State',
      width: '184px',
      className: 'max-w-0',
      cell: (row) => <StateCell row={row} at={at} />,
    },
    {
      key: 'time',
      head: (
        <>
          <span className="sr-only">Time</span>
          <MonthRule axis={axis} />
        </>
      ),
      className: 'qd-key-lane-cell',
      cell: (row) => <KeyBars row={row} axis={axis} at={at} />,
    },
    {
      key: 'requests',
      head: 'Requests',
      align: 'right',
      width: '132px',
      cell: (row) => <RequestsCell row={row} nowMs={at.nowMs} />,
    },
  ];
}

type PhoneRowProps = Pick<KeyTimelineProps, 'at' | 'selection' | 'kept'> & { row: KeyListRow; axis: MonthAxis };

function PhoneRow({ row, axis, at, selection, kept }: PhoneRowProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-2.5 gap-y-1">
      <span className="flex min-w-0 items-start gap-2.5">
        {selection !== null && <SelectBox row={row} selection={selection} />}
        <NameCell row={row} kept={kept} />
      </span>
      <span className="text-right">
        <StateCell row={row} at={at} />
      </span>
      <div className="col-[1/-1]">
        <KeyBars row={row} axis={axis} at={at} isPhone />
      </div>
    </div>
  );
}
