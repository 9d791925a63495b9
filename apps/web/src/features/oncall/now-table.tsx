import '../../styles/oncall-timeline.css';
import type { PlatformGaps, PlatformOnCall, SlotRole, SlotView } from '@qd/shared/oncall';
import { formatDateTime } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { axisAround } from './axis.ts';
import { gapWords, holderAt, nextAfter, roleWords, untilWords, type SaidAt } from './oncall-words.ts';
import { PersonName } from './person-name.tsx';
import { Lane, LaneAxis } from './slot-lane.tsx';

export interface NowTableProps {
  rows: readonly PlatformOnCall[];
  gaps: readonly PlatformGaps[];
  /** Slots of the days ahead, of every platform. */
  slots: readonly SlotView[];
  nowMs: number;
}

/** Each platform: who is on call now and until when, who comes next, and the days ahead as bars. */
export function NowTable({ rows, gaps, slots, nowMs }: NowTableProps) {
  const { zone } = useTimeZone();
  const axis = axisAround(nowMs, zone);
  const at = { zone, nowMs };
  const gapsOf = (row: PlatformOnCall) => gaps.find(({ platform }) => platform === row.platform);
  const laneOf = (row: PlatformOnCall, phone: boolean) => (
    <Lane
      slots={slots.filter(({ platform }) => platform === row.platform)}
      gaps={gapsOf(row)?.gaps ?? []}
      axis={axis}
      phone={phone}
    />
  );
  const columns: Column<PlatformOnCall>[] = [
    {
      key: 'platform',
      head: 'Platform',
      width: '18%',
      rowHead: true,
      cell: (row) => <Platform row={row} gaps={gapsOf(row)} />,
    },
    { key: 'primary', head: 'Primary now', width: '24%', cell: (row) => <Held row={row} role="primary" at={at} /> },
    {
      key: 'secondary',
      head: 'Secondary now',
      width: '20%',
      cell: (row) => <Held row={row} role="secondary" at={at} />,
    },
    {
      key: 'lane',
      head: <LaneAxis axis={axis} />,
      className: 'qd-oncall-lane-cell',
      cell: (row) => laneOf(row, false),
    },
  ];
  return (
    <DataTable
      caption="Who is on call now, by platform"
      className="qd-oncall-table"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.platform}
      pageKeys={false}
      renderPhone={(row) => (
        <div className="grid gap-y-1.5">
          <Platform row={row} gaps={gapsOf(row)} />
          <div className="grid grid-cols-2 gap-x-3">
            <Held row={row} role="primary" at={at} labelled />
            <Held row={row} role="secondary" at={at} labelled />
          </div>
          {laneOf(row, true)}
        </div>
      )}
      empty={<EmptyState title="No platform is open to you." />}
    />
  );
}

function Platform({ row, gaps }: { row: PlatformOnCall; gaps: PlatformGaps | undefined }) {
  return (
    <div className="min-w-0">
      <span className="font-semibold wrap-anywhere">{row.name}</span>
      {gaps !== undefined && (
        <div className="text-small">
          {gaps.gapCount === 0 ? (
            <span className="text-ink-3">{gapWords(gaps)}</span>
          ) : (
            <StatusWord tone={gaps.nobodyMs > 0 ? 'crit' : 'warn'} className="whitespace-normal">
              {gapWords(gaps)}
            </StatusWord>
          )}
        </div>
      )}
    </div>
  );
}

function Held({ row, role, at, labelled }: { row: PlatformOnCall; role: SlotRole; at: SaidAt; labelled?: boolean }) {
  const slot = holderAt(row, role, at.nowMs);
  const next = nextAfter(row, role, at.nowMs);
  return (
    <div className="min-w-0">
      {labelled === true && <div className="text-small text-ink-3">{roleWords[role]}</div>}
      {slot === null ? <Nobody role={role} /> : <PersonName slot={slot} />}
      <div className="text-small text-ink-3">
        {slot !== null && <span className="block">{untilWords(slot.endsAt, at)}</span>}
        <span className="block">
          {next === null
            ? role === 'primary' && (slot === null ? 'nobody within 14 d' : 'nobody is planned after that')
            : `then ${next.person.name}, from ${formatDateTime(next.startsAt, at.zone, at.nowMs)}`}
        </span>
      </div>
    </div>
  );
}

function Nobody({ role }: { role: SlotRole }) {
  return role === 'primary' ? <StatusWord tone="crit">Nobody</StatusWord> : <span className="text-ink-3">nobody</span>;
}
