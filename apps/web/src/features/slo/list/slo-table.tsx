import type { SloSummary } from '@qd/shared/slo';
import { useNavigate } from 'react-router';
import { formatDay } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useStableOrder } from '../../../lib/stable-order.ts';
import { useTo } from '../../../lib/url-state.ts';
import type { Zone } from '../../../lib/zone.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { SloStateWord } from '../slo-state-word.tsx';
import { sharedWindow } from './list-rows.ts';
import { PhoneRow } from './phone-row.tsx';
import { BudgetCell, BurnCell, LeftCell, ObjectiveCell, SoFarCell, SparkCell } from './row-cells.tsx';
import { rowView, type SloRow } from './row-view.ts';

export interface SloTableProps {
  rows: readonly SloSummary[];
  nowMs: number;
  zone: Zone;
  cursorKey: string | null;
  onCursor(key: string | null): void;
  empty: React.ReactNode;
}

/** The list by platform. Rows keep their places while the pointer or the focus is inside. */
export function SloTable({ rows, nowMs, zone, cursorKey, onCursor, empty }: SloTableProps) {
  const navigate = useNavigate();
  const to = useTo();
  const order = useStableOrder(rows, (row) => row.id);
  const demoOnly = new Set(platformsAllDemo(rows));
  const shown = regroup(order.rows).map((slo) => ({
    slo,
    view: rowView(slo, { nowMs, zone }),
    nowMs,
    showDemo: slo.isDemo && !demoOnly.has(slo.platformId),
  }));
  return (
    <div {...order.hold}>
      <DataTable
        caption="Service level objectives by platform, worst first"
        columns={columnsFor(rows, nowMs, zone)}
        rows={shown}
        rowKey={(row) => row.slo.id}
        groupBy={({ slo }) => ({
          key: slo.platformId,
          head: <PlatformHead name={slo.platformName} isDemo={demoOnly.has(slo.platformId)} />,
        })}
        onOpen={({ slo }) => void navigate(to(paths.slo(slo.id)))}
        cursorKey={cursorKey}
        onCursor={onCursor}
        renderPhone={(row) => <PhoneRow row={row} />}
        empty={empty}
      />
    </div>
  );
}

function PlatformHead({ name, isDemo }: { name: string; isDemo: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 text-lead">
      {name}
      {isDemo && <Tag>Demo</Tag>}
    </span>
  );
}

function columnsFor(rows: readonly SloSummary[], nowMs: number, zone: Zone): Column<SloRow>[] {
  const window = sharedWindow(rows);
  const days =
    window === null ? '' : `, ${formatDay(window.startAt, zone, nowMs)} to ${formatDay(window.endAt, zone, nowMs)}`;
  return [
    { key: 'state', head: 'State', width: '106px', cell: ({ slo }) => <SloStateWord slo={slo} /> },
    {
      key: 'objective',
      head: 'Objective',
      rowHead: true,
      className: 'desk:w-full desk:max-w-0',
      cell: (row) => <ObjectiveCell row={row} />,
    },
    { key: 'target', head: 'Target', align: 'right', hide: 'phone', cell: ({ view }) => view.target },
    { key: 'so-far', head: 'So far', align: 'right', hide: 'phone', cell: (row) => <SoFarCell row={row} /> },
    { key: 'budget', head: 'Budget left', width: '150px', cell: (row) => <BudgetCell row={row} /> },
    {
      key: 'left',
      head: <span className="sr-only">Percent left</span>,
      align: 'right',
      width: '62px',
      cell: (row) => <LeftCell row={row} />,
    },
    { key: 'spark', head: `Burn-down${days}`, width: '180px', hide: 'fold', cell: (row) => <SparkCell row={row} /> },
    { key: 'burn', head: 'Burn, 5 min', align: 'right', hide: 'phone', cell: (row) => <BurnCell row={row} /> },
    {
      key: 'runs-out',
      head: 'Runs out',
      align: 'right',
      hide: 'phone',
      cell: ({ view }) => <span className="whitespace-nowrap text-ink-2">{view.runsOut}</span>,
    },
  ];
}

/** Rows of a platform side by side, platforms in the order of their first row: held order may have pulled them apart. */
function regroup(rows: readonly SloSummary[]): SloSummary[] {
  const platforms = [...new Set(rows.map((row) => row.platformId))];
  return platforms.flatMap((platform) => rows.filter((row) => row.platformId === platform));
}

function platformsAllDemo(rows: readonly SloSummary[]): string[] {
  const platforms = [...new Set(rows.map((row) => row.platformId))];
  return platforms.filter((platform) => rows.every((row) => row.platformId !== platform || row.isDemo));
}
