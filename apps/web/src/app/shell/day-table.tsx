import type { Mark } from '@qd/shared/slo';
import { formatClock, formatDuration } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Glyph } from '../../ui/glyph.tsx';

export interface DayTableProps {
  title: string;
  marks: readonly Mark[];
  zone: Zone;
  now: number;
  onClose(): void;
}

function lengthOf(mark: Mark, now: number): string {
  if (mark.open) return `open, ${formatDuration(now - mark.at)}`;
  return mark.endAt === null ? '' : formatDuration(mark.endAt - mark.at);
}

/** The day rule as a table. */
export function DayTable({ title, marks, zone, now, onClose }: DayTableProps) {
  const columns: Column<Mark>[] = [
    {
      key: 'at',
      head: zone.label,
      width: '72px',
      cell: (mark) => <span className="mono">{formatClock(mark.at, zone)}</span>,
    },
    {
      key: 'what',
      head: 'Event',
      rowHead: true,
      cell: (mark) => (
        <span className="inline-flex items-center gap-2 font-medium">
          <Glyph name={mark.kind === 'deploy' ? 'flag' : mark.open ? 'crit' : 'incident'} />
          {mark.label}
        </span>
      ),
    },
    { key: 'detail', head: 'Detail', cell: (mark) => <span className="text-ink-2">{mark.detail}</span> },
    { key: 'length', head: 'Lasted', align: 'right', cell: (mark) => lengthOf(mark, now) },
  ];
  return (
    <Dialog open onOpenChange={onClose} title={title} size="wide">
      <DataTable
        caption={title}
        columns={columns}
        rows={marks}
        rowKey={(mark) => mark.id}
        density="compact"
        pageKeys={false}
        maxHeight="60vh"
        empty={<EmptyState title="No deploys and no incidents on this day." />}
      />
    </Dialog>
  );
}
