import type { AuditRow } from '../../lib/api.ts';
import { formatClock, formatDay } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { actionWords, actorName, statusLook, targetWords, timeOf } from './words.ts';

export interface AuditTableProps {
  rows: readonly AuditRow[];
  now: number;
  zone: Zone;
  cursorKey: string | null;
  onCursor(key: string | null): void;
  onOpen(row: AuditRow): void;
  pageKeys: boolean;
}

function Time({ row, now, zone }: { row: AuditRow; now: number; zone: Zone }) {
  const at = timeOf(row);
  return (
    <time dateTime={row.timestamp} className="whitespace-nowrap">
      <span className="mono">{formatClock(at, zone, { seconds: true })}</span>{' '}
      <span className="text-ink-3">{formatDay(at, zone, now)}</span>
    </time>
  );
}

function Action({ row, onOpen }: { row: AuditRow; onOpen(row: AuditRow): void }) {
  const { feature, verb } = actionWords(row.action);
  return (
    <button type="button" className="text-left hover:underline" onClick={() => onOpen(row)}>
      <span className="text-ink-2">{feature}</span> <span className="font-semibold">{verb}</span>
    </button>
  );
}

function columnsOf({ now, zone, onOpen }: AuditTableProps): Column<AuditRow>[] {
  return [
    {
      key: 'time',
      head: `When, ${zone.label}`,
      width: '150px',
      cell: (row) => <Time row={row} now={now} zone={zone} />,
    },
    { key: 'action', head: 'What', rowHead: true, cell: (row) => <Action row={row} onOpen={onOpen} /> },
    {
      key: 'actor',
      head: 'Who',
      cell: (row) => (
        <>
          {actorName(row)}
          {row.user_role !== null && <span className="ml-2 text-ink-3">{row.user_role}</span>}
        </>
      ),
    },
    {
      key: 'target',
      head: 'On',
      cell: (row) => <span className="mono [overflow-wrap:anywhere]">{targetWords(row)}</span>,
    },
    {
      key: 'platform',
      head: 'Platform',
      hide: 'fold',
      cell: (row) => <span className="text-ink-2">{row.platform ?? 'all'}</span>,
    },
    {
      key: 'status',
      head: 'Outcome',
      width: '96px',
      cell: (row) => <StatusWord tone={statusLook(row.status).tone}>{statusLook(row.status).word}</StatusWord>,
    },
    {
      key: 'seq',
      head: 'Row',
      align: 'right',
      width: '64px',
      hide: 'fold',
      cell: (row) => <span className="mono text-ink-3">{row.seq}</span>,
    },
  ];
}

/** The log as a table, newest first; on the phone each row is two lines. */
export function AuditTable(props: AuditTableProps) {
  const { rows, now, zone, cursorKey, onCursor, onOpen, pageKeys } = props;
  return (
    <DataTable
      caption="Audit log, newest first"
      columns={columnsOf(props)}
      rows={rows}
      rowKey={(row) => String(row.seq)}
      density="compact"
      cursorKey={cursorKey}
      onCursor={onCursor}
      onOpen={onOpen}
      pageKeys={pageKeys}
      renderPhone={(row) => (
        <div className="grid gap-1">
          <div className="flex items-baseline justify-between gap-3">
            <Action row={row} onOpen={onOpen} />
            <StatusWord tone={statusLook(row.status).tone}>{statusLook(row.status).word}</StatusWord>
          </div>
          <div className="flex items-baseline justify-between gap-3 text-small text-ink-2">
            <span className="min-w-0 [overflow-wrap:anywhere]">{actorName(row)}</span>
            <Time row={row} now={now} zone={zone} />
          </div>
        </div>
      )}
    />
  );
}
