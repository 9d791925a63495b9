import type { ExclusionView } from '@qd/shared/slo';
import type { Zone } from '../../../lib/zone.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { categoryWords } from './exclusion-words.ts';
import { exclusionLook, nextWords, whenWords } from './listing-words.ts';

export interface ExclusionTableProps {
  rows: readonly ExclusionView[];
  /** Where it is for: "HashInsight, Availability", "HashInsight, all objectives". */
  placeOf(row: ExclusionView): string;
  zone: Zone;
  nowMs: number;
  cursorKey: string | null;
  onCursor(key: string | null): void;
  onOpen(row: ExclusionView): void;
  pageKeys: boolean;
  empty: React.ReactNode;
}

/** Excluded time, those that begin last first. */
export function ExclusionTable({ rows, placeOf, zone, nowMs, empty, ...table }: ExclusionTableProps) {
  const at = { zone, nowMs };
  const columns: Column<ExclusionView>[] = [
    { key: 'state', head: 'State', width: '112px', cell: (row) => <State row={row} /> },
    {
      key: 'reason',
      head: 'What for',
      rowHead: true,
      className: 'desk:w-[30%]',
      cell: (row) => <What row={row} onOpen={() => table.onOpen(row)} />,
    },
    { key: 'place', head: 'Where', hide: 'phone', cell: placeOf },
    { key: 'when', head: 'When', hide: 'phone', cell: (row) => whenWords(row, at) },
    {
      key: 'next',
      head: 'Next',
      align: 'right',
      hide: 'phone',
      cell: (row) => <span className="whitespace-nowrap text-ink-2">{nextWords(row, at)}</span>,
    },
  ];
  return (
    <DataTable
      caption="Excluded time"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      renderPhone={(row) => (
        <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5">
          <What row={row} onOpen={() => table.onOpen(row)} />
          <State row={row} />
          <div className="col-span-2 text-small text-ink-2">{placeOf(row)}</div>
          <div className="col-span-2 text-small text-ink-3">{whenWords(row, at)}</div>
        </div>
      )}
      empty={empty}
      {...table}
    />
  );
}

function State({ row }: { row: ExclusionView }) {
  const look = exclusionLook(row);
  return (
    <StatusWord tone={look.tone} glyph={look.glyph}>
      {look.word}
    </StatusWord>
  );
}

function What({ row, onOpen }: { row: ExclusionView; onOpen(): void }) {
  return (
    <div className="min-w-0">
      <span className="flex flex-wrap items-center gap-x-2">
        <button
          type="button"
          className="min-w-0 text-left font-semibold wrap-anywhere underline-offset-[3px] hover:underline"
          onClick={onOpen}
        >
          {row.reason}
        </button>
        {row.isDemo && <Tag>Demo</Tag>}
      </span>
      <div className="text-small text-ink-3">{categoryWords[row.category]}</div>
    </div>
  );
}
